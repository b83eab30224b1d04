/**
 * `--scheduler slurm`: training cells as array jobs, a task a cell; all speed cells as one job that has a node to itself.
 *
 * The truth is the files: a cell is done when its answer is there, whatever Slurm says of its task. A cell without an
 * answer whose task is gone is submitted again, since jobs are lost with nodes and with the controller.
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import type { Job } from '../plan.js';
import type { Measure, RunOptions, RunResult } from '../run.js';
import { type Intake, openIntake } from './intake.js';
import { type OrderTerms, orderOf } from './order.js';
import {
  cancelPending,
  cancelTask,
  type LiveTask,
  liveTasks,
  maxArraySize,
  submit,
} from './slurm-commands.js';
import { openSlurmFiles, type SlurmFiles } from './slurm-files.js';

export interface SlurmPlan {
  readonly out: string;
  readonly version: string;
  readonly backend: string;
  /** The site's own flags of sbatch, after those of formerbench. */
  readonly arguments: readonly string[];
  readonly terms: OrderTerms;
  /** Without an answer of Slurm for this long, the run ends. */
  readonly waitSeconds: number;
  readonly note: (line: string) => void;
}

interface Run {
  readonly plan: SlurmPlan;
  readonly jobName: string;
  readonly files: SlurmFiles;
  readonly intake: Intake;
  readonly options: RunOptions;
  /** By cell id: the task that has it, and how often it was submitted by this run. */
  readonly tasks: Map<string, { readonly task: string; readonly tries: number }>;
  /** When a task was first seen to run, by `performance.now()`. */
  readonly runningSince: Map<string, number>;
  /** Of the speed cells that are answered. */
  speedHost: string | null;
  /** Nothing is submitted any more. */
  closing: boolean;
}

const pollMilliseconds = 500;
/** Between two questions to the controller, which many users ask. */
const askMilliseconds = 5000;
const stopMilliseconds = 1500;
/** How often a cell may lose its task. */
const maxTries = 3;
/** How long a task may be over its time before it is taken for a ghost of a controller that died. */
const graceSeconds = 600;

export const measureOverSlurm =
  (plan: SlurmPlan): Measure =>
  async (jobs, store, options) => {
    if (jobs.length === 0) return { ran: [], left: [] };
    const files = await openSlurmFiles(plan.out);
    if (plan.terms.fresh) await files.forget(jobs.map(({ id }) => id));
    const intake = await openIntake(jobs, store, options);
    const tasks = new Map((await files.remembered()).map(({ id, task }) => [id, { task, tries: 0 }]));
    const jobName = `formerbench-${createHash('sha256').update(resolve(plan.out)).digest('hex').slice(0, 8)}`;
    const fixed = { plan, jobName, files, intake, options, tasks };
    return follow({ ...fixed, runningSince: new Map(), speedHost: null, closing: false });
  };

async function follow(run: Run): Promise<RunResult> {
  const { intake, plan, options, jobName } = run;
  const result = (): RunResult => ({ ran: intake.ran, left: [...intake.open.values()] });
  let asked = -Infinity;
  let heard = performance.now();
  for (;;) {
    await takeAnswers(run);
    if (intake.open.size === 0) return result();
    if (options.signal.aborted) {
      await Promise.race([cancelPending(jobName).catch(() => undefined), setTimeout(stopMilliseconds)]);
      return result();
    }
    if (options.deadline !== null && performance.now() >= options.deadline && !run.closing) {
      run.closing = true;
      await cancelPending(jobName);
    }
    if (performance.now() - asked >= askMilliseconds) {
      asked = performance.now();
      const live = await liveTasks(jobName).catch((error: unknown) => messageOf(error));
      if (typeof live !== 'string') {
        heard = performance.now();
        const lost = await withoutTask(run, live);
        if (run.closing && lost.length === intake.open.size) return result();
        if (!run.closing && lost.length > 0) await submitAgain(run, lost);
      } else if (performance.now() - heard >= 1000 * plan.waitSeconds) return { ...result(), halted: live };
    }
    await setTimeout(pollMilliseconds);
  }
}

