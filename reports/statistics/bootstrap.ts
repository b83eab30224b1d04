/**
 * BCa bootstrap: an interval for any statistic, without assuming a normal distribution.
 *
 * Bias-corrected and accelerated, as Efron and Tibshirani, An Introduction to the Bootstrap (1993), section 14.3.
 * Replicates equal to the estimate count half (mid-rank), as in scipy: medians of few values tie often.
 */
import normalDistribution from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { stream, uniform } from '../../architectures/random.js';
import { type Interval, mean, median, quantile } from './describe.js';

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
  const replicates = Array.from({ length: resamples }, replicate(values, statistic, random));
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
  const [above, below] = [replicate(over, statistic, random), replicate(under, statistic, random)];
  const replicates = Array.from({ length: resamples }, () => above() / below());
  return [quantile(replicates, (1 - level) / 2), quantile(replicates, (1 + level) / 2)];
}

type Random = ReturnType<typeof stream>;

/** Gives, at each call, the statistic of as many values drawn with replacement. */
const replicate = (values: readonly number[], statistic: Statistic, random: Random): (() => number) =>
  statistic === median
    ? replicateMedian(values, random)
    : () => statistic(values.map(() => values[draw(values, random)] ?? Number.NaN));

const draw = ({ length }: ArrayLike<number>, random: Random): number => Math.floor(uniform(random) * length);

/**
 * The same for medians, without sorting each resample, which would be half of the time that a report takes: ranks are
 * drawn, and counted up to the middle.
 */
function replicateMedian(values: readonly number[], random: Random): () => number {
  const sorted = Float64Array.from(values).sort();
  const ranks = values.map((value) => sorted.indexOf(value));
  const counts = new Uint32Array(values.length);
  /** Of what was drawn, in order, the value at a place. */
  const at = (place: number): number => {
    let passed = 0;
    return sorted[counts.findIndex((count) => (passed += count) > place)] ?? Number.NaN;
  };
  return () => {
    counts.fill(0);
    for (let i = 0; i < values.length; i++) {
      const rank = ranks[draw(values, random)] ?? 0;
      counts[rank] = (counts[rank] ?? 0) + 1;
    }
    const low = at(Math.floor((values.length - 1) / 2));
    return low + 0.5 * (at(Math.floor(values.length / 2)) - low);
  };
}

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
