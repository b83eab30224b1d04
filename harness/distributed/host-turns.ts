/**
 * Who computes on this machine now: any number of training cells, or one speed cell with nothing beside it, whichever
 * worker processes they belong to.
 *
 * By lock files of processes, so that what a dead one held is free again. A training cell first says that it runs, then
 * looks for a speed cell; a speed cell first takes the one speed lock, then waits until no training cell runs. So both
 * can never miss each other.
 */
import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { HarnessError } from '../errors.js';
import { isHeld, takeLock, waitForLock } from '../lock.js';

export interface HostTurns {
  /** Waits for the turn of a cell; gives what ends it. Rejects when the signal is aborted before. */
  readonly take: (alone: boolean, signal: AbortSignal) => Promise<() => Promise<void>>;
}

/** @param folder - the same for all workers of this machine; a test gives its own */
export async function openHostTurns(folder: string = machineFolder()): Promise<HostTurns> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const info = await lstat(folder);
  if (!info.isDirectory() || (process.getuid !== undefined && info.uid !== process.getuid()))
    throw new HarnessError(
      `${folder} belongs to another user; remove it, or set TMPDIR to a folder of yours`,
    );
  const speedLock = join(folder, 'speed.lock');
  return {
    take: (alone, signal) =>
      alone ? takeAlone(folder, speedLock, signal) : takeShared(folder, speedLock, signal),
  };
}

const machineFolder = (): string => join(tmpdir(), `formerbench-host-${userInfo().uid}`);

const waitMilliseconds = 100;

async function takeShared(
  folder: string,
  speedLock: string,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  for (;;) {
    signal.throwIfAborted();
    const release = await takeLock(join(folder, `cell-${randomUUID()}.lock`));
    if (!(await isHeld(speedLock))) return release;
    await release();
    await setTimeout(waitMilliseconds);
  }
}

async function takeAlone(
  folder: string,
  speedLock: string,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const release = await waitForLock(speedLock, { signal, waiting: () => undefined });
  try {
    while (await anyHeld(folder)) {
      signal.throwIfAborted();
      await setTimeout(waitMilliseconds);
    }
    return release;
  } catch (error) {
    await release();
    throw error;
  }
}

async function anyHeld(folder: string): Promise<boolean> {
  const cells = (await readdir(folder)).filter((name) => /^cell-[0-9a-f-]{36}\.lock$/.test(name));
  const held = await Promise.all(
    cells.map(async (name) => {
      const file = join(folder, name);
      if (await isHeld(file)) return true;
      await rm(file, { force: true }); // Of a process that died; the name comes never again.
      return false;
    }),
  );
  return held.includes(true);
}
