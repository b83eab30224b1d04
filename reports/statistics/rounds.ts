/**
 * Is one workload slower than another, when the machine itself drifts?
 *
 * Both were measured in several rounds, each round in its own process, with a fixed control workload timed beside it.
 * In each round the time is taken relative to the control, so that a drift which slows both down cancels; what is left
 * of round-to-round variation is judged by a paired t interval over rounds (Kalibera and Jones, "Rigorous Benchmarking in
 * Reasonable Time", ISMM 2013: the repetitions that count are those of the outermost level).
 */
import { pairedT } from './compare.js';
import { type Interval, mean, meanInterval, median } from './describe.js';

/** What one round measured. */
export interface Round {
  readonly round: number;
  /** Seconds of each step. */
  readonly samples: readonly number[];
  /** Seconds of the control workload beside it; null where none was timed. */
  readonly control: number | null;
}

export type SpeedVerdict = 'slower' | 'faster' | 'no difference' | 'too noisy';

export interface RoundsComparison {
  /** Time of the first over that of the second, geometric mean over the rounds that both have. */
  readonly ratio: number;
  readonly interval: Interval;
  /** Two-sided, of no difference. */
  readonly p: number;
  readonly rounds: number;
  readonly verdict: SpeedVerdict;
}

/** Differences below this share are not told apart, whatever their significance: two builds of one program differ so. */
export const smallestDifference = 0.02;
/** An interval wider than this share to either side tells nothing. */
export const widestInterval = 0.15;

/** @returns null where fewer than two rounds have both: one process says nothing of the next */
export function compareRounds(a: readonly Round[], b: readonly Round[]): RoundsComparison | null {
  const differences = a.flatMap((one) => {
    const other = b.find(({ round }) => round === one.round);
    return other === undefined ? [] : [logTime(one, other) - logTime(other, one)];
  });
  const interval = meanInterval(differences);
  if (interval === null) return null;
  const centre = mean(differences);
  return {
    ratio: Math.exp(centre),
    interval: [Math.exp(interval[0]), Math.exp(interval[1])],
    // Rounds without any spread are equal to the bit: made up, or sure.
    p:
      pairedT(
        differences,
        differences.map(() => 0),
      )?.p ?? (centre === 0 ? 1 : 0),
    rounds: differences.length,
    verdict: verdictOf(centre, interval),
  };
}

/** Logarithm of the median step, relative to the control where both rounds have one. */
function logTime({ samples, control }: Round, other: Round): number {
  const corrected = control !== null && other.control !== null;
  return Math.log(median(samples)) - (corrected ? Math.log(control) : 0);
}

function verdictOf(centre: number, [low, high]: Interval): SpeedVerdict {
  const large = Math.abs(centre) > Math.log1p(smallestDifference);
  if (large && low > 0) return 'slower';
  if (large && high < 0) return 'faster';
  return (high - low) / 2 > Math.log1p(widestInterval) ? 'too noisy' : 'no difference';
}
