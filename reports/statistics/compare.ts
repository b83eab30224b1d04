/**
 * Are two means different? Welch's test for unrelated runs, the paired t test for runs that share a seed,
 * and Holm's correction for asking many such questions at once.
 */
import tDistribution from '@stdlib/stats-base-dists-t-cdf';
import { criticalT, type Interval, type Moments, moments } from './describe.js';

export interface Comparison {
  /** First mean minus second. */
  readonly difference: number;
  /** 95 % interval of the difference. */
  readonly interval: Interval;
  readonly t: number;
  readonly degrees: number;
  /** Two-sided. */
  readonly p: number;
}

function compare(difference: number, standardError: number, degrees: number): Comparison {
  const t = difference / standardError;
  const half = criticalT(degrees) * standardError;
  return {
    difference,
    interval: [difference - half, difference + half],
    t,
    degrees,
    p: 2 * tDistribution(-Math.abs(t), degrees),
  };
}

/**
 * Welch's test: unequal variances, degrees of freedom by Welch and Satterthwaite.
 * @returns null where the spread is unknown: a sample of one, or no spread in either
 */
export function welch(a: Moments, b: Moments): Comparison | null {
  if (a.n < 2 || b.n < 2) return null;
  const varianceA = a.deviation ** 2 / a.n;
  const varianceB = b.deviation ** 2 / b.n;
  const variance = varianceA + varianceB;
  if (!(variance > 0)) return null;
  const share = varianceA / variance;
  const degrees = 1 / (share ** 2 / (a.n - 1) + (1 - share) ** 2 / (b.n - 1));
  return compare(a.mean - b.mean, Math.sqrt(variance), degrees);
}

/**
 * Paired t test: `a[i]` and `b[i]` share everything but what is compared.
 * @returns null for fewer than two pairs, or when all differences are the same
 * @throws when the lengths differ
 */
export function pairedT(a: readonly number[], b: readonly number[]): Comparison | null {
  if (a.length !== b.length) throw new Error(`${a.length} values cannot be paired with ${b.length}`);
  if (a.length < 2) return null;
  const differences = moments(a.map((value, i) => value - (b[i] ?? Number.NaN)));
  if (!(differences.deviation > 0)) return null;
  return compare(differences.mean, differences.deviation / Math.sqrt(differences.n), differences.n - 1);
}

/**
 * Holm's step-down adjustment: below 0.05 after it, the chance of even one false alarm in the whole family is 5 %.
 * @returns adjusted p-values in the order given, at most 1
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  for (const [rank, { p, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * p));
    adjusted[index] = largest;
  }
  return adjusted;
}

/**
 * Holm's correction over a family of tests, some of which could not be made.
 * @param tests - null where there is none
 */
export function holmOver<T extends { readonly p: number }>(tests: readonly (T | null)[]): Family<T> {
  const made = tests.filter((test) => test !== null);
  const adjusted = holm(made.map(({ p }) => p));
  return { size: made.length, adjusted: (test) => adjusted[made.indexOf(test)] ?? 1 };
}

export interface Family<T> {
  /** Tests that were made. */
  readonly size: number;
  /** The p-value of one of them after the correction. */
  adjusted(test: T): number;
}

/**
 * What two lists share a seed in.
 * @returns one pair a seed, in the order of the first list
 */
export const pairBySeed = <T extends { readonly seed: number }>(
  first: readonly T[],
  second: readonly T[],
): (readonly [T, T])[] =>
  first.flatMap((one) => {
    const partner = second.find(({ seed }) => seed === one.seed);
    return partner === undefined ? [] : [[one, partner] as const];
  });
