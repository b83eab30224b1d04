/**
 * `--scheduler bullmq`: hands cells out through BullMQ on a Redis, and keeps the records that come back.
 *
 * The truth is the folder of records. The queue only holds what is on its way, under the cells' ids: what is added twice
 * is there once, what was lost with the server is added again, and what was measured while nobody listened is taken at
 * the next start.
 */
import type { Redis } from 'ioredis';
import { messageOf } from '../errors.js';
import type { Job } from '../plan.js';
import type { Measure, RunOptions, RunResult } from '../run.js';
import type { Store } from '../store.js';
import { type Intake, openIntake } from './intake.js';
import { type Lane, type LaneOptions, openLane } from './lane.js';
import type { OrderTerms } from './order.js';
import { speedQueue, trainingQueue, type WorkerSign } from './queues.js';
import { connectRedis } from './redis.js';
import { chooseSpeedHost } from './speed-host.js';
import { type WorkerWatch, watchWorkers } from './worker-watch.js';

export interface RedisPlan {
  /** `redis://host:port` */
  readonly redis: string;
  /** Fingerprint of the sources: a worker with another gets nothing. */
  readonly version: string;
  /** Of the plan's cells. */
  readonly backend: string;
  /** Whether workers of every backend may train. */
  readonly anyBackend: boolean;
  readonly terms: OrderTerms;
  /** Without a worker for this long, the run ends. */
  readonly waitSeconds: number;
  readonly note: (line: string) => void;
}

export const measureOverRedis =
  (plan: RedisPlan): Measure =>
  async (jobs, store, options) => {
    if (jobs.length === 0) return { ran: [], left: [] };
    const { client, close } = await connectRedis(plan.redis, 'coordinator');
    try {
      const intake = await openIntake(jobs, store, options);
      const run = createRun({ plan, client, intake, store, options });
      return await follow(run, jobs);
    } finally {
      close();
    }
  };

interface Run {
  readonly plan: RedisPlan;
  readonly client: Redis;
  readonly intake: Intake;
  readonly store: Store;
  readonly options: RunOptions;
  readonly watch: WorkerWatch;
  readonly lanes: Lane[];
  /** Ids of open cells that were taken back: nobody will measure them now. */
  readonly withdrawn: Set<string>;
  /** Does one thing after the other; what it throws ends the run. */
  readonly enqueue: (work: () => Promise<void>) => void;
  /** Resolves when all of that is done. @throws what a piece of it threw */
  readonly settled: () => Promise<void>;
  /** Resolves when the run may be over, or after some time. @throws what a piece of work threw */
  readonly change: () => Promise<void>;
}

const pendingOf = ({ intake, withdrawn }: Run): number => intake.open.size - withdrawn.size;

/** How often workers are looked for. */
const lookMilliseconds = 1000;
/** Between two looks at every cell, beside the events that tell of each. */
const sweepMilliseconds = 60_000;
/** What has to end in order when the user stops the run. */
const stopMilliseconds = 1500;

const within = (work: Promise<unknown>) =>
  Promise.race([
    work.catch(() => undefined),
    new Promise((resolve) => setTimeout(resolve, stopMilliseconds).unref()),
  ]);

async function follow(run: Run, jobs: readonly Job[]): Promise<RunResult> {
  const { intake, plan, options } = run;
  const result = (): RunResult => ({ ran: intake.ran, left: [...intake.open.values()] });
  const sweep = () => {
    // Where the server is away again, the next look finds what is missing.
    run.enqueue(() => Promise.all(run.lanes.map((lane) => lane.sweep())).then(ignore, ignore));
  };
  const timer = setInterval(sweep, sweepMilliseconds);
  run.client.on('ready', sweep);
  try {
    const training = jobs.filter(({ cell }) => cell.kind !== 'speed');
    const kind = plan.anyBackend ? 'any' : plan.backend;
    if (training.length > 0) await addLane(run, trainingQueue(plan.version, kind), training);
    const timed = jobs.filter(({ cell }) => cell.kind === 'speed');
    let host: string | null = null;
    while (pendingOf(run) > 0 && !options.signal.aborted) {
      const halted = await run.watch.look((sign) => fits(sign, run, host));
      if (halted !== null) {
        await within(withdraw(run));
        await run.settled();
        return { ...result(), halted };
      }
      if (host === null && timed.some(({ id }) => intake.open.has(id))) host = await addTimed(run, timed);
      if (options.deadline !== null && performance.now() >= options.deadline) {
        await withdraw(run);
        if (host === null) for (const { id } of timed) run.withdrawn.add(id);
      }
      await run.change();
    }
    if (options.signal.aborted) await within(withdraw(run));
    await run.settled();
    return result();
  } finally {
    clearInterval(timer);
    run.client.off('ready', sweep);
    await within(Promise.all(run.lanes.map((lane) => lane.close())));
  }
}

