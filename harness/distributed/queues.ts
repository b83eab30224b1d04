/**
 * The queues of one version of the sources, and who serves them. BullMQ keeps them; nothing here is a queue of our own.
 *
 * Their names hold the fingerprint of the sources, so a worker of another version never meets a cell of this one.
 */
import type { Redis } from 'ioredis';
import { z } from 'zod';

/** For training cells of a backend; `any` takes workers of every backend. */
export const trainingQueue = (version: string, backend: string): string =>
  `formerbench-${version}-${backend}`;

/** For speed cells, of which one machine has all. */
export const speedQueue = (version: string, backend: string, host: string): string =>
  `formerbench-${version}-${backend}-speed-${host}`;

export const hostPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

const workerSchema = z.object({
  /** `HOST/PID` */
  name: z.string().max(128),
  host: z.string().regex(hostPattern),
  version: z.string().max(64),
  backend: z.string().max(64),
  workers: z.int().positive(),
  cores: z.int().positive(),
  /** As records name it. */
  cpu: z.string().max(256),
  totalMemoryBytes: z.number(),
});
export type WorkerSign = z.infer<typeof workerSchema>;

const namesKey = 'formerbench:workers';
const signKey = (name: string): string => `formerbench:worker:${name}`;

/** Says that a worker lives; forgotten by itself when it is not said again. */
export async function sayAlive(redis: Redis, sign: WorkerSign, forMilliseconds: number): Promise<void> {
  await redis.set(signKey(sign.name), JSON.stringify(sign), 'PX', forMilliseconds);
  await redis.sadd(namesKey, sign.name);
}

export async function sayGone(redis: Redis, name: string): Promise<void> {
  await redis.del(signKey(name));
  await redis.srem(namesKey, name);
}

/** The workers that live now, of every version, by name. */
export async function livingWorkers(redis: Redis): Promise<WorkerSign[]> {
  const names = (await redis.smembers(namesKey)).sort();
  if (names.length === 0) return [];
  const texts = await redis.mget(names.map(signKey));
  const gone = names.filter((_, index) => texts[index] === null);
  if (gone.length > 0) await redis.srem(namesKey, ...gone);
  return texts.flatMap((text) => {
    const sign = text === null ? undefined : parseSign(text);
    return sign === undefined ? [] : [sign];
  });
}

function parseSign(text: string): WorkerSign | undefined {
  try {
    return workerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const speedHostKey = (version: string, backend: string): string =>
  `formerbench:speed-host:${version}:${backend}`;
const weekSeconds = 7 * 24 * 3600;

/** Which machine has the speed cells of this version and backend; null where none was chosen yet. */
export const speedHost = (redis: Redis, version: string, backend: string): Promise<string | null> =>
  redis.get(speedHostKey(version, backend));

export async function keepSpeedHost(
  redis: Redis,
  version: string,
  backend: string,
  host: string,
): Promise<void> {
  await redis.set(speedHostKey(version, backend), host, 'EX', weekSeconds);
}
