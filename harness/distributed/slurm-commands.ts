/** What is asked of Slurm, in its own commands. */
import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { HarnessError, messageOf } from '../errors.js';

const run = promisify(execFile);
const limitMilliseconds = 60_000;

async function command(name: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(name, args, { timeout: limitMilliseconds, maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new HarnessError(
      missing
        ? `${name} is not here: run where Slurm's commands are, on a login node`
        : `${name} says: ${said === '' ? messageOf(error) : said}; the site's own flags are given with --slurm-arg`,
    );
  }
}

/** @returns the job's id */
export async function submit(args: readonly string[]): Promise<string> {
  const answer = await command('sbatch', ['--parsable', ...args]);
  const id = /^\d+/.exec(answer)?.[0];
  if (id === undefined) throw new HarnessError(`sbatch gave no job id but: ${answer.trim()}`);
  return id;
}

/** Tasks of an array at most; its indices are smaller than this. */
export async function maxArraySize(): Promise<number> {
  const size = /^MaxArraySize\s*=\s*(\d+)/m.exec(await command('scontrol', ['show', 'config']))?.[1];
  return Math.max(1, Number(size ?? 1001));
}

/** A task that waits or runs: `12_3`, or `12` where its job is no array. */
export interface LiveTask {
  readonly task: string;
  readonly running: boolean;
  /** Empty while it waits. */
  readonly host: string;
}

export async function liveTasks(jobName: string): Promise<LiveTask[]> {
  const args = ['--noheader', '--array', '--user', userInfo().username, '--name', jobName];
  const lines = (await command('squeue', [...args, '--format', '%F %K %T %N'])).trim().split('\n');
  return lines.flatMap((line) => {
    const [job, index, state, host = ''] = line.trim().split(/\s+/);
    if (job === undefined || job === '') return [];
    const task = index === undefined || !/^\d+$/.test(index) ? job : `${job}_${index}`;
    return [{ task, running: state !== 'PENDING', host }];
  });
}

/** What waits is taken from the queue; what runs goes on. */
export async function cancelPending(jobName: string): Promise<void> {
  await command('scancel', ['--state=PENDING', '--user', userInfo().username, `--name=${jobName}`]);
}

export async function cancelTask(task: string): Promise<void> {
  await command('scancel', [task]);
}