async function takeAnswers(run: Run): Promise<void> {
  const { files, intake } = run;
  for (const id of await files.answered()) {
    const job = intake.open.get(id);
    if (job !== undefined) {
      const { host } = await intake.take(id, await files.readAnswer(id));
      if (job.cell.kind === 'speed') run.speedHost ??= host;
    }
    await files.removeAnswer(id);
  }
}

/** Open cells whose task is not there any more, and has left no answer. */
async function withoutTask(run: Run, live: readonly LiveTask[]): Promise<Job[]> {
  const byTask = new Map(live.map((each) => [each.task, each]));
  await takeAnswers(run); // What ended between the two questions has an answer now.
  const lost: Job[] = [];
  for (const job of run.intake.open.values()) {
    const task = byTask.get(run.tasks.get(job.id)?.task ?? '');
    if (task === undefined) lost.push(job);
    else if (task.running && job.cell.kind !== 'speed' && isGhost(run, job, task))
      await cancelTask(task.task);
  }
  return lost;
}

function isGhost({ runningSince, options }: Run, job: Job, { task, host }: LiveTask): boolean {
  const since = runningSince.get(task);
  if (since === undefined) {
    runningSince.set(task, performance.now());
    options.report({ kind: 'started', job, host });
    return false;
  }
  return performance.now() - since > 1000 * (options.limits(job).seconds + graceSeconds);
}

async function submitAgain(run: Run, jobs: readonly Job[]): Promise<void> {
  const { intake, plan, files } = run;
  const wanted: Job[] = [];
  for (const job of jobs) {
    const tries = run.tasks.get(job.id)?.tries ?? 0;
    if (tries < maxTries) wanted.push(job);
    else
      await intake.giveUp(job.id, `its Slurm task ended ${tries} times without an answer; see ${files.logs}`);
  }
  const training = wanted.filter(({ cell }) => cell.kind !== 'speed');
  const size = training.length === 0 ? 1 : await maxArraySize();
  const arrays: string[] = [];
  for (let at = 0; at < training.length; at += size) {
    const chunk = training.slice(at, at + size);
    arrays.push(await submitList(run, chunk, ['--requeue', `--array=0-${chunk.length - 1}`]));
  }
  const timed = wanted.filter(({ cell }) => cell.kind === 'speed');
  if (timed.length > 0) await submitList(run, timed, timedArguments(run, arrays));
  if (wanted.length > 0) plan.note(`${wanted.length} cells are submitted to Slurm as ${run.jobName}`);
}

/** After the arrays, alone on its node, and on the node that has measured before. */
function timedArguments({ speedHost }: Run, arrays: readonly string[]): string[] {
  const after = arrays.length === 0 ? [] : [`--dependency=afterany:${arrays.join(':')}`];
  const where = speedHost === null ? [] : [`--nodelist=${speedHost}`];
  return ['--no-requeue', '--exclusive', '--nodes=1', ...after, ...where];
}

async function submitList(run: Run, jobs: readonly Job[], own: readonly string[]): Promise<string> {
  const { plan, files, tasks, jobName, options } = run;
  const { version, backend, terms } = plan;
  const name = `${Date.now().toString(36)}-${process.pid}-${(lists += 1)}`;
  const script = await files.writeList(name, {
    ...{ version, backend },
    dataFolders: options.dataFolders.map((folder) => resolve(folder)),
    plugins: options.plugins.map((file) => resolve(file)),
    checkpointSeconds: options.checkpoints?.everySeconds ?? null,
    orders: jobs.map((job) => orderOf(job, terms)),
  });
  const isArray = own.some((each) => each.startsWith('--array'));
  const log = `--output=${files.logs}/%${isArray ? 'A_%a' : 'j'}.log`;
  const fixed = [`--job-name=${jobName}`, '--open-mode=append', log];
  const job = await submit([...fixed, ...own, ...plan.arguments, script]);
  const taken = jobs.map(({ id }, index) => ({ id, task: isArray ? `${job}_${index}` : job }));
  for (const { id, task } of taken) tasks.set(id, { task, tries: (tasks.get(id)?.tries ?? 0) + 1 });
  await files.remember(taken);
  return job;
}

let lists = 0;
