/**
 * What runs when: rounds outermost, and in each round every contest, mode and length in a seeded order. The processes of
 * one contest run one right after the other, in a seeded order of their own, so that a drift of the machine falls on
 * neither side.
 */
import { permutation } from '../../architectures/random.js';
import type { Contest, Mode, Rival } from './contests.js';

export interface Sweep {
  readonly contests: readonly Contest[];
  readonly modes: readonly Mode[];
  readonly lengths: readonly number[];
  readonly rounds: number;
  /** Of the first round. */
  readonly seed: number;
  /** Of a step: batch = tokens / length, at least one sequence. */
  readonly tokens: number;
  /** In place of what `tokens` gives; null without. */
  readonly batch: number | null;
}

/** One process. */
export type Runner = { readonly side: 'ours' } | { readonly side: 'pytorch'; readonly rival: Rival };

/** One contest at one length, in one round. */
export interface Meeting {
  readonly round: number;
  readonly contest: Contest;
  readonly mode: Mode;
  readonly length: number;
  readonly batch: number;
  readonly runners: readonly Runner[];
}

export function schedule(sweep: Sweep): Meeting[] {
  return Array.from({ length: sweep.rounds }, (_, index) => sweep.seed + index).flatMap((round) =>
    shuffle(meetingsOf(sweep, round), round, 'meetings'),
  );
}

function meetingsOf({ contests, modes, lengths, tokens, batch }: Sweep, round: number): Meeting[] {
  return contests.flatMap((contest) =>
    modes.flatMap((mode) =>
      lengths.map((length) => ({
        round,
        contest,
        mode,
        length,
        batch: batch ?? Math.max(1, Math.floor(tokens / length)),
        runners: shuffle(runnersOf(contest), round, contest.name, mode, length),
      })),
    ),
  );
}

const runnersOf = ({ rivals }: Contest): Runner[] => [
  { side: 'ours' },
  ...rivals.map((rival) => ({ side: 'pytorch', rival }) as const),
];

function shuffle<T>(items: readonly T[], round: number, ...names: readonly (string | number)[]): T[] {
  return [...permutation(items.length, round, 'peers', ...names)].flatMap((index) => items[index] ?? []);
}
