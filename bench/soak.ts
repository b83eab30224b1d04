/**
 * `npm run bench:soak -- --minutes 60`: tiny cells, round after round, and what stays behind. Each round measures cells in
 * processes of their own, trains one in this process with a checkpoint after each step, and, with `--redis URL`, hands
 * some out. Memory of this process must not grow, and no tensor, file, process or socket may be left. Linux only.
 */
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Architecture } from '../architectures/contract.js';
import { fastformer } from '../architectures/fastformer.js';
import { exitCodes } from '../cli/errors.js';
import { note, printJson } from '../cli/output.js';
import { runAction } from '../cli/run-action.js';
import { parseCount } from '../cli/values.js';
import { type BackendInfo, startBackend } from '../harness/backends/index.js';
import { type Cell, cellSchema, type TrainedCell } from '../harness/cell.js';
import { checkpointFolder } from '../harness/checkpoints/file.js';
import { planJobs } from '../harness/plan.js';
import { measure } from '../harness/run.js';
import { openStore } from '../harness/store.js';
import { runTraining } from '../harness/train.js';
import { baselineCell, trainedCell } from '../reports/paper/accuracy-cells.js';
import { loadClassification } from '../tasks/classification/load.js';
import type { ClassificationData } from '../tasks/classification/data.js';
import { findDataset } from '../tasks/datasets/index.js';
import { handOut, serveIdle, storeInMemory } from './idle-worker.js';
import { growthOf, type Left, whatIsLeft } from './left-behind.js';

interface SoakOptions {
  readonly minutes: number;
  readonly redis?: string;
}

const request = { preset: 'smoke', backend: 'wasm' } as const;
const dataset = { name: 'brown', options: {} };
const architecture = fastformer as unknown as Architecture;
const mixer = { name: fastformer.name, options: {} };
const never = new AbortController().signal;
/** Memory has settled after these. */
const warmUpRounds = 3;

const smallCell = (seed: number): TrainedCell =>
  trainedCell(mixer, { ...dataset }, seed, request, { encoder: { length: 32, hidden: 16 } });

async function soak({ minutes, redis }: SoakOptions): Promise<void> {
  const end = performance.now() + 60_000 * minutes;
  // Of its own, so that what other programs leave there does not count.
  const temporary = await mkdtemp(join(tmpdir(), 'formerbench-soak-'));
  process.env['TMPDIR'] = temporary;
  const backend = await startBackend('wasm');
  const data = await readData();
  const rounds: Left[] = [];
  for (let round = 1; performance.now() < end || rounds.length < warmUpRounds + 3; round++) {
    const failures = await measureSome(round);
    await trainHere(round, backend, data);
    if (redis !== undefined) await handSomeOut(redis, round);
    const left = { ...whatIsLeft(temporary, tf.memory().numTensors), failures };
    rounds.push(left);
    note(
      `round ${round}: ${left.heapMegabytes.toFixed(1)} MB of heap, ${left.files} files, ${left.sockets} sockets`,
    );
  }
  await rm(temporary, { recursive: true });
  const [settled, last] = [rounds.slice(warmUpRounds), rounds.at(-1)];
  const { problems, ...growth } = growthOf(settled);
  printJson({ minutes, rounds: rounds.length, first: settled[0], last, growth, problems });
  if (problems.length > 0) process.exitCode = exitCodes.error;
}

function readData(): Promise<ClassificationData> {
  const { dataset: choice, training, encoder } = smallCell(1);
  const { vocabulary } = training;
  return loadClassification({
    ...{ dataset: findDataset(dataset.name), folders: [], choice, vocabulary, length: encoder.length },
  });
}

/** Two floors and a model, each in a process. @returns how many failed */
async function measureSome(round: number): Promise<number> {
  const out = await mkdtemp(join(tmpdir(), 'formerbench-soak-'));
  const store = await openStore(out);
  const floors = ['chance', 'naive-bayes'].map((name) =>
    baselineCell(name, dataset, { ...request, architectures: [], datasets: [], seeds: [round] }),
  );
  const cells: Cell[] = [...floors, cellSchema.parse(smallCell(round))];
  try {
    const { ran, left } = await measure(planJobs(cells, new Map()), store, {
      ...{ preset: null, workers: 2, dataFolders: [], plugins: [], deadline: null, signal: never },
      limits: () => ({ seconds: 300, memoryBytes: 2 ** 31, threads: 1 }),
      checkpoints: { folder: checkpointFolder(out), everySeconds: 0.05 },
      report: () => undefined,
    });
    return (
      left.length + ran.filter(({ failure }) => failure !== null && failure.kind !== 'did not learn').length
    );
  } finally {
    await store.close();
    await rm(out, { recursive: true });
  }
}

async function trainHere(round: number, backend: BackendInfo, data: ClassificationData): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'formerbench-soak-'));
  const checkpoints = { folder, id: '0'.repeat(16), sourcesSha256: '', everySeconds: 1e-9 };
  await runTraining({ cell: smallCell(round), architecture, data, backend, checkpoints }, () => undefined);
  await rm(folder, { recursive: true });
}

async function handSomeOut(redis: string, round: number): Promise<void> {
  const queue = { redis, version: `soak-${process.pid}-${round}` };
  const stop = new AbortController();
  const served = serveIdle(queue, stop.signal);
  const cells = Array.from({ length: 100 }, (_, i) => smallCell(1000 * round + i + 1));
  await handOut(queue, planJobs(cells, new Map()), storeInMemory());
  stop.abort();
  await served;
}

const program = new Command('bench:soak')
  .description('runs tiny cells for a time, and looks for what they leave behind')
  .option('--minutes <n>', 'how long', parseCount, 60)
  .option('--redis <url>', 'hand cells out as well; a Redis of its own')
  .action(soak);
await runAction(async () => {
  await program.parseAsync(process.argv);
});
