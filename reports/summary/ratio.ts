/**
 * How many times longer one step takes than another.
 *
 * Where both were measured in two or more rounds, each round a process of its own, the rounds are what is compared: pairs
 * of one round, relative to the control workload beside them. Within one process the steps are all there is.
 */
import type { RunRecord } from '../../harness/record.js';
import {
  bootstrapRatioInterval,
  compareRounds,
  type Interval,
  median,
  moments,
  type Round,
  welch,
} from '../statistics/index.js';
import type { SpeedPoint } from './speed-contract.js';

export interface Ratio {
  readonly value: number;
  readonly interval: Interval | null;
  /** Two-sided, of no difference; null where there is no spread to judge by. */
  readonly p: number | null;
  /** What was repeated. */
  readonly basis: 'rounds' | 'steps';
  readonly n: number;
  /** True where the rounds differ so much among themselves that they tell nothing. */
  readonly tooNoisy: boolean;
}

/** @returns null where one of them left no time */
export function ratioOf(slower: SpeedPoint, faster: SpeedPoint): Ratio | null {
  if (slower.samples.length === 0 || faster.samples.length === 0) return null;
  const rounds = compareRounds(roundsOf(slower), roundsOf(faster));
  if (rounds !== null) {
    const { ratio: value, interval, p, verdict } = rounds;
    return { value, interval, p, basis: 'rounds', n: rounds.rounds, tooNoisy: verdict === 'too noisy' };
  }
  const logarithms = [slower, faster].map(({ samples }) => moments(samples.map(Math.log)));
  const [a, b] = logarithms;
  return {
    value: median(slower.samples) / median(faster.samples),
    interval: bootstrapRatioInterval(slower.samples, faster.samples, median),
    p: a === undefined || b === undefined ? null : (welch(a, b)?.p ?? null),
    basis: 'steps',
    n: Math.min(slower.samples.length, faster.samples.length),
    tooNoisy: false,
  };
}

/** One a record: the seed of a cell counts its rounds. */
export const roundsOf = ({ records }: SpeedPoint): Round[] =>
  records
    .map((record) => ({
      round: record.cell.seed,
      samples: record.samples ?? [],
      control: controlOf(record),
    }))
    .toSorted((a, b) => a.round - b.round);

/** Seconds of a step of the control workload beside it; older records have none. */
function controlOf({ measuring }: RunRecord): number | null {
  const control = measuring?.control;
  const steps = control === undefined ? [] : [...control.before, ...control.after];
  return steps.length === 0 ? null : median(steps);
}

/** The times to repeat a comparison with: a median a round where there are rounds, else every step. */
export function repeatedTimes(point: SpeedPoint, other: SpeedPoint): number[] {
  const [own, theirs] = [roundsOf(point), roundsOf(other)];
  const shared = own.filter(({ round }) => theirs.some((their) => their.round === round));
  if (shared.length < 2) return [...point.samples];
  const controlled = [...own, ...theirs].every(({ control }) => control !== null);
  return shared.map(({ samples, control }) => median(samples) / (controlled ? (control ?? 1) : 1));
}
