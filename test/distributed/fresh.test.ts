/** `--fresh` over a Redis: a worker forgets what is left half-way of a cell, once; a later try of the same order goes on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bench } from '../../harness/distributed/bench.js';
import { measureOverRedis } from '../../harness/distributed/coordinator.js';
import { serveRedis } from '../../harness/distributed/redis-worker.js';
import { failed } from '../../harness/outcome.js';
import { openStore } from '../../harness/store.js';
import { jobOf, recordOf, trainedCell } from '../harness/cells.js';
import { temporaryFolder } from '../harness/folders.js';
import { type RedisServer, startRedis } from './redis-server.js';

const folder = mkdtempSync(join(tmpdir(), 'formerbench-fresh-'));
let server: RedisServer;

beforeAll(async () => {
  server = await startRedis(folder);
});

afterAll(async () => {
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
});

const job = jobOf(trainedCell);

/** The first try of each cell misses its data, so that the cell is tried again. */
function forgetfulBench(): { readonly bench: Bench; readonly done: string[] } {
  const done: string[] = [];
  const record = recordOf(job.id, job.cell);
  const bench: Bench = {
    measure: () => {
      done.push('measured');
      const isFirst = done.filter((each) => each === 'measured').length === 1;
      return Promise.resolve(isFirst ? { ...record, ...failed('dataset missing', 'not here') } : record);
    },
    forget: (id) => {
      done.push(`forgot ${id}`);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  return { bench, done };
}

/** @returns what the worker did, in order */
async function measuredWith(fresh: boolean): Promise<string[]> {
  const { bench, done } = forgetfulBench();
  const version = `fresh-${fresh}`;
  const worker = new AbortController();
  const machine = { cores: 1, cpu: 'none', totalMemoryBytes: 1, workers: 1 };
  const quiet = { report: () => undefined, note: () => undefined };
  const shared = { redis: server.url, version, backend: 'wasm' };
  const served = serveRedis({
    ...{ redis: server.url, bench, lostAfterSeconds: 30, signal: worker.signal, ...quiet },
    sign: { name: 'here/1', host: 'here', version, backend: 'wasm', ...machine },
    turns: { take: () => Promise.resolve(() => Promise.resolve()) },
  });
  const store = await openStore(temporaryFolder());
  const terms = { fresh, preset: null, commandLine: [], limits: { seconds: null, memoryBytes: null } };
  const measure = measureOverRedis({ ...shared, ...quiet, anyBackend: false, terms, waitSeconds: 60 });
  const { left } = await measure([job], store, {
    ...{ preset: null, workers: 1, dataFolders: [], plugins: [], deadline: null, ...quiet },
    signal: new AbortController().signal,
    limits: () => ({ seconds: 60, memoryBytes: 2 ** 30, threads: 1 }),
  });
  expect(left).toEqual([]);
  worker.abort();
  await served;
  await store.close();
  return done;
}

test('asked for anew, a cell is forgotten before its first try and not before its second', async () => {
  expect(await measuredWith(true)).toEqual([`forgot ${job.id}`, 'measured', 'measured']);
});

test('else nothing is forgotten', async () => {
  expect(await measuredWith(false)).toEqual(['measured', 'measured']);
});
