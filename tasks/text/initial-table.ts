/**
 * The token table that training starts from when there are word vectors, as in the paper: a word that has a vector gets
 * it; every other word, and the unknown word, is drawn from the normal distribution with the mean and the covariance of
 * those that have one. Padding is 0.
 *
 *     row = mean + L z,  L L^T = covariance,  z ~ N(0, I)
 */
import { drawNormals, stream } from '../../architectures/random.js';
import { DataError } from '../datasets/contract.js';
import { paddingId, type Vocabulary } from './vocabulary.js';
import type { WordVector } from './word-vector-file.js';

export interface InitialTable {
  /** [vocabulary, dimensions], row-major. */
  readonly values: Float32Array;
  /** Ids of the words that have a vector. */
  readonly found: ReadonlySet<number>;
}

/**
 * @param vectors - of a word that comes twice the first counts
 * @param seed - of what is drawn
 * @throws DataError when too few words have a vector to draw the others like them
 */
export async function buildInitialTable(
  { size, words }: Vocabulary,
  vectors: AsyncIterable<WordVector>,
  dimensions: number,
  seed: number,
): Promise<InitialTable> {
  const values = new Float32Array(size * dimensions);
  const waiting = new Map(words.flatMap((word, id) => (word === '' ? [] : [[word, id] as const])));
  const foundIds: number[] = [];
  for await (const { word, vector } of vectors) {
    const id = waiting.get(word);
    if (id === undefined) continue;
    waiting.delete(word);
    values.set(vector, id * dimensions);
    foundIds.push(id);
  }
  if (foundIds.length < 2)
    throw new DataError(`only ${foundIds.length} words of the texts are in the file of word vectors`);

  const known = foundIds.map((id) => values.subarray(id * dimensions, (id + 1) * dimensions));
  const { mean, covariance } = moments(known, dimensions);
  const factor = choleskyFactor(covariance, dimensions);
  const random = stream(seed, 'parameters', 'word_embedding.table');
  const isFound = new Set(foundIds);
  for (let id = 0; id < size; id++) {
    if (id === paddingId || isFound.has(id)) continue;
    const drawn = multiply(factor, drawNormals(random, dimensions, 1), dimensions);
    values.set(
      drawn.map((value, i) => value + (mean[i] as number)),
      id * dimensions,
    );
  }
  return { values, found: isFound };
}

/** Mean [D] and covariance [D, D] (divided by n - 1) of vectors. */
export function moments(
  vectors: readonly Float32Array[],
  dimensions: number,
): { mean: Float64Array; covariance: Float64Array } {
  const mean = new Float64Array(dimensions);
  for (const vector of vectors)
    for (let i = 0; i < dimensions; i++)
      mean[i] = (mean[i] as number) + (vector[i] as number) / vectors.length;
  const covariance = new Float64Array(dimensions * dimensions);
  const centred = new Float64Array(dimensions);
  for (const vector of vectors) {
    for (let i = 0; i < dimensions; i++) centred[i] = (vector[i] as number) - (mean[i] as number);
    for (let i = 0; i < dimensions; i++) {
      const scaled = (centred[i] as number) / (vectors.length - 1);
      for (let j = 0; j <= i; j++) {
        const at = i * dimensions + j;
        covariance[at] = (covariance[at] as number) + scaled * (centred[j] as number);
      }
    }
  }
  for (let i = 0; i < dimensions; i++)
    for (let j = 0; j < i; j++) covariance[j * dimensions + i] = covariance[i * dimensions + j] as number;
  return { mean, covariance };
}

/**
 * Lower triangular L with L L^T = the covariance, by Cholesky and Banachiewicz. With fewer vectors than dimensions the
 * covariance is singular: a direction in which they do not vary gets none.
 */
export function choleskyFactor(covariance: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  const largest = Math.max(...Array.from({ length: size }, (_, i) => covariance[i * size + i] as number));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = covariance[i * size + j] as number;
      for (let k = 0; k < j; k++) rest -= (factor[i * size + k] as number) * (factor[j * size + k] as number);
      const pivot = factor[j * size + j] as number;
      if (i === j) factor[i * size + i] = rest > 1e-10 * largest ? Math.sqrt(rest) : 0;
      else factor[i * size + j] = pivot > 0 ? rest / pivot : 0;
    }
  }
  return factor;
}

/** L z for a lower triangular L. */
function multiply(factor: Float64Array, z: Float32Array, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += (factor[i * size + j] as number) * (z[j] as number);
    return sum;
  });
}
