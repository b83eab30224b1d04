/** `formerbench worker`: measures cells that a run elsewhere hands out. */
import { cpus, hostname } from 'node:os';
import { type Command, Option } from 'commander';
import { resolveBackend } from '../../harness/backends/index.js';
import { describeCell } from '../../harness/cell.js';
import { fingerprint } from '../../harness/fingerprint.js';
import type { SchedulerEvent } from '../../harness/scheduler/index.js';
import { defaultWorkers, thisMachine } from '../../harness/scheduler/limits.js';
import { dataFolders } from '../../tasks/datasets/folders.js';
import {
  addDataOption,
  addPluginOption,
  addWorkersOption,
  type BackendChoice,
  backendChoices,
  defaultCheckpointSeconds,
} from '../common-options.js';
import { exitCodes, UsageError } from '../errors.js';
import { catchInterrupts } from '../interrupt.js';
import { memoryPredictor } from '../memory-predictor.js';
import { note } from '../output.js';
import { describeOutcome, formatTime } from '../progress.js';
import { addRedisOption } from '../scheduler-options.js';
import { parseBytes, parseDuration } from '../values.js';
import { installedVectors } from '../word-vectors.js';

interface WorkerOptions {
  readonly redis?: string;
  readonly orders?: string;
  readonly host: string;
  readonly backend: BackendChoice;
  readonly workers?: number;
  readonly data?: string;
  readonly plugin: readonly string[];
  readonly timeLimit?: number;
  readonly memoryLimit?: number;
  readonly lostAfter: number;
  readonly checkpoints?: string;
  readonly checkpointEvery: number;
}

export function addWorkerCommand(program: Command): void {
  const command = program
    .command('worker')
    .description('measure the cells that a run elsewhere hands out, until Ctrl-C')
    .option('--host <name>', 'what this machine is called in progress lines', hostname())
    .addOption(new Option('--backend <name>', 'what computes').choices(backendChoices).default('auto'))
    .option('--time-limit <time>', 'end a cell that takes longer, unless its run says', parseDuration)
    .option('--memory-limit <size>', 'end a cell that needs more, unless its run says', parseBytes)
    .option('--orders <file>', 'what a job of `--scheduler slurm` runs: the list that the run wrote')
    .option('--lost-after <time>', 'a worker that is silent for so long is lost', parseDuration, 30)
    .option(
      '--checkpoints <folder>',
      'keep training half-way there: workers that see the folder go on where another was lost',
    )
    .option('--checkpoint-every <time>', 'how often', parseDuration, defaultCheckpointSeconds)
    .action(serve);
  addRedisOption(addWorkersOption(addDataOption(addPluginOption(command))));
}

async function serve(options: WorkerOptions): Promise<void> {
  if (options.orders !== undefined) {
    await workOff(options.orders);
    return;
  }
  if (options.redis === undefined)
    throw new UsageError('a worker needs the address of a Redis: --redis redis://host:port');
  const [{ openBench }, { hostPattern }, { serveRedis }] = await Promise.all([
    import('../../harness/distributed/bench.js'),
    import('../../harness/distributed/queues.js'),
    import('../../harness/distributed/redis-worker.js'),
  ]);
  const { host, plugin } = options;
  if (!hostPattern.test(host))
    throw new UsageError(`--host ${host}: give letters, digits, dots and dashes, at most 63`);
  const sign = await signOf(options);
  const interrupt = catchInterrupts();
  const vectors = installedVectors();
  const bench = await openBench({
    workers: sign.workers,
    backend: sign.backend,
    dataFolders: [...(vectors === null ? [] : [vectors]), ...dataFolders(options.data)],
    plugins: plugin,
    limits: { seconds: options.timeLimit ?? null, memoryBytes: options.memoryLimit ?? null },
    predict: await memoryPredictor(plugin),
    ...(options.checkpoints === undefined
      ? {}
      : { checkpoints: { folder: options.checkpoints, everySeconds: options.checkpointEvery } }),
  });
  try {
    const { redis, lostAfter: lostAfterSeconds } = options;
    const { signal } = interrupt;
    await serveRedis({ redis, sign, bench, lostAfterSeconds, signal, report, note });
    process.exitCode = exitCodes.interrupted;
  } finally {
    await bench.close();
    interrupt.release();
  }
}

/** As a job of Slurm, which sends SIGTERM when it takes the node back. */
async function workOff(list: string): Promise<void> {
  const { runSlurmTask } = await import('../../harness/distributed/slurm-task.js');
  const interrupt = catchInterrupts();
  try {
    await runSlurmTask({ list, signal: interrupt.signal, report, predict: memoryPredictor });
    if (interrupt.signal.aborted) process.exitCode = exitCodes.interrupted;
  } finally {
    interrupt.release();
  }
}

function report(event: SchedulerEvent): void {
  const what = describeCell(event.job.cell);
  if (event.kind === 'started') note(`${what}: started`);
  if (event.kind === 'progress' && event.event.kind === 'note') note(`${what}: ${event.event.text}`);
  if (event.kind === 'ended')
    note(`${what}: ${describeOutcome(event.job.cell, event.outcome)} (${formatTime(event.seconds)})`);
}

/** What this worker says of itself. */
async function signOf({ host, plugin, workers, backend }: WorkerOptions) {
  const machine = thisMachine();
  const cores = cpus();
  return {
    name: `${host}/${process.pid}`,
    host,
    version: fingerprint(plugin),
    backend: await resolveBackend(backend),
    workers: workers ?? defaultWorkers(machine),
    cores: cores.length,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    totalMemoryBytes: machine.memoryBytes,
  };
}
