import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { drawNormals, stream } from '../../../architectures/random.js';
import { hashFile } from '../../../tasks/datasets/checksum.js';
import { DataError } from '../../../tasks/datasets/contract.js';
import { findWordVectors } from '../../../tasks/text/find-word-vectors.js';
import { buildInitialTable, choleskyFactor, moments } from '../../../tasks/text/initial-table.js';
import { openWordVectors, type WordVector } from '../../../tasks/text/word-vector-file.js';
import { temporaryFolder, writeBytes } from '../datasets/archives.js';
import { packZip } from '../datasets/zips.js';

async function read(
  content: string | Buffer,
  dimensions: number,
  name = 'v.txt',
): Promise<Record<string, number[]>> {
  const vectors: Record<string, number[]> = {};
  for await (const { word, vector } of openWordVectors(writeBytes(Buffer.from(content), name), dimensions))
    vectors[word] = [...vector];
  return vectors;
}

const lines = 'the 0.5 -1\n. . 2 3e-1\na 0.25 8\n';

describe('openWordVectors', () => {
  it('reads a word and its numbers from each line, split from the right, plain or gzip', async () => {
    const expected = { the: [0.5, -1], '. .': [2, Math.fround(0.3)], a: [0.25, 8] };
    expect(await read(lines, 2)).toEqual(expected);
    expect(await read(gzipSync(lines), 2, 'v.txt.gz')).toEqual(expected);
  });

  it('reads from a zip the file of the dimensions asked for', async () => {
    const zip = packZip([
      { name: 'glove.6B.50d.txt', content: 'x 1' },
      { name: 'glove.6B.2d.txt', content: lines },
    ]);
    expect(Object.keys(await read(zip, 2, 'glove.6B.zip'))).toEqual(['the', '. .', 'a']);
    await expect(read(zip, 3, 'glove.6B.zip')).rejects.toThrow(/holds no file \*\.3d\.txt/);
  });

  it.each([
    ['the 1 2 3\n', 'longer vectors'],
    ['the 1\n', 'shorter vectors'],
    ['the 1 x\n', 'no numbers'],
  ])('refuses %j: %s', async (content) => {
    await expect(read(content, 2)).rejects.toThrow(/v\.txt cannot be used: line 1 has no word and 2 numbers/);
  });
});

/** Some words with vectors of three correlated numbers. */
function correlated(count: number): WordVector[] {
  const draws = drawNormals(stream(5, 'test'), 3 * count, 1);
  return Array.from({ length: count }, (_, i) => {
    const [a = 0, b = 0, c = 0] = draws.subarray(3 * i, 3 * i + 3);
    return { word: `w${i}`, vector: Float32Array.from([2 + a, -1 + 0.8 * a + 0.6 * b, 0.1 * c]) };
  });
}

async function* streamOf(vectors: readonly WordVector[]): AsyncGenerator<WordVector> {
  await Promise.resolve();
  yield* vectors;
}

describe('buildInitialTable', () => {
  const known = correlated(2_000);
  const unknown = Array.from({ length: 4_000 }, (_, i) => `u${i}`);
  const words = ['', '', ...known.map(({ word }) => word), ...unknown];
  const build = (seed: number, extra: WordVector[] = []) =>
    buildInitialTable({ size: words.length, words }, streamOf([...known, ...extra]), 3, seed);
  const row = (values: Float32Array, id: number) => [...values.subarray(3 * id, 3 * id + 3)];

  it('gives a known word its vector, padding zeros, and of a word that comes twice the first', async () => {
    const { values, found } = await build(1, [{ word: 'w0', vector: new Float32Array(3) }]);
    expect(found.size).toBe(2_000);
    expect(row(values, 0)).toEqual([0, 0, 0]);
    expect(row(values, 2)).toEqual([...known[0]!.vector]);
    expect(row(values, 2_001)).toEqual([...known[1_999]!.vector]);
  });

  it('draws unknown words with the mean and the covariance of the known ones', async () => {
    const { values } = await build(1);
    const drawn = unknown.map((_, i) => values.subarray(3 * (2_002 + i), 3 * (2_003 + i)));
    const ours = moments(drawn, 3);
    const theirs = moments(
      known.map(({ vector }) => vector),
      3,
    );
    for (let i = 0; i < 3; i++) expect(Math.abs(ours.mean[i]! - theirs.mean[i]!)).toBeLessThan(0.07);
    for (let i = 0; i < 9; i++)
      expect(Math.abs(ours.covariance[i]! - theirs.covariance[i]!)).toBeLessThan(0.1);
    expect(theirs.covariance[1]).toBeGreaterThan(0.7); // There is a correlation to keep.
  });

  it('draws the same with the same seed, something else with another, and for the unknown word too', async () => {
    const [first, again, other] = await Promise.all([build(1), build(1), build(2)]);
    expect(again.values).toEqual(first.values);
    expect(row(other.values, 2_002)).not.toEqual(row(first.values, 2_002));
    expect(row(other.values, 2)).toEqual(row(first.values, 2));
    expect(row(first.values, 1)).not.toEqual([0, 0, 0]);
  });

  it('refuses vectors of other words', async () => {
    const none = buildInitialTable({ size: 3, words: ['', '', 'x'] }, streamOf(known), 3, 1);
    await expect(none).rejects.toThrow(DataError);
  });
});

describe('choleskyFactor', () => {
  it('gives L with L L^T = the matrix, also where that is singular', () => {
    const product = (factor: Float64Array, size: number) =>
      Array.from({ length: size * size }, (_, at) => {
        const [i, j] = [Math.floor(at / size), at % size];
        return Array.from({ length: size }, (_, k) => factor[i * size + k]! * factor[j * size + k]!).reduce(
          (a, b) => a + b,
        );
      });
    for (const matrix of [
      [4, 2, 1, 2, 5, 3, 1, 3, 6],
      [1, 1, 2, 1, 1, 2, 2, 2, 4],
    ]) {
      const again = product(choleskyFactor(Float64Array.from(matrix), 3), 3);
      for (const [i, value] of again.entries()) expect(value).toBeCloseTo(matrix[i]!, 10);
    }
  });
});

describe('findWordVectors', () => {
  it('finds a file of that name and content, itself or in a data folder', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'glove'));
    const path = join(folder, 'glove', 'v.txt');
    writeFileSync(path, lines);
    const choice = { name: 'v.txt', sha256: await hashFile(path) };
    expect(await findWordVectors(choice, ['/nowhere', folder])).toBe(path);
    expect(await findWordVectors(choice, [path])).toBe(path);
    await expect(findWordVectors(choice, [])).rejects.toThrow(
      /v\.txt are not here; give the file with --word-vectors/,
    );
    writeFileSync(path, 'other 1 2');
    await expect(findWordVectors(choice, [folder])).rejects.toThrow(/other ones than this was planned for/);
  });
});

const glove = fileURLToPath(
  new URL('../../../../shared/data/glove/glove.6B.50d.head2444.txt', import.meta.url),
);
if (!existsSync(glove)) console.info('skipped: the real head of GloVe, ../shared is not here');

describe.runIf(existsSync(glove))('openWordVectors, the real head of GloVe', () => {
  it('has 2,444 words of 50 numbers, the first the most frequent one', async () => {
    let count = 0;
    let first = '';
    for await (const { word } of openWordVectors(glove, 50)) {
      if (count === 0) first = word;
      count += 1;
    }
    expect([first, count]).toEqual(['the', 2_444]);
    await expect(read('the 1 2', 3)).rejects.toThrow(DataError);
  });
});
