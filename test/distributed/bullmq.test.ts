/** Runs over a real Redis, with workers and server that die in the middle. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readRecords } from '../../harness/read-records.js';
import { formerbench, type Running, start } from '../commands/formerbench.js';
import { temporaryFolder } from '../harness/folders.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pluginFile } from '../harness/plugin-files.js';
import { freePort, type RedisServer, startRedis } from './redis-server.js';
import { expectSameReport } from '../support/same-report.js';

const folder = mkdtempSync(join(tmpdir(), 'formerbench-redis-'));
let redis: RedisServer;
const workers: Running[] = [];

beforeAll(async () => {
  redis = await startRedis(folder);
});

afterEach(stopWorkers);

afterAll(async () => {
  await redis.kill();
  rmSync(folder, { recursive: true, force: true });
});

function startWorker(host: string, ...more: string[]): Running {
  const worker = start([
    ...['worker', '--redis', redis.url, '--host', host, '--backend', 'wasm', '--workers', '1'],
    ...['--lost-after', '3s', ...more],
  ]);
  workers.push(worker);
  return worker;
}

async function stopWorkers(): Promise<void> {
  for (const { child } of workers) child.kill('SIGKILL');
  await Promise.all(workers.splice(0).map(({ ended }) => ended));
}

const table = (out: string, ...more: string[]) => [
  ...['reproduce-paper-tables', '--preset', 'smoke', '--only', 'table-4', '--datasets', 'brown'],
  ...['--architectures', 'none,linear', '--seeds', '1', '--backend', 'wasm', '--out', out, '--json'],
  ...more,
];
const planned = 4;
const queued = () => ['--scheduler', 'bullmq', '--redis', redis.url, '--worker-wait', '60s'];

test('three workers, one killed and Redis restarted in the middle, make the report of a serial run', async () => {
  const serialOut = temporaryFolder();
  const out = temporaryFolder();
  const three = ['a', 'b', 'c'].map((host) => startWorker(host));
  const run = start(table(out, ...queued()));
  const victim = await Promise.any(
    three.map(async (worker) => {
      await worker.said(': started');
      return worker;
    }),
  );
  victim.child.kill('SIGKILL');
  await run.said('[1/');
  await redis.kill();
  await setTimeout(1500);
  await redis.start();
  const { code, stdout, stderr } = await run.ended;
  expect(stderr).toContain(`[${planned}/${planned}]`);
  expect(stderr).toMatch(/ on host [abc]: /);
  expect(stderr).toMatch(/worker [abc]\/\d+ is gone/);
  expect(code).toBe(0);
  await stopWorkers();
  const serial = await formerbench(...table(serialOut, '--workers', '1'));
  expect(serial.code).toBe(0);
  await expectSameReport([serialOut, serial.stdout], [out, stdout]);
});

test('speed cells of a run stay on one of two hosts; a worker of another version gets nothing', async () => {
  const out = temporaryFolder();
  startWorker('left');
  startWorker('right');
  startWorker('stranger', '--plugin', pluginFile());
  const { code, stderr } = await formerbench(
    ...['speed', '--architectures', 'linear,none', '--lengths', '16,32', '--tokens', '32'],
    ...['--hidden', '32', '--heads', '2', '--feed-forward', '32', '--layers', '1', '--samples', '3'],
    ...['--rounds', '1', '--modes', 'inference', '--backend', 'wasm', '--out', out, ...queued()],
  );
  expect(code).toBe(0);
  const hosts = [...stderr.matchAll(/on host (\w+): /g)].map(([, host]) => host);
  expect(hosts).toHaveLength(4);
  expect(new Set(hosts).size).toBe(1);
  expect(stderr).toContain('all 4 speed cells go to');
  expect(stderr).toMatch(/worker stranger\/\d+ is of another version/);
  const spans = (await readRecords([out])).map(({ provenance: { startedAt, endedAt } }) => [
    startedAt,
    endedAt,
  ]);
  spans.sort();
  for (const [index, [begin]] of spans.entries())
    if (index > 0) expect(begin! >= spans[index - 1]![1]!, 'one at a time').toBe(true);
  await stopWorkers();
});

test('cells that were measured while nobody listened are taken by the next run', async () => {
  const out = temporaryFolder();
  const one = table(out, ...queued(), '--architectures', 'none', '--seeds', '1');
  const worker = startWorker('a');
  const run = start(one);
  await worker.said(': started');
  run.child.kill('SIGKILL');
  await run.ended;
  await worker.said('none on brown, seed 1: did not learn');
  await setTimeout(1000);
  await stopWorkers();
  const again = await formerbench(...one);
  expect(again.code).toBe(0);
  const { cells } = JSON.parse(again.stdout) as { cells: { ran: number; reused: number; left: number } };
  // The first may have been recorded just before the run was killed; no worker is there to measure the others.
  expect(cells).toMatchObject({ planned: 3, left: 0 });
  expect(cells.ran).toBeGreaterThanOrEqual(2);
  expect(cells.ran + cells.reused).toBe(3);
});

test('a run without workers ends after its wait, with a report of what is there', async () => {
  const out = temporaryFolder();
  const { code, stderr, stdout } = await formerbench(
    ...table(out, ...queued(), '--worker-wait', '2s', '--seeds', '1', '--architectures', 'linear'),
  );
  expect(code).toBe(1);
  expect(stderr).toContain('--worker-wait gives them longer');
  expect(JSON.parse(stdout)).toMatchObject({ cells: { ran: 0, left: 3 } });
});

test('where no Redis is, run and worker say so, without the password', async () => {
  const url = `redis://:secret@127.0.0.1:${await freePort()}`;
  const runs = [
    table(temporaryFolder(), '--scheduler', 'bullmq', '--redis', url),
    ['worker', '--redis', url, '--backend', 'wasm'],
  ];
  for (const { code, stderr } of await Promise.all(runs.map((args) => formerbench(...args)))) {
    expect(code).toBe(1);
    expect(stderr).toMatch(/no Redis answers at redis:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED/);
    expect(stderr).not.toContain('secret');
  }
});
