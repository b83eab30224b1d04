/** Hands cells out through a real Redis to a worker that measures nothing: what is left is the cost of handing out. */
import { note } from '../cli/output.js';
import type { Bench } from '../harness/distributed/bench.js';
import { measureOverRedis } from '../harness/distributed/coordinator.js';
import { serveRedis } from '../harness/distributed/redis-worker.js';
import { emptyOutcome } from '../harness/outcome.js';
import type { Job } from '../harness/plan.js';
import { describeRun } from '../harness/provenance.js';
import type { RunRecord } from '../harness/record.js';
import { recordFrom } from '../harness/run.js';
import type { Store } from '../harness/store.js';

/** Of the cells, and of the worker. */
export const backend = 'wasm';

interface Queue {
  readonly redis: string;
  /** Names the queues; each use takes one of its own. */
  readonly version: string;
}

/** Keeps records nowhere else than in memory. */
export function storeInMemory(): Store {
  const records = new Map<string, RunRecord>();
  const write = (record: RunRecord) => Promise.resolve(void records.set(record.id, record));
  return { records, write, close: () => Promise.resolve() };
}

/** @throws Error when a cell was not answered */
export async function handOut({ redis, version }: Queue, jobs: readonly Job[], store: Store): Promise<void> {
  const terms = {
    fresh: false,
    preset: 'paper',
    commandLine: [],
    limits: { seconds: null, memoryBytes: null },
  };
  const waitSeconds = 60;
  const measure = measureOverRedis({
    ...{ redis, version, backend, anyBackend: false, terms, waitSeconds, note },
  });
  const { left } = await measure(jobs, store, {
    ...{ preset: 'paper', workers: 1, dataFolders: [], plugins: [], deadline: null },
    signal: new AbortController().signal,
    limits: () => ({ seconds: 60, memoryBytes: 2 ** 30, threads: 1 }),
    report: () => undefined,
  });
  if (left.length > 0) throw new Error(`${left.length} cells were not answered`);
}

/** Ends when the signal says so. */
export async function serveIdle({ redis, version }: Queue, signal: AbortSignal): Promise<void> {
  const host = 'nowhere';
  const machine = { cores: 1, cpu: 'none', totalMemoryBytes: 1, workers: 16 };
  const sign = { name: `${host}/${process.pid}`, host, version, backend, ...machine };
  const turns = { take: () => Promise.resolve(() => Promise.resolve()) };
  const quiet = { signal, lostAfterSeconds: 30, report: () => undefined, note, turns };
  await serveRedis({ redis, sign, bench: await idleBench(), ...quiet });
}

/** Answers at once. */
async function idleBench(): Promise<Bench> {
  const here = await describeRun('paper');
  return {
    measure: ({ id, cell, sourcesSha256 }) => {
      const now = new Date();
      const times = { startedAt: now, endedAt: now, loadBefore: 0, loadAfter: 0 };
      return Promise.resolve(
        recordFrom({ job: { id, cell, sourcesSha256 }, outcome: emptyOutcome, ...times }, here),
      );
    },
    forget: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
