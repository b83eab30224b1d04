/**
 * The cells of a speed sweep: every architecture, length and mode in every round.
 *
 * A round is a seed, and each of its cells a process of its own: what differs from process to process (memory layout,
 * neighbours, temperature) then differs between the rounds too, and is seen. Within a round the order is a seeded
 * permutation, so that a drift of the machine does not fall on one architecture.
 */
import { permutation } from '../../architectures/random.js';
import type { EncoderSizes, SpeedCell } from '../../harness/cell.js';
import type { ArchitectureChoice, SpeedMode } from './contract.js';

export interface SpeedSweep {
  readonly architectures: readonly ArchitectureChoice[];
  readonly lengths: readonly number[];
  readonly modes: readonly SpeedMode[];
  readonly encoder: Omit<EncoderSizes, 'length'>;
  /** Of a step: batch = tokens / length, at least one sequence. By length, where they are not the same at all. */
  readonly tokens: number | ((length: number) => number);
  readonly vocabulary: number;
  readonly classes: number;
  readonly warmup: number;
  readonly warmupLimit: number;
  readonly samples: number;
  readonly rounds: number;
  /** At least 1. */
  readonly firstRound: number;
  readonly backend: string;
  readonly execution: SpeedCell['execution'];
  readonly precision: SpeedCell['precision'];
}

export function speedSweep(sweep: SpeedSweep): SpeedCell[] {
  return Array.from({ length: sweep.rounds }, (_, index) => sweep.firstRound + index).flatMap((round) => {
    const cells = roundOf(sweep, round);
    const order = permutation(cells.length, round, 'order of a round');
    return [...order].flatMap((index) => cells[index] ?? []);
  });
}

function roundOf(sweep: SpeedSweep, round: number): SpeedCell[] {
  const { tokens, vocabulary, classes, warmup, warmupLimit, samples, backend, execution, precision } = sweep;
  return sweep.lengths.flatMap((length) =>
    sweep.modes.flatMap((mode) =>
      sweep.architectures.map(
        ({ name, options }): SpeedCell => ({
          task: 'speed',
          kind: 'speed',
          architecture: name,
          options,
          encoder: { ...sweep.encoder, length },
          mode,
          batch: Math.max(1, Math.floor((typeof tokens === 'number' ? tokens : tokens(length)) / length)),
          vocabulary,
          classes,
          warmup,
          warmupLimit,
          samples,
          seed: round,
          backend,
          execution,
          precision,
        }),
      ),
    ),
  );
}
