/**
 * BCa bootstrap: an interval for any statistic, without assuming a normal distribution.
 *
 * Bias-corrected and accelerated, as Efron and Tibshirani, An Introduction to the Bootstrap (1993), section 14.3.
 * Replicates equal to the estimate count half (mid-rank), as in scipy: medians of few values tie often.
 */
import normalDistribution from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { stream, uniform } from '../../architectures/random.js';
import { type Interval, mean, quantile } from './describe.js';

export type Statistic = (values: readonly number[]) => number;

/**
 * @param seed - the same seed and values give the same interval
 * @returns null for fewer than two values, or where leaving one out never changes the statistic
 */
export function bootstrapInterval(
  values: readonly number[],
  statistic: Statistic,
  { seed = 1, resamples = 2_000, level = 0.95 } = {},
): Interval | null {
  if (values.length < 2) return null;
  const random = stream(seed, 'bootstrap', values.length, resamples);
  const replicates = Array.from({ length: resamples }, () => statistic(resample(values, random)));
  return bcaInterval(values, statistic, statistic(values), replicates, level);
}

/**
 * Percentile interval of a ratio: the statistic of the one over that of the other, each resampled by itself (the same
 * book, section 13.3).
 *
 * @returns null where either has fewer than two values
 */
export function bootstrapRatioInterval(
  over: readonly number[],
  under: readonly number[],
  statistic: Statistic,
  { seed = 1, resamples = 2_000, level = 0.95 } = {},
): Interval | null {
  if (over.length < 2 || under.length < 2) return null;
  const random = stream(seed, 'bootstrap ratio', over.length, under.length, resamples);
  const replicates = Array.from(
    { length: resamples },
    () => statistic(resample(over, random)) / statistic(resample(under, random)),
  );
  return [quantile(replicates, (1 - level) / 2), quantile(replicates, (1 + level) / 2)];
}

/** As many values, drawn with replacement. */
const resample = (values: readonly number[], random: ReturnType<typeof stream>): number[] =>
  values.map(() => values[Math.floor(uniform(random) * values.length)] ?? Number.NaN);

/** The interval from replicates that are already drawn; `estimate` is the statistic of `values`. */
export function bcaInterval(
  values: readonly number[],
  statistic: Statistic,
  estimate: number,
  replicates: readonly number[],
  level = 0.95,
): Interval | null {
  const acceleration = accelerationOf(values, statistic);
  if (acceleration === null) return null;
  const below = replicates.filter((replicate) => replicate < estimate).length;
  const notAbove = replicates.filter((replicate) => replicate <= estimate).length;
  const bias = normalQuantile((below + notAbove) / (2 * replicates.length), 0, 1);
  if (!Number.isFinite(bias)) return null;
  const end = (probability: number) => {
    const shifted = bias + normalQuantile(probability, 0, 1);
    return quantile(replicates, normalDistribution(bias + shifted / (1 - acceleration * shifted), 0, 1));
  };
  return [end((1 - level) / 2), end((1 + level) / 2)];
}

/** Skewness of the jackknife; null when it has no spread. */
function accelerationOf(values: readonly number[], statistic: Statistic): number | null {
  const jackknife = values.map((_, left) => statistic(values.filter((_value, i) => i !== left)));
  const centre = mean(jackknife);
  const distances = jackknife.map((value) => centre - value);
  const squares = distances.reduce((sum, distance) => sum + distance ** 2, 0);
  if (squares === 0) return null;
  return distances.reduce((sum, distance) => sum + distance ** 3, 0) / (6 * squares ** 1.5);
}
