/**
 * A sample in a few numbers: mean, standard deviation, median, quantiles, and the interval of the mean.
 */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** Lower and upper end. */
export type Interval = readonly [low: number, high: number];

/** What a test needs to know of a sample. A published `mean ± std` is one too. */
export interface Moments {
  readonly mean: number;
  /** Sample standard deviation (n - 1 below the line); NaN when n = 1. */
  readonly deviation: number;
  readonly n: number;
}

/** @throws when there are no values: a missing cell is never a zero */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('the mean of no values is not defined');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation, n - 1 below the line; NaN for one value. */
export function sampleDeviation(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

export function moments(values: readonly number[]): Moments {
  return { mean: mean(values), deviation: sampleDeviation(values), n: values.length };
}

/**
 * Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, the default of R and numpy).
 * @param probability - from 0 to 1
 */
export function quantile(values: readonly number[], probability: number): number {
  if (values.length === 0) throw new Error('a quantile of no values is not defined');
  // Sorted as numbers without a call for each pair: most of a report's time is spent in quantiles of resamples.
  const sorted = Float64Array.from(values).sort();
  const position = (sorted.length - 1) * Math.min(1, Math.max(0, probability));
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (position - below) * (high - low);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Where the central `level` of Student's t distribution ends. */
export const criticalT = (degrees: number, level = 0.95): number => tQuantile((1 + level) / 2, degrees);

/** Student-t interval of the mean; null for one value, which says nothing of its own spread. */
export function meanInterval(values: readonly number[], level = 0.95): Interval | null {
  if (values.length < 2) return null;
  const { mean: centre, deviation, n } = moments(values);
  const half = (criticalT(n - 1, level) * deviation) / Math.sqrt(n);
  return [centre - half, centre + half];
}
