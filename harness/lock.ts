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
export async function takeLock(file: string): Promise<Release> {
  const attempt = await tryLock(file);
  if (attempt.kind === 'held') throw new HarnessError(explain(attempt.holder, file));
  return attempt.release;
}

/** Gives a lock back. */
type Release = () => Promise<void>;

/**
 * Takes the lock as soon as nobody holds it.
 *
 * @param waiting - told once who holds it: `process 12` or `process 12 on another-host`
 * @throws the signal's reason when it is aborted before that
 */
export async function waitForLock(
  file: string,
  { signal, waiting }: { readonly signal: AbortSignal; readonly waiting: (holder: string) => void },
): Promise<Release> {
  for (let tries = 0; ; tries++) {
    signal.throwIfAborted();
    const attempt = await tryLock(file);
    if (attempt.kind === 'taken') return attempt.release;
    if (tries === 0) waiting(nameOf(attempt.holder));
    await setTimeout(waitMilliseconds);
  }
}

const waitMilliseconds = 200;

/** Whether a living process holds a lock now; takes and removes nothing. */
export async function isHeld(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => null);
  const holder = text === null ? null : parse(text);
  return holder !== null && (await isAlive(holder));
}

type Attempt =
  | { readonly kind: 'taken'; readonly release: Release }
  | { readonly kind: 'held'; readonly holder: Holder };

async function tryLock(file: string): Promise<Attempt> {
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), started: await startOf(process.pid) });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, mine);
  try {
    while (!(await linked(draft, file))) {
      const holder = await livingHolder(file, draft);
      if (holder !== null) return { kind: 'held', holder };
    }
  } finally {
    await rm(draft, { force: true });
  }
  const release = async () => {
    if ((await readFile(file, 'utf8').catch(() => '')) === mine) await rm(file, { force: true });
  };
  return { kind: 'taken', release };
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
 * Null where nobody holds the lock any more: the lock of a dead process is removed. Only who holds the guard may, and
 * only what it read: so a lock that another process has just taken over is never removed.
 */
async function livingHolder(file: string, draft: string): Promise<Holder | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const holder = parse(text);
  if (holder !== null && (await isAlive(holder))) return holder;
  const guard = `${file}.takeover`;
  if (await linked(draft, guard)) {
    if ((await readFile(file, 'utf8').catch(() => null)) === text) await rm(file);
    await rm(guard);
    return null;
  }
  const other = parse(await readFile(guard, 'utf8').catch(() => ''));
  if (other !== null && !(await isAlive(other))) await rm(guard, { force: true });
  await setTimeout(guardMilliseconds);
  return null;
}

/** The guard is held for two file operations. */
const guardMilliseconds = 20;

const nameOf = ({ pid, host }: Holder): string => `process ${pid}${host === hostname() ? '' : ` on ${host}`}`;

function explain(holder: Holder, file: string): string {
  return `${nameOf(holder)} is writing to this folder (${file}); wait for it, give another folder with --out, or delete that file if no formerbench is running`;
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
