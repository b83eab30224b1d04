/**
 * One BullMQ queue and the cells of this run on it, under their ids.
 *
 * Events tell of each cell as it goes on. Since a server may restart, and this program too, events alone are not
 * trusted: a look at every open cell finds what was answered meanwhile and adds again what is gone.
 */
import { type Job as QueueJob, Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { CellEvent } from '../cell-event.js';
import type { Job } from '../plan.js';
import { type OrderTerms, orderOf } from './order.js';

export interface LaneOptions {
  readonly name: string;
  readonly jobs: readonly Job[];
  readonly client: Redis;
  readonly terms: OrderTerms;
  /** Whether a cell is still wanted. */
  readonly isOpen: (id: string) => boolean;
  readonly started: (job: Job, host: string) => void;
  readonly progressed: (job: Job, event: CellEvent) => void;
  /** May come twice. */
  readonly answered: (id: string, text: string) => void;
  /** Given up after all tries. */
  readonly failed: (id: string, reason: string) => void;
}

export interface Lane {
  /** Looks at every open cell: takes what is answered, adds what is not there. */
  readonly sweep: () => Promise<void>;
  /** Takes cells back that nobody has begun. @returns the ids of those */
  readonly withdraw: (ids: readonly string[]) => Promise<string[]>;
  readonly close: () => Promise<void>;
}

/** BullMQ takes no id that is a whole number, and one id in two thousand has only decimal digits. */
const idPrefix = 'cell-';
const queueId = (id: string): string => `${idPrefix}${id}`;

export async function openLane(options: LaneOptions): Promise<Lane> {
  const { name, client, jobs, terms } = options;
  const queue = new Queue(name, { connection: client });
  const listener = client.duplicate({ maxRetriesPerRequest: null });
  listener.on('error', () => undefined); // It comes back by itself.
  const events = new QueueEvents(name, {
    connection: listener,
    lastEventId: await lastEvent(client, name),
  });
  queue.on('error', () => undefined); // Commands tell of it.
  events.on('error', () => undefined);
  const byId = new Map(jobs.map((job) => [job.id, job]));
  listen(events, byId, options);
  const withdraw = (ids: readonly string[]) =>
    inChunks(ids, async (id) => ((await queue.remove(queueId(id))) === 1 ? id : null));
  if (terms.fresh) await withdraw([...byId.keys()]); // Answers of earlier runs too.
  await sweep(queue, byId, options, true);
  return {
    sweep: () => sweep(queue, byId, options, false),
    withdraw,
    close: async () => {
      await Promise.all([events.close(), queue.close()]);
      listener.disconnect();
    },
  };
}

/** From which event on to listen: none is missed between now and the first look at the stream. */
async function lastEvent(client: Redis, name: string): Promise<string> {
  const [newest] = await client.xrevrange(`bull:${name}:events`, '+', '-', 'COUNT', 1);
  return newest?.[0] ?? '0-0';
}

const progressSchema = z.object({ host: z.string().max(256), step: z.custom<CellEvent | null>() });

function listen(events: QueueEvents, byId: ReadonlyMap<string, Job>, options: LaneOptions): void {
  const wanted = (queued: string): Job | undefined => {
    const job = byId.get(queued.slice(idPrefix.length));
    return job !== undefined && options.isOpen(job.id) ? job : undefined;
  };
  events.on('progress', ({ jobId, data }) => {
    const job = wanted(jobId);
    const told = progressSchema.safeParse(data).data;
    if (job === undefined || told === undefined) return;
    if (told.step === null) options.started(job, told.host);
    else options.progressed(job, told.step);
  });
  events.on('completed', ({ jobId, returnvalue }) => {
    const job = wanted(jobId);
    if (job !== undefined) options.answered(job.id, textOf(returnvalue));
  });
  events.on('failed', ({ jobId, failedReason }) => {
    const job = wanted(jobId);
    if (job !== undefined) options.failed(job.id, failedReason);
  });
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

/** @param first - whether what was given up in an earlier run is to be tried again */
async function sweep(
  queue: Queue,
  byId: ReadonlyMap<string, Job>,
  options: LaneOptions,
  first: boolean,
): Promise<void> {
  const pending = await pendingIds(options);
  const ids = [...byId.keys()].filter((id) => options.isOpen(id) && !pending.has(queueId(id)));
  const key = (id: string): string => `bull:${options.name}:${queueId(id)}`;
  const gone = await inChunks(ids, async (id) => {
    const there = (await options.client.exists(key(id))) === 1; // Asks far less of the server than the state does.
    return !there || (await lookAt(queue, id, options, first)) ? id : null;
  });
  const missing = gone.flatMap((id) => byId.get(id) ?? []);
  for (let at = 0; at < missing.length; at += chunkSize) {
    await queue.addBulk(missing.slice(at, at + chunkSize).map((job) => entryOf(job, options.terms)));
  }
}

/** What waits or runs, in two answers: to ask for each of 100,000 cells takes minutes. */
async function pendingIds({ client, name }: LaneOptions): Promise<Set<string>> {
  const lists = ['wait', 'active'].map((list) => client.lrange(`bull:${name}:${list}`, 0, -1));
  return new Set((await Promise.all(lists)).flat());
}

/** @returns whether it has to be added */
async function lookAt(queue: Queue, id: string, options: LaneOptions, first: boolean): Promise<boolean> {
  const state = await queue.getJobState(queueId(id));
  if (state !== 'completed' && state !== 'failed') return state === 'unknown' && options.isOpen(id);
  if (state === 'failed' && first) {
    await queue.remove(queueId(id));
    return true;
  }
  const job = (await queue.getJob(queueId(id))) as QueueJob<unknown, unknown> | undefined;
  if (job === undefined) return options.isOpen(id);
  if (state === 'completed') options.answered(id, textOf(job.returnvalue));
  else options.failed(id, job.failedReason);
  return false;
}

const entryOf = (job: Job, terms: OrderTerms) => ({
  name: 'cell',
  data: orderOf(job, terms),
  opts: {
    jobId: queueId(job.id),
    attempts: 3,
    backoff: { type: 'fixed', delay: 500 },
    // Both are taken away as soon as they are recorded; what nobody takes goes after a week.
    removeOnComplete: { age: weekSeconds },
    removeOnFail: { age: weekSeconds },
  },
});

const weekSeconds = 7 * 24 * 3600;
const chunkSize = 500;

/** In step, so many commands at once; what is null is left out. */
async function inChunks<T>(items: readonly T[], work: (item: T) => Promise<T | null>): Promise<T[]> {
  const results: T[] = [];
  for (let at = 0; at < items.length; at += chunkSize) {
    const chunk = await Promise.all(items.slice(at, at + chunkSize).map(work));
    results.push(...chunk.filter((each) => each !== null));
  }
  return results;
}
