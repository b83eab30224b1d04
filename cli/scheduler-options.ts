/** Where the cells of a plan run: in processes of this machine, or handed out to workers on any number of hosts. */
import { type Command, Option } from 'commander';
import { fingerprint } from '../harness/fingerprint.js';
import { withoutPassword } from '../harness/passwords.js';
import type { Job } from '../harness/plan.js';
import { type Measure, measure } from '../harness/run.js';
import type { MeasuringOptions } from './common-options.js';
import { UsageError } from './errors.js';
import { note } from './output.js';
import { collect, parseDuration } from './values.js';

const schedulers = ['local', 'bullmq', 'slurm'] as const;

export interface SchedulerFlags {
  readonly scheduler?: (typeof schedulers)[number];
  readonly redis?: string;
  readonly anyBackend?: boolean;
  readonly workerWait?: number;
  readonly slurmArg?: readonly string[];
}

/** For commands that measure many cells. */
export function addSchedulerOptions(command: Command): Command {
  return addRedisOption(
    command.addOption(
      new Option('--scheduler <name>', 'where cells run: here, on workers round a Redis, or as Slurm jobs')
        .choices(schedulers)
        .default('local'),
    ),
  )
    .option('--any-backend', 'bullmq: let workers of other backends train too; times are never mixed', false)
    .option(
      '--worker-wait <time>',
      'end when no worker, or no answer of Slurm, has been there for so long',
      parseDuration,
      600,
    )
    .option(
      '--slurm-arg <argument>',
      "slurm: a flag of the site's for sbatch, for instance --slurm-arg=--mem=8G; repeatable",
      collect,
      [],
    );
}

export function addRedisOption(command: Command): Command {
  return command.addOption(
    new Option('--redis <url>', 'for instance redis://host:6380 or rediss://:password@host:6380').env(
      'FORMERBENCH_REDIS',
    ),
  );
}

interface Planned {
  readonly missing: readonly Job[];
  readonly preset: string | null;
  readonly pluginFiles: readonly string[];
}

/** @returns how to measure, and whether that is on this machine */
export async function chooseScheduler(
  options: MeasuringOptions & SchedulerFlags,
  { missing, preset, pluginFiles }: Planned,
): Promise<{ readonly measure: Measure; readonly here: boolean }> {
  if (options.scheduler === undefined || options.scheduler === 'local') return { measure, here: true };
  const shared = {
    version: fingerprint(pluginFiles),
    backend: backendOf(missing),
    terms: {
      fresh: options.fresh,
      preset,
      commandLine: ['formerbench', ...process.argv.slice(2).map(withoutPassword)],
      limits: { seconds: options.timeLimit ?? null, memoryBytes: options.memoryLimit ?? null },
    },
    waitSeconds: options.workerWait ?? 600,
    note,
  };
  if (options.scheduler === 'slurm') {
    const { measureOverSlurm } = await import('../harness/distributed/slurm.js');
    const { out, slurmArg = [] } = options;
    return { measure: measureOverSlurm({ ...shared, out, arguments: slurmArg }), here: false };
  }
  if (options.redis === undefined)
    throw new UsageError('--scheduler bullmq needs the address of a Redis: --redis redis://host:port');
  const { measureOverRedis } = await import('../harness/distributed/coordinator.js');
  const { redis, anyBackend = false } = options;
  return { measure: measureOverRedis({ ...shared, redis, anyBackend }), here: false };
}

/** A plan has one; floors need none. */
const backendOf = (jobs: readonly Job[]): string =>
  jobs.find(({ cell }) => cell.backend !== 'none')?.cell.backend ?? 'any';
