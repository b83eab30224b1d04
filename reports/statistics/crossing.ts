/**
 * From which length on does one curve stay below another? Both are straight lines between their points on a log-log
 * chart; the crossing is where the last change from above to below happens.
 */
import { stream, uniform } from '../../architectures/random.js';
import { quantile } from './describe.js';

/** One length of both curves. */
export interface PairedPoint {
  readonly length: number;
  /** Of the challenger: repeated measurements, each positive. */
  readonly ours: readonly number[];
  /** Of the baseline. */
  readonly theirs: readonly number[];
}

/** The end of an interval may lie outside of the lengths that were measured. */
export type Crossing =
  | { readonly kind: 'from'; readonly length: number }
  /** Below at every length that was measured. */
  | { readonly kind: 'always' }
  /** Not below at the longest length. */
  | { readonly kind: 'never' };

export interface EfficiencyLength {
  readonly estimate: Crossing;
  /** 95 % bootstrap percentile interval; null where nothing was measured more than once. */
  readonly interval: readonly [low: Crossing, high: Crossing] | null;
}

type Statistic = (values: readonly number[]) => number;

/**
 * @param points - in any order
 * @param statistic - what stands for the measurements of one length
 * @returns null without points
 */
export function efficiencyLength(
  points: readonly PairedPoint[],
  statistic: Statistic,
  { seed = 1, resamples = 1_000 } = {},
): EfficiencyLength | null {
  if (points.length === 0) return null;
  const sorted = points.toSorted((a, b) => a.length - b.length);
  const estimate = crossingOf(sorted, statistic);
  if (sorted.every(({ ours, theirs }) => ours.length < 2 && theirs.length < 2))
    return { estimate, interval: null };
  const random = stream(seed, 'efficiency length', points.length);
  const draw = (values: readonly number[]) =>
    values.map(() => values[Math.floor(uniform(random) * values.length)] ?? NaN);
  const places = Array.from({ length: resamples }, () =>
    placeOf(
      crossingOf(
        sorted.map(({ length, ours, theirs }) => ({ length, ours: draw(ours), theirs: draw(theirs) })),
        statistic,
      ),
    ),
  );
  const end = (probability: number) => crossingAt(nearestQuantile(places, probability));
  return { estimate, interval: [end(0.025), end(0.975)] };
}

function crossingOf(sorted: readonly PairedPoint[], statistic: Statistic): Crossing {
  const gaps = sorted.map(({ length, ours, theirs }) => ({
    length,
    gap: Math.log(statistic(ours)) - Math.log(statistic(theirs)),
  }));
  const last = gaps.findLastIndex(({ gap }) => gap >= 0);
  const [above, below] = [gaps[last], gaps[last + 1]];
  if (above === undefined) return { kind: 'always' };
  if (below === undefined) return { kind: 'never' };
  const share = above.gap / (above.gap - below.gap);
  return { kind: 'from', length: above.length * (below.length / above.length) ** share };
}

/** On one axis: always below is 0, never is infinity. */
const placeOf = (crossing: Crossing): number =>
  crossing.kind === 'from' ? crossing.length : crossing.kind === 'always' ? 0 : Infinity;

const crossingAt = (place: number): Crossing =>
  place === 0 ? { kind: 'always' } : place === Infinity ? { kind: 'never' } : { kind: 'from', length: place };

/** An order statistic: interpolating towards infinity would give infinity. */
function nearestQuantile(values: readonly number[], probability: number): number {
  const ranks = values.map((_, rank) => rank);
  return values.toSorted((a, b) => a - b)[Math.round(quantile(ranks, probability))] ?? NaN;
}
