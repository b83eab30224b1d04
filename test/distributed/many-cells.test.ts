/** A queue of many thousand cells: what a look at it costs the server does not grow with what waits there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'bullmq';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lane, openLane } from '../../harness/distributed/lane.js';
import { connectRedis, type RedisConnections } from '../../harness/distributed/redis.js';
import type { Job } from '../../harness/plan.js';
import { baselineCell } from '../harness/cells.js';
import { type RedisServer, startRedis } from './redis-server.js';

const folder = mkdtempSync(join(tmpdir(), 'formerbench-many-'));
let server: RedisServer;
let connections: RedisConnections;

beforeAll(async () => {
  server = await startRedis(folder);
  connections = await connectRedis(server.url, 'coordinator');
});

afterAll(async () => {
  connections.close();
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
});

const name = 'formerbench-many';
const jobs = Array.from({ length: 12_000 }, (_, index): Job => {
  const cell = { ...baselineCell, seed: index + 1 };
  return { id: index.toString(16).padStart(16, '0'), cell, sourcesSha256: 'a'.repeat(64) };
});

/** @param answers - where what is answered goes, by id */
const open = (answers: Map<string, string>): Promise<Lane> =>
  openLane({
    ...{ name, jobs, client: connections.client },
    terms: { fresh: false, preset: null, commandLine: [], limits: { seconds: null, memoryBytes: null } },
    isOpen: (id) => !answers.has(id),
    started: () => undefined,
    progressed: () => undefined,
    answered: (id, text) => answers.set(id, text),
    failed: (id, reason) => {
      throw new Error(`${id}: ${reason}`);
    },
  });

/** As a worker that goes away after so many cells. @returns the ids of those */
async function answerSome(count: number): Promise<string[]> {
  const worker = new Worker(name, null, { connection: { url: server.url, maxRetriesPerRequest: null } });
  const ids: string[] = [];
  while (ids.length < count) {
    const job = await worker.getNextJob('token');
    await job.moveToCompleted('an answer', 'token', false);
    ids.push((job.id ?? '').replace('cell-', ''));
  }
  await worker.close();
  return ids;
}

/** Commands that the server was given meanwhile, those of scripts too. */
async function commandsOf(work: () => Promise<unknown>): Promise<number> {
  const { client } = connections;
  await client.config('RESETSTAT');
  await work();
  const calls = (await client.info('commandstats')).matchAll(/:calls=(\d+)/g);
  return [...calls].reduce((sum, [, count]) => sum + Number(count), 0);
}

test('while 12,000 cells wait, a look takes the 20 answers, and asks the server a few times for each of those', async () => {
  const first = await open(new Map());
  const answered = await answerSome(20);
  await first.close();
  const taken = new Map<string, string>();
  let second: Lane | undefined;
  const opening = await commandsOf(async () => (second = await open(taken)));
  expect([...taken.keys()].sort()).toEqual(answered.sort());
  expect(new Set(taken.values())).toEqual(new Set(['an answer']));
  const again = await commandsOf(() => second!.sweep());
  await second!.close();
  // Seen: 93, most of them for the answers, and 3.
  expect(opening).toBeLessThan(200);
  expect(again).toBeLessThan(20);
});
