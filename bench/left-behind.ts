/** What a process holds, and whether that grows from round to round. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Left {
  readonly heapMegabytes: number;
  readonly residentMegabytes: number;
  readonly tensors: number;
  /** Open files, sockets and pipes of this process. */
  readonly files: number;
  readonly sockets: number;
  /** Processes that this one has started. */
  readonly children: number;
  /** Files and folders, where temporary ones go. */
  readonly temporary: number;
  readonly failures: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** After the garbage is collected. @param folder - where temporary files go */
export function whatIsLeft(folder: string, tensors: number): Omit<Left, 'failures'> {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  const targets = readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`)];
    } catch {
      return []; // That of this look itself.
    }
  });
  const sockets = targets.filter((target) => target.startsWith('socket:')).length;
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
  return {
    heapMegabytes: heapUsed / 2 ** 20,
    residentMegabytes: rss / 2 ** 20,
    tensors,
    files: targets.length - sockets,
    sockets,
    children: children === '' ? 0 : children.split(' ').length,
    temporary: readdirSync(folder).length,
  };
}

/** Of the heap, between the first and the last third of the rounds: more is a leak. */
const allowedMegabytes = 5;

export function growthOf(rounds: readonly Left[]): {
  readonly heapMegabytes: number;
  readonly residentMegabytes: number;
  readonly problems: string[];
} {
  const third = Math.max(1, Math.floor(rounds.length / 3));
  const mean = (some: readonly Left[], of: (left: Left) => number) =>
    some.reduce((sum, left) => sum + of(left), 0) / some.length;
  const growth = (of: (left: Left) => number) =>
    mean(rounds.slice(-third), of) - mean(rounds.slice(0, third), of);
  const counted = ['tensors', 'files', 'sockets', 'children', 'temporary'] as const;
  const [first, last] = [rounds[0], rounds.at(-1)];
  const heapMegabytes = growth((left) => left.heapMegabytes);
  const failures = rounds.reduce((sum, left) => sum + left.failures, 0);
  return {
    heapMegabytes,
    residentMegabytes: growth((left) => left.residentMegabytes),
    problems: [
      ...(heapMegabytes > allowedMegabytes ? [`the heap grew by ${heapMegabytes.toFixed(1)} MB`] : []),
      ...counted
        .filter((name) => (last?.[name] ?? 0) > (first?.[name] ?? 0))
        .map((name) => `${name}: ${first?.[name]} at first, ${last?.[name]} at last`),
      ...(failures > 0 ? [`${failures} cells failed`] : []),
    ],
  };
}