const ignore = (): void => undefined;

/** Whether a worker can do any of what is open. */
function fits({ backend, host }: WorkerSign, { plan, intake }: Run, speedHost: string | null): boolean {
  const able = backend === plan.backend;
  for (const { cell } of intake.open.values()) {
    if (cell.kind === 'speed' ? able && host === (speedHost ?? host) : able || plan.anyBackend) return true;
  }
  return false;
}

/** Gives all speed cells to one machine, as soon as there is one. */
async function addTimed(run: Run, timed: readonly Job[]): Promise<string | null> {
  const { plan, client, watch, store } = run;
  const host = await chooseSpeedHost(client, plan, watch.workers(), store.records.values());
  if (host === null) return null;
  plan.note(`all ${timed.length} speed cells go to ${host}, one at a time`);
  await addLane(run, speedQueue(plan.version, plan.backend, host), timed);
  return host;
}

async function addLane(run: Run, name: string, jobs: readonly Job[]): Promise<void> {
  const { intake, options, client, plan, withdrawn } = run;
  const remove = async (ids: readonly string[]) => {
    await Promise.all(run.lanes.map((lane) => lane.withdraw(ids))).catch(ignore); // They go by themselves in a week.
  };
  const lane: LaneOptions = {
    ...{ name, jobs, client, terms: plan.terms },
    isOpen: (id) => intake.open.has(id) && !withdrawn.has(id),
    started: (job, host) => {
      options.report({ kind: 'started', job, host });
    },
    progressed: (job, event) => {
      options.report({ kind: 'progress', job, event });
    },
    answered: (id, text) => {
      run.enqueue(async () => {
        const { answered } = await intake.take(id, text);
        void remove([id, ...answered.map((job) => job.id)]);
      });
    },
    failed: (id, reason) => {
      run.enqueue(async () => {
        await intake.giveUp(id, `given up by the queue: ${reason}`);
        void remove([id]);
      });
    },
  };
  run.lanes.push(await openLane(lane));
}

/** What nobody has begun is taken back; what runs goes on. */
async function withdraw({ lanes, intake, withdrawn }: Run): Promise<void> {
  const ids = [...intake.open.keys()].filter((id) => !withdrawn.has(id));
  const laned = await Promise.all(lanes.map((lane) => lane.withdraw(ids)));
  for (const id of laned.flat()) withdrawn.add(id);
}

function createRun(given: Pick<Run, 'plan' | 'client' | 'intake' | 'store' | 'options'>): Run {
  const { plan, client, options } = given;
  let chain = Promise.resolve();
  let problem: Error | null = null;
  let wake: () => void = ignore;
  options.signal.addEventListener('abort', () => {
    wake();
  });
  const run: Run = {
    ...given,
    watch: watchWorkers(plan, client),
    lanes: [],
    withdrawn: new Set(),
    enqueue: (work) => {
      chain = chain.then(work).catch((error: unknown) => {
        problem ??= error instanceof Error ? error : new Error(messageOf(error));
      });
      void chain.then(() => {
        if (pendingOf(run) === 0 || problem !== null) wake();
      });
    },
    settled: async () => {
      await chain;
      if (problem !== null) throw problem;
    },
    change: async () => {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, lookMilliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (options.signal.aborted || pendingOf(run) === 0 || problem !== null) wake();
      });
      if (problem !== null) throw problem;
    },
  };
  return run;
}
