/** The flags that several commands share, with one meaning. */
import { type Command, Option } from 'commander';
import { type BackendName, backendNames } from '../harness/backends/names.js';
import type { Missing } from '../harness/run.js';
import { defaultWorkers, limitsFor, type Machine, thisMachine } from '../harness/scheduler/limits.js';
import type { Limits } from '../harness/scheduler/child.js';
import type { Job } from '../harness/plan.js';
import { collect, parseBytes, parseCount, parseDuration } from './values.js';

export type BackendChoice = 'auto' | BackendName;
export const backendChoices: readonly BackendChoice[] = ['auto', ...backendNames];

export interface MeasuringOptions {
  readonly out: string;
  readonly data?: string;
  readonly backend: BackendChoice;
  readonly plugin: readonly string[];
  readonly fresh: boolean;
  readonly retryFailed: boolean;
  readonly timeLimit?: number;
  readonly memoryLimit?: number;
  /** Seconds. */
  readonly checkpointEvery: number;
  readonly json: boolean;
}

/** A minute of work may be lost; a cell that takes less keeps nothing. */
export const defaultCheckpointSeconds = 60;

/** For commands that measure cells. */
export function addMeasuringOptions(command: Command): Command {
  return addDataOption(addPluginOption(command))
    .option('--out <folder>', 'where records and the report go', 'results')
    .addOption(new Option('--backend <name>', 'what computes').choices(backendChoices).default('auto'))
    .option('--fresh', 'measure from the beginning, also what has a record or is half-way', false)
    .option('--retry-failed', 'try again what ran out of memory or time before', false)
    .option('--time-limit <time>', 'end a cell that takes longer, for instance 30m', parseDuration)
    .option(
      '--memory-limit <size>',
      'end a cell that needs more, for instance 4GB (default: what is free)',
      parseBytes,
    )
    .option(
      '--checkpoint-every <time>',
      'training is kept half-way so often, for a run that is stopped',
      parseDuration,
      defaultCheckpointSeconds,
    )
    .option('--json', 'one JSON document on stdout, progress on stderr', false);
}

export function addDataOption(command: Command): Command {
  return command.option('--data <folder>', 'where datasets lie (before FORMERBENCH_DATA and the cache)');
}

export function addPluginOption(command: Command): Command {
  return command.option(
    '--plugin <file>',
    'an architecture of your own, .ts or .js; repeatable',
    collect,
    [],
  );
}

export function addWorkersOption(command: Command): Command {
  return command.option('--workers <n>', 'training cells at once (default: one a core)', parseCount);
}

/** Which cells of a plan are still to run. */
export function wanted(options: MeasuringOptions & { readonly workers?: number }): Missing {
  const { fresh, retryFailed } = options;
  return { limits: planLimits(options).limits, fresh, retryFailed };
}

/** How much of this machine each cell gets. */
export function planLimits(options: MeasuringOptions & { readonly workers?: number }): {
  readonly workers: number;
  readonly limits: (job: Job) => Limits;
} {
  const machine: Machine = thisMachine();
  const workers = options.workers ?? defaultWorkers(machine);
  const chosen = { seconds: options.timeLimit ?? null, memoryBytes: options.memoryLimit ?? null };
  return { workers, limits: ({ cell }) => limitsFor(cell, machine, workers, chosen) };
}
