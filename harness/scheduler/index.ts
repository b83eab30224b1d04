/**
 * Runs a list of cells in the order given: training cells side by side, speed cells with the machine to themselves as
 * long as they are timed. What is not timed of a small one goes on beside that of the next (`gate.ts`).
 */
import { loadavg } from 'node:os';
import type { Cell } from '../cell.js';
import { type CheckpointPlace, removeCheckpoints } from '../checkpoints/file.js';
import type { CellEvent } from '../cell-event.js';
import { estimateSeconds, startSeconds } from '../estimate.js';
import { isAnswer, type Job } from '../plan.js';
import type { Outcome } from '../record.js';
import type { CellRequest } from '../run-cell.js';
import { type ChildEnd, type Limits, type StartChild, startScript } from './child.js';
import { outcomeOf } from './failure.js';
import { createGate, type Gate } from './gate.js';
import { thisMachine } from './limits.js';
import { prepareWorker, type WorkerProgram } from './worker-program.js';

/** A job that ran to its end, well or not. */
export interface JobEnd {
  readonly job: Job;
  readonly outcome: Outcome;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly loadBefore: number;
  readonly loadAfter: number;
}

export type SchedulerEvent =
  /** `host` where it is not this one. */
  | { readonly kind: 'started'; readonly job: Job; readonly host?: string }
  | { readonly kind: 'progress'; readonly job: Job; readonly event: CellEvent }
  | {
      readonly kind: 'ended';
      readonly job: Job;
      readonly outcome: Outcome;
      readonly seconds: number;
      readonly host?: string;
    }
  /** Stopped, since what ran meanwhile leaves nothing to measure. */
  | { readonly kind: 'dropped'; readonly job: Job };

export interface SchedulerOptions {
  /** Training cells at once. */
  readonly workers: number;
  readonly dataFolders: readonly string[];
  /** Plugin files, for the child to load. */
  readonly plugins: readonly string[];
  readonly limits: (job: Job) => Limits;
  /** Peak of the resident set that a cell is expected to have, in bytes; null where nothing is known of it. */
  readonly predict?: (cell: Cell) => number | null;
  /** Where long cells keep how far they are, and how often; without it, nowhere. */
  readonly checkpoints?: Pick<CheckpointPlace, 'folder' | 'everySeconds'>;
  /** Asked before a job is measured: whether what ran meanwhile leaves nothing to measure. It then counts as done. */
  readonly answered?: (job: Job) => boolean;
  /** Aborted: children are killed and nothing new starts. */
  readonly signal: AbortSignal;
  /** No cell starts after this moment of `performance.now()`; null = no such moment. */
  readonly deadline: number | null;
  /** Keeps a result. The job counts as ended only after it; when it throws, the run stops. */
  readonly keep: (end: JobEnd) => Promise<void>;
  readonly report: (event: SchedulerEvent) => void;
  /** Stands in for real processes. */
  readonly start?: StartChild;
}

/**
 * Ends when every job has, or when the signal or the deadline leaves nothing to wait for.
 * @returns the jobs that have no result, in order
 * @throws what `keep` throws, after every child was stopped
 */
export async function runJobs(jobs: readonly Job[], options: SchedulerOptions): Promise<Job[]> {
  const { start, plugins } = options;
  if (start !== undefined) return runWith(start, jobs, options);
  if (jobs.length === 0) return [];
  const worker = await prepareWorker(plugins);
  try {
    return await runWith(childrenOf(worker), jobs, options);
  } finally {
    await worker.remove();
  }
}

/** Starts children of a program that is ready. */
export const childrenOf =
  ({ script, folder }: WorkerProgram): StartChild =>
  (request, ...rest) =>
    startScript(script, { ...request, preparedFolder: folder }, ...rest);

/** What the jobs of a run share. */
interface Run extends SchedulerOptions {
  readonly start: StartChild;
  readonly gate: Gate;
  /** By the signal, or since the run is over: what has no result then gets none. */
  readonly stopped: AbortSignal;
}

