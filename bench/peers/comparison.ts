/** From measurements to ratios: ours over PyTorch's, with an interval over rounds, beside the bound. */
import { compareRounds, type Interval, median, type Round } from '../../reports/statistics/index.js';
import { type Contest, commonNotes, type Mode, type Rival } from './contests.js';
import type { Measurement } from './measurement.js';

/** With a question mark where the interval reaches over the bound, or there is none. */
export type Verdict = 'met' | 'met?' | 'missed?' | 'missed';

export interface Ratio {
  /** Of ours, and of PyTorch. */
  readonly ours: number;
  readonly theirs: number;
  /** Geometric mean over the rounds that both have. */
  readonly ratio: number;
  /** 95 %, over rounds; null for a single one. */
  readonly interval: Interval | null;
  readonly bound: number;
  readonly verdict: Verdict;
}

export interface Comparison {
  readonly architecture: string;
  /** What of PyTorch it is compared with. */
  readonly beside: string;
  readonly mode: Mode;
  readonly length: number;
  readonly batch: number;
  readonly rounds: number;
  /** Of the median step; null where a side has no samples. */
  readonly seconds: Ratio | null;
  /** Of the peak resident set. */
  readonly memory: Ratio | null;
  readonly notes: readonly string[];
}

/** Every contest, rival, mode, length and batch that was measured. */
export function compare(contests: readonly Contest[], measurements: readonly Measurement[]): Comparison[] {
  return contests.flatMap((contest) =>
    contest.rivals.flatMap((rival) =>
      settingsOf(contest, measurements).map((setting) => compareAt(contest, rival, setting, measurements)),
    ),
  );
}

type Setting = Pick<Measurement, 'mode' | 'length' | 'batch'>;

function settingsOf({ name }: Contest, measurements: readonly Measurement[]): Setting[] {
  const settings = new Map<string, Setting>();
  for (const { side, name: measured, mode, length, batch } of measurements)
    if (side === 'ours' && measured === name)
      settings.set(`${mode} ${length} ${batch}`, { mode, length, batch });
  return [...settings.values()].toSorted(
    (a, b) => a.mode.localeCompare(b.mode) || a.length - b.length || a.batch - b.batch,
  );
}

function compareAt(
  contest: Contest,
  rival: Rival,
  { mode, length, batch }: Setting,
  all: readonly Measurement[],
): Comparison {
  const of = (side: Measurement['side'], name: string) =>
    all.filter(
      (one) =>
        one.side === side &&
        one.name === name &&
        one.mode === mode &&
        one.length === length &&
        one.batch === batch,
    );
  const [ours, theirs] = [of('ours', contest.name), of('pytorch', rival.mixer)];
  const seconds = ratioOf(ours, theirs, ({ samples }) => samples, rival.bounds.seconds[mode]);
  const memory = ratioOf(
    ours,
    theirs,
    ({ peakResidentBytes }) => (peakResidentBytes === null ? [] : [peakResidentBytes]),
    rival.bounds.memory,
  );
  const setting = { architecture: contest.name, beside: rival.title, mode, length, batch };
  return { ...setting, rounds: ours.length, seconds, memory, notes: notesOf(ours, theirs) };
}

/** @returns null where a side has no values */
export function ratioOf(
  ours: readonly Measurement[],
  theirs: readonly Measurement[],
  valuesOf: (measurement: Measurement) => readonly number[],
  bound: number,
): Ratio | null {
  const roundsOf = (measurements: readonly Measurement[]): Round[] =>
    measurements
      .map((one) => ({ round: one.round, samples: valuesOf(one), control: null }))
      .filter(({ samples }) => samples.length > 0);
  const [a, b] = [roundsOf(ours), roundsOf(theirs)];
  if (a.length === 0 || b.length === 0) return null;
  const middle = (rounds: readonly Round[]) => median(rounds.flatMap(({ samples }) => samples));
  const compared = compareRounds(a, b);
  const ratio = compared?.ratio ?? middle(a) / middle(b);
  const interval = compared?.interval ?? null;
  return {
    ours: middle(a),
    theirs: middle(b),
    ratio,
    interval,
    bound,
    verdict: verdictOf(ratio, interval, bound),
  };
}

function verdictOf(ratio: number, interval: Interval | null, bound: number): Verdict {
  const sure = interval !== null && (interval[1] <= bound || interval[0] > bound);
  if (ratio <= bound) return sure ? 'met' : 'met?';
  return sure ? 'missed' : 'missed?';
}

function notesOf(ours: readonly Measurement[], theirs: readonly Measurement[]): string[] {
  const failures = (side: string, measurements: readonly Measurement[]) =>
    [...new Set(measurements.flatMap(({ failure }) => failure?.kind ?? []))].map(
      (kind) => `${side}: ${kind}`,
    );
  const counts = [ours, theirs].map((side) => side.find(({ parameters }) => parameters !== null)?.parameters);
  const [a, b] = counts;
  const unequal = a !== undefined && b !== undefined && a !== b;
  return [
    ...failures('ours', ours),
    ...failures('PyTorch', theirs),
    ...(unequal ? [`parameters differ: ${String(a)} and ${String(b)}`] : []),
  ];
}

/** What a reader of the comparisons has to know. */
export const notesFor = (contests: readonly Contest[]): string[] => [
  ...commonNotes,
  ...contests.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`)),
];
