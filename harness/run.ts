/**
 * A run: jobs that have no final record yet are measured, each result is kept at once.
 */
import type { Timed } from './estimate.js';
import { isFinal, type Job } from './plan.js';
import { describeRun } from './provenance.js';
import { recordVersion, type RunRecord } from './record.js';
import { type JobEnd, runJobs, type SchedulerOptions } from './scheduler/index.js';
import type { Store } from './store.js';

export interface RunOptions extends Omit<SchedulerOptions, 'keep'> {
  readonly preset: string | null;
}

export interface RunResult {
  /** Measured now; failed ones too. */
  readonly ran: readonly RunRecord[];
  /** Not measured, because the run was stopped or its time was up. */
  readonly left: readonly Job[];
}

/** @param fresh - measure also what has a final record */
export function missingJobs(jobs: readonly Job[], store: Store, fresh: boolean): Job[] {
  return jobs.filter(({ id }) => {
    const known = store.records.get(id);
    return fresh || known === undefined || !isFinal(known);
  });
}

/** @throws HarnessError when a record cannot be written; what was written before stays */
export async function measure(jobs: readonly Job[], store: Store, options: RunOptions): Promise<RunResult> {
  const run = await describeRun(options.preset);
  const ran: RunRecord[] = [];
  const keep = async ({ job, outcome, startedAt, endedAt, loadBefore, loadAfter }: JobEnd) => {
    const record: RunRecord = {
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
    await store.write(record);
    ran.push(record);
  };
  return { left: await runJobs(jobs, { ...options, keep }), ran };
}

/** How long the cells of records took, to estimate others from. */
export function timings(records: Iterable<RunRecord>): Timed[] {
  return [...records]
    .filter(({ failure }) => failure === null)
    .map(({ cell, provenance: { startedAt, endedAt } }) => ({
      cell,
      seconds: (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
    }));
}
