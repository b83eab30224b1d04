/**
 * One cell in one child process, from its start to its end.
 *
 * The parent sleeps meanwhile: what it hears are messages, the end of the child, and two timers, the time limit and a
 * look at the child's resident set ten times a second. A single allocation far beyond the limit fails at once by the
 * kernel's own limit (`ulimit -d`), before it is touched.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { CellEvent } from '../cell-event.js';
import type { CellRequest } from '../run-cell.js';
import { readMessage } from './child-message.js';
import type { Held, Part } from './gate.js';
import { oomKillCount } from './kernel-oom.js';
import { watchResident } from './resident-watch.js';
import { startStopwatch, type Stopwatch } from './stopwatch.js';

export interface Limits {
  /** Wall time from start to result, less what it was held. */
  readonly seconds: number;
  /** Of the resident set of the process. */
  readonly memoryBytes: number;
  /** What the heap of its backend can grow to, where that is bounded. */
  readonly heapBytes?: number;
  /** Threads that the backend may use. */
  readonly threads: number;
}

/** How a child ended; `failure.ts` makes sense of it. */
export interface ChildEnd {
  readonly outcome: unknown;
  /** What it threw, when it could still say so. */
  readonly error: string | null;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  /** Whether it was killed because its resident set passed the limit. */
  readonly overMemory: boolean;
  /** Of its resident set, as seen from outside; null where the system does not say. */
  readonly peakResidentBytes: number | null;
  /** Wall time, less what it was held. */
  readonly seconds: number;
  /** Whether the kernel killed any process for memory meanwhile. */
  readonly kernelOutOfMemory: boolean;
  /** The end of what it printed. */
  readonly tail: string;
}

/** It can be held where it asks; its time stands still then. */
export interface RunningChild extends Held {
  readonly end: Promise<ChildEnd>;
  /** Kills it, and whatever it started, at once. */
  readonly kill: () => void;
}

/** What a child says before its end. */
export type ChildEvent = CellEvent | { readonly kind: 'asks'; readonly part: Part };

export type StartChild = (
  request: CellRequest,
  limits: Limits,
  report: (event: ChildEvent) => void,
) => RunningChild;

/**
 * Starts a child and hands it the request.
 *
 * @param script - file and arguments for node: what runs `worker.ts`, from `worker-program.ts`
 * @param errors - the file descriptor that gets its stderr, of which nothing is kept then
 */
export function startScript(
  script: readonly string[],
  request: CellRequest,
  limits: Limits,
  report: (event: ChildEvent) => void,
  errors: number | null = null,
): RunningChild {
  const child = spawnLimited(script, limits, errors);
  const kill = () => {
    killGroup(child);
  };
  const time = startStopwatch(limits.seconds, kill);
  child.send(request, () => undefined); // A child that died at once is told by its end.
  const go = () => {
    time.go();
    child.send('go', () => undefined);
  };
  return { end: endOf(child, limits, report, kill, time), kill, hold: time.hold, go };
}

/** How long the last words of a dead child may take to arrive. */
const lastWordsMilliseconds = 1_000;

function endOf(
  child: ChildProcess,
  limits: Limits,
  report: (event: ChildEvent) => void,
  kill: () => void,
  time: Stopwatch,
): Promise<ChildEnd> {
  const killsBefore = oomKillCount();
  const said = listenTo(child, report);
  let overMemory = false;
  const watch = watchResident(child.pid ?? 0, limits.memoryBytes, () => {
    overMemory = true;
    kill();
  });
  const stopWatching = () => {
    time.stop();
    watch.stop();
  };
  return new Promise((resolve) => {
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      const kernelOutOfMemory = oomKillCount() > killsBefore;
      const limited = { timedOut: time.isOver(), overMemory, kernelOutOfMemory };
      const used = { peakResidentBytes: watch.peak(), seconds: time.seconds() };
      resolve({ ...said, tail: said.tail.trim(), code, signal, ...limited, ...used });
    };
    child.once('error', (reason) => {
      stopWatching();
      said.error = `cannot start a process: ${reason.message}`;
      if (child.pid === undefined) finish(null, null);
    });
    child.once('exit', (code, signal) => {
      stopWatching();
      const waited = setTimeout(finish, lastWordsMilliseconds, code, signal);
      child.once('close', () => {
        clearTimeout(waited);
        finish(code, signal);
      });
    });
  });
}

/** How much of what a child prints is kept, in characters. */
const tailLength = 4_000;

/** What a child has said so far; `tail` is the end of what it printed. */
interface Said {
  outcome: unknown;
  error: string | null;
  tail: string;
}

/** @returns kept up to date while the child lives */
function listenTo(child: ChildProcess, report: (event: ChildEvent) => void): Said {
  const said: Said = { outcome: null, error: null, tail: '' };
  const keep = (chunk: Buffer) => {
    said.tail = (said.tail + chunk.toString('utf8')).slice(-tailLength);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('message', (sent: unknown) => {
    const message = readMessage(sent);
    if (message === null) return;
    if (message.kind === 'event') report(message.event);
    else if (message.kind === 'asks') report(message);
    else if (message.kind === 'outcome') said.outcome = message.outcome;
    else said.error = message.message;
  });
  return said;
}

/**
 * A group of its own keeps Ctrl-C of the terminal away: the parent decides what stops. The fifth channel stays silent;
 * its end tells the child that the parent is gone.
 */
function spawnLimited(script: readonly string[], limits: Limits, errors: number | null): ChildProcess {
  const threads = String(limits.threads);
  const env = {
    ...process.env,
    FORMERBENCH_THREADS: threads,
    TF_NUM_INTRAOP_THREADS: threads,
    TF_NUM_INTEROP_THREADS: threads,
    OMP_NUM_THREADS: threads,
    FORMERBENCH_LIFELINE: '4',
  };
  // Half for the JavaScript heap: it then ends with a message, before the kernel's limit ends it without one.
  const heap = `--max-old-space-size=${Math.max(128, Math.floor(limits.memoryBytes / 2 / 2 ** 20))}`;
  const node = [process.execPath, heap, ...script];
  const [command = process.execPath, ...rest] =
    process.platform === 'linux' ? limitedCommand(limits.memoryBytes, node) : node;
  return spawn(command, rest, {
    stdio: ['ignore', 'pipe', errors ?? 'pipe', 'ipc', 'pipe'],
    serialization: 'advanced', // JSON would turn a NaN into null and hide it.
    detached: true,
    env,
  });
}

/**
 * The command under a limit of the kernel's. `ulimit -d` counts private writable memory, not the address space that V8 and
 * wasm only reserve. What is written is often less than what is counted, so the kernel's limit lies well above that of the
 * resident set.
 */
export function limitedCommand(bytes: number, command: readonly string[]): string[] {
  const kilobytes = Math.floor((2 * bytes) / 1024);
  return ['/bin/sh', '-c', `ulimit -d ${kilobytes} 2>/dev/null; exec "$@"`, 'sh', ...command];
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
