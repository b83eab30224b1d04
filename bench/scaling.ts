/**
 * `npm run bench:scaling -- --redis URL`: what it costs to plan many cells and to hand them out, with workers that measure
 * nothing. Give a Redis of its own: its queues are left behind.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { runAction } from '../cli/run-action.js';
import { note, printJson } from '../cli/output.js';
import { parseCount } from '../cli/values.js';
import { architectures } from '../architectures/index.js';
import { connectRedis } from '../harness/distributed/redis.js';
import { type Job, planJobs } from '../harness/plan.js';
import type { RunRecord } from '../harness/record.js';
import { openStore } from '../harness/store.js';
import { planCells } from '../reports/paper/index.js';
import { table4 } from '../reports/paper/table-4.js';
import { backend, handOut, serveIdle, storeInMemory } from './idle-worker.js';

interface ScalingOptions {
  readonly redis: string;
  readonly cells: number;
  readonly written: number;
}

const version = `scaling-${process.pid}`;

/** Wall time, and the processor time of this process, which other programs of the machine do not add to. */
async function timed(work: () => Promise<unknown>): Promise<{ seconds: number; cpuSeconds: number }> {
  const begin = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - begin) / 1000, cpuSeconds: (user + system) / 1e6 };
}

/** Of the server, in seconds since it started. */
async function redisCpu(url: string): Promise<number> {
  const { client, close } = await connectRedis(url, 'coordinator');
  const text = await client.info('cpu');
  close();
  const of = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1] ?? NaN);
  return of('used_cpu_user') + of('used_cpu_sys');
}

async function scaling({ redis, cells, written }: ScalingOptions): Promise<void> {
  let jobs: readonly Job[] = [];
  const planning = await timed(() => Promise.resolve((jobs = plan(cells))));
  note(`${jobs.length} cells planned in ${planning.seconds.toFixed(1)} s`);
  const store = storeInMemory();
  const worker = new AbortController();
  const served = serveIdle({ redis, version }, worker.signal);
  const redisBefore = await redisCpu(redis);
  const handing = await timed(() => handOut({ redis, version }, jobs, store));
  const redisSeconds = (await redisCpu(redis)) - redisBefore;
  worker.abort();
  await served;
  const answered = [...store.records.values()].slice(0, written);
  const writing = await writeAll(answered);
  printJson({
    cells: jobs.length,
    planning,
    coordinationMillisecondsACell: {
      wall: (1000 * handing.seconds) / jobs.length,
      cpuOfRunAndWorker: (1000 * handing.cpuSeconds) / jobs.length,
      cpuOfRedis: (1000 * redisSeconds) / jobs.length,
    },
    recordBytes: JSON.stringify(answered[0], null, 1).length,
    writingMillisecondsARecord: (1000 * writing.seconds) / answered.length,
    peakResidentBytes: process.resourceUsage().maxRSS * 1024,
  });
}

/** Table 4 with as many seeds as it takes. */
function plan(count: number): Job[] {
  const chosen = architectures.map(({ name, options }) => ({
    name,
    options: options.parse({}) as Record<string, string | number | boolean | null>,
  }));
  const datasets = [{ name: 'brown', options: {} }];
  const request = { preset: 'paper', track: 'equal', backend, architectures: chosen, datasets } as const;
  const seeds = Array.from({ length: Math.ceil(count / chosen.length) }, (_, index) => index + 1);
  return planJobs(planCells([table4], { ...request, seeds }), new Map()).slice(0, count);
}

/** As a run does: each whole, synced and renamed. */
async function writeAll(records: readonly RunRecord[]): Promise<{ seconds: number }> {
  const out = await mkdtemp(join(tmpdir(), 'formerbench-scaling-'));
  const store = await openStore(out);
  try {
    return await timed(async () => {
      for (const record of records) await store.write(record);
    });
  } finally {
    await store.close();
    await rm(out, { recursive: true });
  }
}

const program = new Command('bench:scaling')
  .description('what it costs to plan and to hand out many cells, with workers that measure nothing')
  .requiredOption('--redis <url>', 'a Redis of its own')
  .option('--cells <n>', 'how many', parseCount, 100_000)
  .option('--written <n>', 'records that are written to disk, to time that', parseCount, 1_000)
  .action(scaling);
await runAction(async () => {
  await program.parseAsync(process.argv);
});
