/**
 * `formerbench worker --orders LIST`: what a Slurm job runs. As a task of an array it measures the one order of its
 * index, else all of the list, one after the other. What is answered already is left alone, so a requeued job goes on.
 */
import { hostname } from 'node:os';
import { HarnessError } from '../errors.js';
import { fingerprint } from '../fingerprint.js';
import type { SchedulerEvent } from '../scheduler/index.js';
import { openBench } from './bench.js';
import { openHostTurns } from './host-turns.js';
import type { Order } from './order.js';
import { checkpointsOf, hasAnswer, readList, writeAnswer } from './slurm-files.js';

export interface SlurmTaskOptions {
  readonly list: string;
  readonly signal: AbortSignal;
  readonly report: (event: SchedulerEvent) => void;
  readonly predict: (plugins: readonly string[]) => Promise<Parameters<typeof openBench>[0]['predict']>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** @throws HarnessError when the list is not one for these sources, or has no such order */
export async function runSlurmTask(options: SlurmTaskOptions): Promise<void> {
  const { list, signal, report, environment = process.env } = options;
  const { version, backend, dataFolders, plugins, checkpointSeconds, orders } = await readList(list);
  const here = fingerprint(plugins);
  if (here !== version)
    throw new HarnessError(
      `this node has other sources (${here}) than the run that wrote ${list} (${version}); install the same version`,
    );
  const host = environment['SLURMD_NODENAME'] ?? hostname();
  const cores = Number(environment['SLURM_CPUS_ON_NODE'] ?? NaN);
  const bench = await openBench({
    ...{ workers: 1, backend, dataFolders, plugins, limits: { seconds: null, memoryBytes: null } },
    predict: await options.predict(plugins),
    ...(cores > 0 ? { cores } : {}),
    ...(checkpointSeconds === null
      ? {}
      : { checkpoints: { folder: checkpointsOf(list), everySeconds: checkpointSeconds } }),
  });
  try {
    const turns = await openHostTurns();
    for (const order of chosen(orders, environment['SLURM_ARRAY_TASK_ID'], list)) {
      if (await hasAnswer(list, order)) continue;
      const endTurn = await turns.take(order.cell.kind === 'speed', signal);
      try {
        const record = await bench.measure(order, signal, report);
        if (record === null) return;
        await writeAnswer(list, order, { host, record });
      } finally {
        await endTurn();
      }
    }
  } finally {
    await bench.close();
  }
}

function chosen(orders: readonly Order[], index: string | undefined, list: string): readonly Order[] {
  if (index === undefined) return orders;
  const order = orders[Number(index)];
  if (order === undefined)
    throw new HarnessError(`${list} has ${orders.length} orders, and none at ${index}`);
  return [order];
}
