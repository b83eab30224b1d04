/**
 * A run: jobs that have no final record yet are measured, each result is kept at once.
 */
import type { Timed } from './estimate.js';
import { canonicalJson } from './identity.js';
import { isFinal, type Job } from './plan.js';
import { describeRun, type RunProvenance } from './provenance.js';
import { recordVersion, type RunRecord } from './record.js';
import type { Limits } from './scheduler/child.js';
import { type JobEnd, runJobs, type SchedulerOptions } from './scheduler/index.js';
import type { Store } from './store.js';

export interface RunOptions extends Omit<SchedulerOptions, 'keep' | 'answered'> {
  readonly preset: string | null;
}

export interface RunResult {
  /** Measured now; failed ones too. */
  readonly ran: readonly RunRecord[];
  /** Not measured, because the run was stopped or its time was up. */
  readonly left: readonly Job[];
  /** Why some were left that nobody stopped; not there when there is no such reason. */
  readonly halted?: string;
}

/** Runs what is missing, here or elsewhere. */
export type Measure = (jobs: readonly Job[], store: Store, options: RunOptions) => Promise<RunResult>;

export interface Missing {
  readonly limits: (job: Job) => Limits;
  /** Measure also what has a final record. */
  readonly fresh: boolean;
  /** Measure also what failed, under limits that it failed under before. */
  readonly retryFailed: boolean;
}

export function missingJobs(
  jobs: readonly Job[],
  store: Store,
  { limits, fresh, retryFailed }: Missing,
): Job[] {
  return jobs.filter((job) => {
    const known = store.records.get(job.id);
    if (fresh) return true;
    if (known === undefined)
      return retryFailed || !failedInAnotherRound(job, store.records.values(), limits(job));
    return !isFinal(known, limits(job)) || (retryFailed && known.failure !== null);
  });
}

/** What one round had no memory or no time for, the next has none for either: it is tried once. */
export function failedInAnotherRound({ cell }: Job, records: Iterable<RunRecord>, limits: Limits): boolean {
  if (cell.kind !== 'speed') return false;
  const failures = [...records].filter(
    (record) =>
      record.failure !== null &&
      record.cell.kind === 'speed' &&
      record.cell.architecture === cell.architecture &&
      (record.failure.kind === 'out of memory' || record.failure.kind === 'timeout') &&
      isFinal(record, limits),
  );
  const wanted = canonicalJson({ ...cell, seed: 0 });
  return failures.some((record) => canonicalJson({ ...record.cell, seed: 0 }) === wanted);
}

/** The record of a job that ended, with where it was measured. */
export function recordFrom(end: JobEnd, run: RunProvenance): RunRecord {
  const { job, outcome, startedAt, endedAt, loadBefore, loadAfter } = end;
  return {
    id: job.id,
    schema: recordVersion,
    cell: job.cell,
    ...outcome,
    provenance: {
      ...run,
      sourcesSha256: job.sourcesSha256,
      loadBefore,
      loadAfter,
      startedAt: startedAt.toISOString(),
      endedAt: endedAt.toISOString(),
    },
  };
}

/** @throws HarnessError when a record cannot be written; what was written before stays */
export async function measure(jobs: readonly Job[], store: Store, options: RunOptions): Promise<RunResult> {
  const run = await describeRun(options.preset);
  const ran: RunRecord[] = [];
  const keep = async (end: JobEnd) => {
    const record = recordFrom(end, run);
    await store.write(record);
    ran.push(record);
  };
  const answered = (job: Job) => failedInAnotherRound(job, ran, options.limits(job));
  return { left: await runJobs(jobs, { ...options, keep, answered }), ran };
}

/** How long the cells of records took, to estimate others from. */
export function timings(records: Iterable<RunRecord>): Timed[] {
  return [...records]
    .filter(({ failure, resumed }) => failure === null && resumed === 0) // Else a process did a part of it.
    .map(({ cell, measuring, provenance: { startedAt, endedAt } }) => ({
      cell,
      seconds: (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 - (measuring?.phases?.waiting ?? 0),
    }))
    .filter(({ seconds }) => seconds >= 0); // Below, where the clock was moved back meanwhile.
}
