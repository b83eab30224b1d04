/**
 * Batches of texts of similar length.
 *
 * A batch is as long as its longest text, so texts of similar length go together: little of the arithmetic is spent on
 * padding. Lengths are rounded up to a multiple of 16, or to one of a few lengths that are given: a compiled step and the
 * backends' caches see few shapes.
 * The order is random where it may be: examples are shuffled, sorted by length inside windows of fifty batches only,
 * cut into batches, and the batches shuffled.
 */
import { permutation } from '../../architectures/random.js';
import type { TokenBatch } from '../contract.js';
import { paddingId } from './vocabulary.js';

export interface LabelledTokens {
  /** Vocabulary ids of each example. */
  readonly tokens: readonly Int32Array[];
  /** Class of each example. */
  readonly labels: Int32Array;
}

export interface BatchOptions {
  /** Examples in a batch; the last one made may have fewer. */
  readonly batchSize: number;
  /** Longest row; what is longer is cut. */
  readonly length: number;
  /** Of the order, at least 1, another one each epoch; null gives one fixed order, by length. */
  readonly seed: number | null;
  /** That a batch may have, ascending; without them, and beyond the last, multiples of 16. */
  readonly lengths?: readonly number[] | undefined;
}

const lengthStep = 16;
const batchesInWindow = 50;

/** Every example exactly once. */
export function* createBatches(examples: LabelledTokens, options: BatchOptions): Generator<TokenBatch> {
  const lengths = examples.tokens.map((text) => Math.min(text.length, options.length));
  for (const rows of planBatches(lengths, options)) yield fillBatch(examples, rows, options);
}

/** Real tokens of the examples. @param length - longest row, as in batches */
export const countTokens = ({ tokens }: LabelledTokens, length: number): number =>
  tokens.reduce((sum, text) => sum + Math.min(text.length, length), 0);

/** Share of padding in the batches, 0 to 1. */
export function paddingShare(batches: Iterable<TokenBatch>): number {
  let real = 0;
  let all = 0;
  for (const { mask } of batches) {
    all += mask.length;
    for (const one of mask) real += one;
  }
  return all === 0 ? 0 : 1 - real / all;
}

/** Which examples make up each batch. @param lengths - of the examples */
export function planBatches(
  lengths: readonly number[],
  { batchSize, seed }: Pick<BatchOptions, 'batchSize' | 'seed'>,
): number[][] {
  const byLength = (a: number, b: number) => (lengths[a] as number) - (lengths[b] as number);
  if (seed === null) return cut([...lengths.keys()].sort(byLength), batchSize);

  const shuffled = [...permutation(lengths.length, seed, 'order', 'examples')];
  const windows = cut(shuffled, batchSize * batchesInWindow);
  const batches = windows.flatMap((window) => cut(window.sort(byLength), batchSize));
  return [...permutation(batches.length, seed, 'order', 'batches')].map((i) => batches[i] as number[]);
}

function cut(items: readonly number[], size: number): number[][] {
  const pieces: number[][] = [];
  for (let start = 0; start < items.length; start += size) pieces.push(items.slice(start, start + size));
  return pieces;
}

function fillBatch(
  { tokens, labels }: LabelledTokens,
  rows: readonly number[],
  { length: limit, lengths = [] }: Pick<BatchOptions, 'length' | 'lengths'>,
): TokenBatch {
  const texts = rows.map((row) => (tokens[row] as Int32Array).subarray(0, limit));
  const longest = Math.max(1, ...texts.map((text) => text.length));
  const given = lengths.find((each) => each >= longest) ?? Math.ceil(longest / lengthStep) * lengthStep;
  const length = Math.min(given, limit);
  const ids = new Int32Array(rows.length * length).fill(paddingId);
  const mask = new Float32Array(rows.length * length);
  for (const [row, text] of texts.entries()) {
    ids.set(text, row * length);
    mask.fill(1, row * length, row * length + text.length);
  }
  return {
    size: rows.length,
    length,
    ids,
    mask,
    labels: Int32Array.from(rows, (row) => labels[row] as number),
  };
}
