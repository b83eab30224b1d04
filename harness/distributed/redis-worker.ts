/**
 * `formerbench worker --redis URL`: takes cells from BullMQ's queues, measures them and gives the records back.
 *
 * A worker that dies is noticed by the others, since nobody renews the locks of its cells: they are done again. A cell
 * can so be measured twice, but is recorded once, under its id.
 */
import { type Job as QueueJob, Queue, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Cell } from '../cell.js';
import { messageOf } from '../errors.js';
import type { RunRecord } from '../record.js';
import type { SchedulerEvent } from '../scheduler/index.js';
import { type Bench } from './bench.js';
import { type HostTurns, openHostTurns } from './host-turns.js';
import { type Answer, type Order, orderSchema } from './order.js';
import { sayAlive, sayGone, speedQueue, trainingQueue, type WorkerSign } from './queues.js';
import { connectRedis, type RedisConnections } from './redis.js';
import { createSlots } from './slots.js';

export interface RedisWorkerOptions {
  readonly redis: string;
  readonly sign: WorkerSign;
  readonly bench: Bench;
  /** A worker that is silent for this long is lost, and its cells go to others. */
  readonly lostAfterSeconds: number;
  /** Aborted: what runs is stopped and handed back. */
  readonly signal: AbortSignal;
  readonly report: (event: SchedulerEvent) => void;
  readonly note: (line: string) => void;
  /** Of this machine; those of all its workers when not given. */
  readonly turns?: HostTurns;
}

/** How often a cell may lose its worker before it is given up: machines are pre-empted, but some cells kill theirs. */
const maxStalledCount = 3;
/** What stops has this long to hand back its cells. */
const closeMilliseconds = 2000;

/** Ends when the signal says so. @throws HarnessError when no Redis answers at the start */
export async function serveRedis(options: RedisWorkerOptions): Promise<void> {
  const { sign, signal, lostAfterSeconds } = options;
  const connections = await connectRedis(options.redis, 'worker');
  const silence = lostAfterSeconds * 1000;
  const tell = () => {
    sayAlive(connections.client, sign, silence).catch(() => undefined); // It is said again soon.
  };
  tell();
  const heartbeat = setInterval(tell, silence / 3);
  const queues = await openQueues(options, connections);
  options.note(
    `worker ${sign.name} (${sign.backend}, ${sign.workers} cells at once) waits for cells at ${connections.name}`,
  );
  if (!signal.aborted)
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { once: true });
    });
  clearInterval(heartbeat);
  await Promise.race([closeAll(queues, connections, sign), pause(closeMilliseconds)]);
  connections.close();
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());

interface Closable {
  readonly close: () => Promise<void>;
}

async function closeAll(
  queues: readonly Closable[],
  { client }: RedisConnections,
  { name }: WorkerSign,
): Promise<void> {
  await Promise.all(queues.map((queue) => queue.close()));
  await sayGone(client, name);
}

async function openQueues(options: RedisWorkerOptions, { client }: RedisConnections): Promise<Closable[]> {
  const { sign, lostAfterSeconds } = options;
  const { version, backend, host } = sign;
  const lock = lostAfterSeconds * 1000;
  const shared = {
    connection: client,
    lockDuration: lock,
    stalledInterval: lock,
    maxStalledCount,
    name: sign.name,
  };
  const turns = options.turns ?? (await openHostTurns());
  const slots = createSlots(sign.workers);
  const train = async (job: QueueJob, token?: string) => {
    const order = readOrder(job);
    // Before it waits for anything. A later try goes on where the first was lost.
    if (order.fresh && job.attemptsStarted === 1) await options.bench.forget(order.id);
    const free = await slots.take();
    try {
      return await work({ job, order, token }, options, turns.take(false, options.signal));
    } finally {
      free();
    }
  };
  const training = [backend, 'any'].map(
    (kind) => new Worker(trainingQueue(version, kind), train, { ...shared, concurrency: sign.workers }),
  );
  const timedName = speedQueue(version, backend, host);
  const timedCells = new Queue(timedName, { connection: client });
  /** While speed cells wait for this machine, it starts no others. */
  const time = async (job: QueueJob, token?: string) => {
    const order = readOrder(job);
    for (const each of training) await each.pause(true);
    try {
      return await work({ job, order, token }, options, turns.take(true, options.signal));
    } finally {
      const more = await timedCells.getWaitingCount().catch(() => 0);
      if (more === 0) for (const each of training) await each.resume();
    }
  };
  const timing = new Worker(timedName, time, { ...shared, concurrency: 1 });
  // Connections come back; cells tell of themselves.
  for (const each of [...training, timing]) each.on('error', () => undefined);
  timedCells.on('error', () => undefined);
  return [...training, timing, timedCells];
}

interface Task {
  readonly job: QueueJob;
  readonly order: Order;
  readonly token: string | undefined;
}

async function work(
  { job, order, token }: Task,
  options: RedisWorkerOptions,
  turn: Promise<() => Promise<void>>,
): Promise<string> {
  const { sign, bench, signal, report } = options;
  const endTurn = await turn.catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
  if (endTurn === null) return handBack(job, token);
  try {
    const tell = (event: SchedulerEvent) => {
      report(event);
      if (event.kind === 'ended' || event.kind === 'dropped') return;
      const step = event.kind === 'progress' ? event.event : null;
      job.updateProgress({ host: sign.host, step }).catch(() => undefined); // For the eye only.
    };
    const record = await bench.measure(order, signal, tell).catch((error: unknown) => {
      throw new UnrecoverableError(`worker ${sign.name}: ${messageOf(error)}`);
    });
    if (record === null) return await handBack(job, token);
    retryElsewhere(record, job);
    return JSON.stringify({ host: sign.host, record } satisfies Answer);
  } finally {
    await endTurn();
  }
}

function readOrder(job: QueueJob): Order {
  const { data, error } = orderSchema.safeParse(job.data);
  if (data === undefined) throw new UnrecoverableError(`this is no order for a cell: ${error.message}`);
  if (!isServed(data.cell, job.queueName))
    throw new UnrecoverableError(`a ${data.cell.kind} cell does not belong into ${job.queueName}`);
  return data;
}

const isServed = (cell: Cell, queue: string): boolean =>
  queue.includes('-speed-') === (cell.kind === 'speed');

/** Stopped here, it is nobody's fault: the next worker takes it at once. */
async function handBack(job: QueueJob, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

/** Data that this machine does not have, another may. The last try counts. */
function retryElsewhere({ failure }: RunRecord, { attemptsMade, opts: { attempts = 1 } }: QueueJob): void {
  if (failure?.kind === 'dataset missing' && attemptsMade + 1 < attempts) throw new Error(failure.message);
}
