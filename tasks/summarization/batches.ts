/** Batches of documents with their summaries, those of similar length together, padded to few different lengths. */
import { planBatches } from '../text/batches.js';
import { paddingId } from '../text/vocabulary.js';
import type { NumberedPair } from './data.js';
import { startId } from './subwords.js';

/** Arrays of one batch; rows are padded with 0. */
export interface PairBatch {
  readonly size: number;
  readonly sourceLength: number;
  readonly targetLength: number;
  /** [size, sourceLength] */
  readonly source: Int32Array;
  /** What the decoder reads: the start, then the target without its end, [size, targetLength]. */
  readonly before: Int32Array;
  /** What it should write, [size, targetLength]. */
  readonly target: Int32Array;
  /** Which pairs of the split the rows are. */
  readonly rows: readonly number[];
}

export interface PairBatchOptions {
  readonly batchSize: number;
  readonly sourceLength: number;
  readonly targetLength: number;
  /** Of the order, another one each epoch; null gives one fixed order, by length. */
  readonly seed: number | null;
}

const sourceStep = 64;
const targetStep = 16;

/** Every pair exactly once. */
export function* createPairBatches(
  pairs: readonly NumberedPair[],
  options: PairBatchOptions,
): Generator<PairBatch> {
  const lengths = pairs.map(({ source, target }) => source.length + target.length);
  for (const rows of planBatches(lengths, options)) yield fillBatch(pairs, rows, options);
}

function fillBatch(
  pairs: readonly NumberedPair[],
  rows: readonly number[],
  limits: PairBatchOptions,
): PairBatch {
  const own = rows.map((row) => pairs[row] as NumberedPair);
  const padded = (lengths: readonly number[], step: number, limit: number) =>
    Math.min(limit, Math.ceil(Math.max(1, ...lengths) / step) * step);
  const sourceLength = padded(
    own.map(({ source }) => source.length),
    sourceStep,
    limits.sourceLength,
  );
  const targetLength = padded(
    own.map(({ target }) => target.length),
    targetStep,
    limits.targetLength,
  );
  const [source, before, target] = [sourceLength, targetLength, targetLength].map((length) =>
    new Int32Array(rows.length * length).fill(paddingId),
  ) as [Int32Array, Int32Array, Int32Array];
  for (const [row, pair] of own.entries()) {
    source.set(pair.source, row * sourceLength);
    target.set(pair.target, row * targetLength);
    before[row * targetLength] = startId;
    before.set(pair.target.subarray(0, -1), row * targetLength + 1);
  }
  return { size: rows.length, sourceLength, targetLength, source, before, target, rows };
}