async function runWith(start: StartChild, jobs: readonly Job[], options: SchedulerOptions): Promise<Job[]> {
  const waiting = [...jobs];
  const running = new Map<Job, RunningJob>();
  const stopped = new AbortController();
  const run: Run = { ...options, start, gate: createGate(), stopped: stopped.signal };
  const stop = () => {
    stopped.abort();
    for (const { kill } of running.values()) kill();
  };
  const kept = new Set<Job>();
  const takeNext = (): Job | undefined => {
    while (waiting[0] !== undefined && options.answered?.(waiting[0]) === true)
      kept.add(waiting.shift() as Job);
    const [next] = waiting;
    const late = options.deadline !== null && performance.now() >= options.deadline;
    if (next === undefined || late || stopped.signal.aborted) return undefined;
    return hasRoom(next, [...running.keys()], run) ? waiting.shift() : undefined;
  };
  if (options.signal.aborted) stop();
  options.signal.addEventListener('abort', stop);
  try {
    for (;;) {
      for (const [job, { drop }] of running) if (options.answered?.(job) === true) drop();
      for (let job = takeNext(); job !== undefined; job = takeNext()) {
        running.set(job, startJob(job, run));
      }
      run.gate.advance(); // Not before: who starts now is to work beside who works.
      if (running.size === 0) return jobs.filter((job) => !kept.has(job));
      const ended = await Promise.race([...running.values()].map(({ end }) => end));
      running.delete(ended.job);
      if (ended.kept) kept.add(ended.job);
    }
  } finally {
    stop();
    await Promise.allSettled([...running.values()].map(({ end }) => end));
    options.signal.removeEventListener('abort', stop);
  }
}

/** Speed cells at once, of which one is timed. */
const speedCells = 2;

function hasRoom(next: Job, running: readonly Job[], run: Run): boolean {
  if (running.length === 0) return true;
  const all = [...running, next];
  if (all.every(({ cell }) => cell.kind === 'speed'))
    return all.length <= speedCells && run.gate.isOpen() && all.every(isShort) && surelyFit(all, run);
  return all.every(({ cell }) => cell.kind !== 'speed') && all.length <= run.workers;
}

/**
 * Whether to start it is most of its work. Of a long cell little would be gained; and one that waits for long is not
 * quite silent, V8 tidies its heap after some seconds.
 */
const isShort = ({ cell }: Job): boolean => estimateSeconds(cell, []) <= 2 * startSeconds;

/** Of the memory that there is, what cells may be predicted to need that live at a time: predictions err. */
const sureShare = 0.5;

function surelyFit(jobs: readonly Job[], { predict, limits }: SchedulerOptions): boolean {
  const needed = jobs.reduce((sum, { cell }) => sum + (predict?.(cell) ?? Infinity), 0);
  const allowed = Math.min(thisMachine().freeBytes, ...jobs.map((job) => limits(job).memoryBytes));
  return needed <= sureShare * allowed;
}

interface RunningJob {
  readonly kill: () => void;
  /** Kills it, unless it has been let go on to be measured: it counts as done. */
  readonly drop: () => void;
  /** `kept` is false when the job was stopped before it had a result. */
  readonly end: Promise<{ readonly job: Job; readonly kept: boolean }>;
}

function startJob(job: Job, run: Run): RunningJob {
  const { gate, limits, report, stopped } = run;
  const isSpeed = job.cell.kind === 'speed';
  const jobLimits = limits(job);
  const begun = { job, startedAt: new Date(), loadBefore: currentLoad() };
  report({ kind: 'started', job });
  let released = !isSpeed;
  let dropped = false;
  const child = run.start(requestOf(job, run), jobLimits, (event) => {
    if (event.kind !== 'asks') report({ kind: 'progress', job, event });
    else if (isSpeed) {
      gate.ask(place, event.part);
      gate.advance();
    }
  });
  const go = () => {
    released = true;
    child.go();
  };
  const place = { hold: child.hold, go };
  if (isSpeed) gate.enter(place);
  const drop = () => {
    dropped ||= !released;
    if (dropped) child.kill();
  };
  const finish = async () => {
    const end = await child.end;
    if (dropped) report({ kind: 'dropped', job });
    else if (stopped.aborted && end.outcome === null) return { job, kept: false };
    else await conclude(begun, end, jobLimits, run);
    return { job, kept: true };
  };
  const end = finish().finally(() => {
    gate.leave(place);
  });
  return { kill: child.kill, drop, end };
}

const currentLoad = (): number => loadavg()[0] ?? 0;

/** What the end of a child means for its job: kept first, then told. */
async function conclude(
  begun: Pick<JobEnd, 'job' | 'startedAt' | 'loadBefore'>,
  end: ChildEnd,
  limits: Limits,
  { predict, keep, checkpoints, report }: Run,
): Promise<void> {
  const { job } = begun;
  const outcome = outcomeOf(end, limits, predict?.(job.cell) ?? null);
  await keep({ ...begun, outcome, endedAt: new Date(), loadAfter: currentLoad() });
  if (checkpoints !== undefined && isAnswer(outcome.failure))
    await removeCheckpoints(checkpoints.folder, [job.id]);
  report({ kind: 'ended', job, outcome, seconds: end.seconds });
}

const requestOf = (job: Job, { dataFolders, plugins, checkpoints }: SchedulerOptions): CellRequest => ({
  cell: job.cell,
  dataFolders: [...dataFolders],
  plugins: [...plugins],
  checkpoints: checkpoints && { ...checkpoints, id: job.id, sourcesSha256: job.sourcesSha256 },
});
