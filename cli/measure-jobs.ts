/** Measures what is missing of a plan, with progress on stderr and Ctrl-C in order: what commands that measure share. */
import { checkpointFolder, removeCheckpoints } from '../harness/checkpoints/file.js';
import type { CountsAtHand } from '../harness/estimate.js';
import type { Job } from '../harness/plan.js';
import { type RunResult, timings } from '../harness/run.js';
import { tightest } from '../harness/scheduler/limits.js';
import type { Store } from '../harness/store.js';
import { type MeasuringOptions, planLimits } from './common-options.js';
import { exitCodes } from './errors.js';
import type { Interrupt } from './interrupt.js';
import { memoryPredictor } from './memory-predictor.js';
import { note } from './output.js';
import { createProgress, type ProgressOptions } from './progress.js';
import { chooseScheduler, type SchedulerFlags } from './scheduler-options.js';

export interface MeasureJobs {
  /** What has no final record yet, in the order in which it is to run. */
  readonly missing: readonly Job[];
  readonly store: Store;
  readonly options: MeasuringOptions & SchedulerFlags & { readonly workers?: number };
  /** For the records; null where no preset gave all sizes. */
  readonly preset: string | null;
  readonly dataFolders: readonly string[];
  readonly pluginFiles: readonly string[];
  readonly interrupt: Interrupt;
  /** No cell starts after this moment of `performance.now()`; null = no such moment. */
  readonly deadline: number | null;
  /** Whether what other cells took before tells how long these will take. */
  readonly learnFromRecords: boolean;
  /** What progress says of a cell that ended; see `createProgress`. */
  readonly describe?: ProgressOptions['describe'];
  /** What was counted of the data, to estimate from. */
  readonly atHand?: CountsAtHand;
}

export async function measureJobs(request: MeasureJobs): Promise<RunResult> {
  const { missing, store, options, preset, dataFolders, pluginFiles, interrupt, deadline } = request;
  const { workers, limits } = planLimits(options);
  const progress = createProgress({
    jobs: missing,
    workers,
    earlier: request.learnFromRecords ? timings(store.records.values()) : [],
    live: process.stderr.isTTY,
    write: (text) => process.stderr.write(text),
    atHand: request.atHand ?? new Map(),
    ...(request.describe === undefined ? {} : { describe: request.describe }),
  });
  const predict = await memoryPredictor(pluginFiles);
  const { measure, here } = await chooseScheduler(options, { missing, preset, pluginFiles });
  const folder = checkpointFolder(options.out);
  if (options.fresh)
    await removeCheckpoints(
      folder,
      missing.map(({ id }) => id),
    );
  if (here) announceTight(missing.filter((job) => (predict(job.cell) ?? 0) > tightest(limits(job))));
  try {
    const result = await measure(missing, store, {
      workers,
      limits,
      preset,
      dataFolders,
      plugins: pluginFiles,
      signal: interrupt.signal,
      deadline,
      predict,
      checkpoints: { folder, everySeconds: options.checkpointEvery },
      report: progress.report,
    });
    if (result.halted !== undefined) {
      note(result.halted);
      process.exitCode = exitCodes.error;
    }
    return result;
  } finally {
    progress.end();
  }
}

/** Of tries for the largest batch every search has some. */
function announceTight(jobs: readonly Job[]): void {
  const count = jobs.filter(({ cell }) => cell.kind === 'speed' && cell.largestUnder === undefined).length;
  if (count > 0)
    note(
      `${count} of them are predicted to run out of memory; each is tried, and ended as it passes its limit`,
    );
}

/** What a plan of many cells came to: on stderr, and as the exit code. */
export function concludeJobs(counts: {
  readonly planned: number;
  readonly failed: number;
  /** Of those, how many were predicted not to fit into memory: answers, and no reason for an exit code. */
  readonly foreseen?: number;
  readonly left: number;
  readonly stopped: boolean;
  /** As the command was given. */
  readonly fresh: boolean;
  /** Where failures are listed: `the report lists them`. */
  readonly listed: string;
}): void {
  const { planned, failed, foreseen = 0, left, stopped, fresh, listed } = counts;
  const again = fresh ? 'the same command without --fresh' : 'the same command';
  if (foreseen > 0) note(`${foreseen} of ${planned} cells ran out of memory, as predicted; ${listed}`);
  const trouble = failed - foreseen;
  if (trouble > 0)
    note(
      `${trouble} of ${planned} cells failed; ${listed}. The same command tries them again; those that ran out of memory or time, with --retry-failed or a higher limit`,
    );
  if (left > 0) note(`${left} cells are left; ${again} runs only what is missing`);
  if (stopped && left > 0) process.exitCode = exitCodes.interrupted;
  else if (trouble > 0) process.exitCode = exitCodes.cellsFailed;
}
