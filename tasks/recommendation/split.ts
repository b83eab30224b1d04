/**
 * Which impressions are for training, which choose the epoch, which are scored.
 *
 * The dev part is scored where it is here. Without it the last day of the training part is: recommenders are judged on
 * days that come after those they learned from. Of what is left, the last tenth in time chooses the epoch. No part of
 * this knows a cell's seed.
 */
import { rankOf } from '../rank.js';
import type { Impression } from './mind/behaviors.js';

export interface Counts {
  /** Impressions used; null = all. */
  readonly train: number | null;
  readonly validation: number | null;
  readonly test: number | null;
}

export interface Splits {
  readonly train: readonly Impression[];
  readonly validation: readonly Impression[];
  readonly test: readonly Impression[];
  /** In words, for the report. */
  readonly rule: string;
}

const validationShare = 0.1;
const daySeconds = 86_400;

/** @param dev - null where only the training part is here */
export function splitImpressions(
  train: readonly Impression[],
  dev: readonly Impression[] | null,
  counts: Counts,
): Splits {
  const { earlier, test, scored } =
    dev === null ? lastDay(train) : { earlier: train, test: dev, scored: 'the dev part' };
  const inTime = earlier.toSorted((a, b) => (a.time ?? 0) - (b.time ?? 0));
  const cut = Math.round(inTime.length * (1 - validationShare));
  return {
    train: sample(inTime.slice(0, cut), counts.train),
    validation: sample(inTime.slice(cut), counts.validation),
    test: sample(test, counts.test),
    rule: `scored on ${scored}; the last tenth in time of what is left chooses the epoch`,
  };
}

function lastDay(impressions: readonly Impression[]): {
  earlier: Impression[];
  test: Impression[];
  scored: string;
} {
  const dayOf = ({ time }: Impression) => Math.floor((time ?? 0) / daySeconds);
  const last = impressions.reduce((latest, each) => Math.max(latest, dayOf(each)), 0);
  const date = new Date(last * daySeconds * 1000).toISOString().slice(0, 10);
  return {
    earlier: impressions.filter((each) => dayOf(each) < last),
    test: impressions.filter((each) => dayOf(each) === last),
    scored: `${date}, the last day of the training part (the dev part is not here)`,
  };
}

/** The same impressions whatever else is asked for, in their order; a small sample is a part of a larger one. */
function sample(impressions: readonly Impression[], count: number | null): readonly Impression[] {
  if (count === null || count >= impressions.length) return impressions;
  const chosen = impressions
    .toSorted((a, b) => rankOf(a.id) - rankOf(b.id) || (a.id < b.id ? -1 : 1))
    .slice(0, count);
  const kept = new Set(chosen);
  return impressions.filter((each) => kept.has(each));
}
