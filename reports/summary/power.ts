/**
 * What a setting could have seen: the smallest difference of accuracy between two of its rows that its seeds and its
 * test texts would show in four of five tries.
 */
import { percent, thousands } from '../format.js';
import {
  allPairs,
  detectableDifference,
  detectableOverTexts,
  mean,
  pairBySeed,
  sampleDeviation,
} from '../statistics/index.js';
import { trainedRows } from './accuracy.js';
import { valuesOf } from './values.js';
import type { AccuracyRow, AccuracySetting, SettingPower } from './accuracy-contract.js';

/** Null where no two rows share two seeds, or the differences have no spread. */
export function powerOf(setting: AccuracySetting): SettingPower | null {
  const rows = trainedRows(setting);
  const pairs = allPairs(rows).map(([row, other]) => differences(row, other));
  const paired = pairs.filter(({ length }) => length >= 2);
  const texts = setting.data?.counts.test ?? 0;
  if (paired.length === 0 || texts === 0) return null;
  // Pooled: the mean variance of all pairs of rows is twice the residual variance of rows x seeds.
  const deviation = Math.sqrt(mean(paired.map((each) => sampleDeviation(each) ** 2)));
  if (!(deviation > 0)) return null;
  const seeds = Math.min(...paired.map(({ length }) => length));
  const accuracy = mean(rows.flatMap((row) => valuesOf(row, 'accuracy').map(({ value }) => value)));
  const overSeeds = detectableDifference(deviation, seeds);
  const overTexts = detectableOverTexts(accuracy, texts);
  return {
    setting: setting.id,
    title: setting.title,
    metric: 'accuracy',
    seeds,
    texts,
    deviation,
    overSeeds,
    overTexts,
    overBoth: Math.hypot(overSeeds, overTexts),
  };
}

/** Of accuracy, over the seeds that both have. */
function differences(a: AccuracyRow, b: AccuracyRow): number[] {
  const pairs = pairBySeed(valuesOf(a, 'accuracy'), valuesOf(b, 'accuracy'));
  return pairs.map(([own, theirs]) => own.value - theirs.value);
}

/** For the page and the terminal. */
export const describePower = ({
  seeds,
  texts,
  deviation,
  overSeeds,
  overTexts,
  overBoth,
}: SettingPower): string =>
  `with ${seeds} paired seeds, whose differences deviate by ${percent(deviation)} points, a true difference of ${percent(overSeeds)} points of accuracy is seen in 80 % of tries on these ${thousands(texts)} test texts, two-sided at 5 %, taken alone; what ${thousands(texts)} texts leave open is ${percent(overTexts)} points, so on other texts of the kind ${percent(overBoth)} points`;
