/**
 * One writer a folder: a lock file that holds the writer's process id, taken over when that process is gone.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { HarnessError } from './errors.js';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the system's ticks: tells a process from a later one of the same id. */
  readonly started: string | null;
}

/**
 * @param file - the lock file
 * @returns gives the lock back
 * @throws HarnessError when a living process holds it
 */
export async function takeLock(file: string): Promise<() => Promise<void>> {
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), started: await startOf(process.pid) });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, mine);
  try {
    while (!(await linked(draft, file))) await clearIfStale(file, draft);
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await readFile(file, 'utf8').catch(() => '')) === mine) await rm(file, { force: true });
  };
}

/** A link appears at once with its content, and never replaces another file. */
async function linked(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes the lock of a dead process. Only who holds the guard may, and only what it read: so a lock that another
 * process has just taken over is never removed.
 */
async function clearIfStale(file: string, draft: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return;
  const holder = parse(text);
  if (holder !== null && (await isAlive(holder))) throw new HarnessError(explain(holder, file));
  const guard = `${file}.takeover`;
  if (await linked(draft, guard)) {
    if ((await readFile(file, 'utf8').catch(() => null)) === text) await rm(file);
    await rm(guard);
    return;
  }
  const other = parse(await readFile(guard, 'utf8').catch(() => ''));
  if (other !== null && !(await isAlive(other))) await rm(guard, { force: true });
  await setTimeout(guardMilliseconds);
}

/** The guard is held for two file operations. */
const guardMilliseconds = 20;

function explain({ pid, host }: Holder, file: string): string {
  const where = host === hostname() ? '' : ` on ${host}`;
  return `process ${pid}${where} is writing to this folder (${file}); wait for it, give another folder with --out, or delete that file if no formerbench is running`;
}

function parse(text: string): Holder | null {
  try {
    const { pid, host, started } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof host === 'string'
      ? { pid, host, started: started ?? null }
      : null;
  } catch {
    return null;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return holder.started === (await startOf(holder.pid));
}

/** From `/proc`, where there is one. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field, the name in brackets, may hold blanks.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
