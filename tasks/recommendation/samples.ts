/**
 * Training batches: for every click, the clicked news and K that the same impression showed and the user left alone.
 *
 * The news of a batch, in histories and among candidates, are listed once each, so that a title is read once however
 * many users clicked it. Their number is rounded up: a compiled step sees few shapes.
 */
import { permutation, stream, uniform } from '../../architectures/random.js';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Impression } from './mind/behaviors.js';
import { noNews } from './mind/news.js';

export interface SampleOptions {
  /** Clicks in a batch; those left over at the end of an epoch are left out. */
  readonly batchSize: number;
  /** K: candidates that were not clicked, for each that was. */
  readonly negatives: number;
  /** Latest clicked news that are read of a user. */
  readonly history: number;
  /** Of order and sampling, at least 1. */
  readonly seed: number;
  readonly epoch: number;
}

export interface NewsBatch {
  /** Rows of the news table, the first "no news", filled up with it; [news]. */
  readonly news: Int32Array;
  /** Places in `news`, oldest first, 0 = none, row-major [batch, history]. */
  readonly clicked: Int32Array;
  /** Places in `news`, the clicked one first, row-major [batch, 1 + negatives]. */
  readonly candidates: Int32Array;
}

const newsStep = 128;

/** Every click once, but those of a last batch that is not full. */
export function* createSamples(
  impressions: readonly Impression[],
  options: SampleOptions,
): Generator<NewsBatch> {
  const { batchSize, seed, epoch } = options;
  const clicks = impressions.flatMap((impression) =>
    [...impression.candidates.keys()].flatMap((at) =>
      impression.labels?.[at] === 1 ? [{ impression, at }] : [],
    ),
  );
  const order = permutation(clicks.length, seed, 'order', 'clicks', epoch);
  const random = stream(seed, 'sampling', epoch);
  const size = Math.min(batchSize, clicks.length);
  for (let start = 0; start + size <= order.length && size > 0; start += size) {
    const chosen = [...order.subarray(start, start + size)].flatMap((index) => clicks[index] ?? []);
    yield fillBatch(chosen, options, random);
  }
}

interface Click {
  readonly impression: Impression;
  /** Of the clicked candidate. */
  readonly at: number;
}

function fillBatch(
  clicks: readonly Click[],
  { negatives, history }: SampleOptions,
  random: RandomGenerator,
): NewsBatch {
  const rows = [noNews];
  const placeOf = new Map([[noNews, 0]]);
  const place = (row: number): number => {
    const known = placeOf.get(row);
    if (known !== undefined) return known;
    placeOf.set(row, rows.length);
    return rows.push(row) - 1;
  };
  const clicked = new Int32Array(clicks.length * history);
  const candidates = new Int32Array(clicks.length * (1 + negatives));
  for (const [i, { impression, at }] of clicks.entries()) {
    clicked.set(latest(impression.history, history).map(place), i * history);
    const shown = [impression.candidates[at] ?? noNews, ...drawNegatives(impression, negatives, random)];
    candidates.set(shown.map(place), i * (1 + negatives));
  }
  const news = new Int32Array(Math.ceil(rows.length / newsStep) * newsStep).fill(noNews);
  news.set(rows);
  return { news, clicked, candidates };
}

/** The last ones, oldest first. */
export const latest = (history: Int32Array, count: number): Int32Array =>
  history.subarray(Math.max(0, history.length - count));

/** Without repetition while there are enough; where an impression has fewer than K, all of them and then again. */
export function drawNegatives(
  { candidates, labels }: Impression,
  count: number,
  random: RandomGenerator,
): number[] {
  const unclicked = [...candidates].filter((_, at) => labels?.[at] !== 1);
  if (unclicked.length === 0) return [];
  const drawn: number[] = [];
  while (drawn.length < count) {
    const left = [...unclicked];
    while (left.length > 0 && drawn.length < count) {
      const [row] = left.splice(Math.floor(uniform(random) * left.length), 1);
      if (row !== undefined) drawn.push(row);
    }
  }
  return drawn;
}
