/** Where the cells of a plan run: in processes of this machine, or handed out to workers on any number of hosts. */
import { type Command, Option } from 'commander';
import { fingerprint } from '../harness/fingerprint.js';
import { withoutPassword } from '../harness/passwords.js';
import type { Job } from '../harness/plan.js';
import { type Measure, measure } from '../harness/run.js';
import type { MeasuringOptions } from './common-options.js';
import { UsageError } from './errors.js';
import { note } from './output.js';
import { parseDuration } from './values.js';

const schedulers = ['local', 'bullmq'] as const;

export interface SchedulerFlags {
  readonly scheduler?: (typeof schedulers)[number];
  readonly redis?: string;
  readonly anyBackend?: boolean;
  readonly workerWait?: number;
}

/** For commands that measure many cells. */
export function addSchedulerOptions(command: Command): Command {
  return addRedisOption(
    command.addOption(
      new Option('--scheduler <name>', 'where cells run: here, or on workers that a Redis tells of them')
        .choices(schedulers)
        .default('local'),
    ),
  )
    .option('--any-backend', 'bullmq: let workers of other backends train too; times are never mixed', false)
    .option('--worker-wait <time>', 'end when no worker has been there for so long', parseDuration, 600);
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
  if (options.redis === undefined)
    throw new UsageError('--scheduler bullmq needs the address of a Redis: --redis redis://host:port');
  const { measureOverRedis } = await import('../harness/distributed/coordinator.js');
  return {
    measure: measureOverRedis({
      redis: options.redis,
      version: fingerprint(pluginFiles),
      backend: backendOf(missing),
      anyBackend: options.anyBackend ?? false,
      fresh: options.fresh,
      terms: {
        preset,
        commandLine: ['formerbench', ...process.argv.slice(2).map(withoutPassword)],
        limits: { seconds: options.timeLimit ?? null, memoryBytes: options.memoryLimit ?? null },
      },
      waitSeconds: options.workerWait ?? 600,
      note,
    }),
    here: false,
  };
}

/** A plan has one; floors need none. */
const backendOf = (jobs: readonly Job[]): string =>
  jobs.find(({ cell }) => cell.backend !== 'none')?.cell.backend ?? 'any';
