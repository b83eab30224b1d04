/**
 * From the end of a child to an outcome: what it reported, or what its death means.
 */
import { failed } from '../outcome.js';
import { type Failure, type Outcome, outcomeSchema } from '../record.js';
import type { ChildEnd, Limits } from './child.js';

/** What the child reported, or a typed failure. */
export function outcomeOf(end: ChildEnd, limits: Limits): Outcome {
  if (end.outcome === null) {
    const { kind, message } = deathOf(end, limits);
    return failed(kind, message);
  }
  const checked = outcomeSchema.safeParse(end.outcome);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  return failed('crashed', `the process sent a result that is not one${where}`);
}

/** How V8, wasm, C++ and TensorFlow say that memory is used up. */
const outOfMemoryWords =
  /heap out of memory|Array buffer allocation failed|std::bad_alloc|OOM when allocating|Cannot enlarge memory|could not allocate memory|WebAssembly\.Memory.*(?:grow|allocate)|out of memory/i;

/** Whether a message tells of memory that is used up. */
export function soundsOutOfMemory(message: string): boolean {
  return outOfMemoryWords.test(message);
}

function deathOf(end: ChildEnd, limits: Limits): Failure {
  const limit = `${(limits.memoryBytes / 2 ** 30).toFixed(1)} GB`;
  if (end.timedOut) {
    return {
      kind: 'timeout',
      message: `no result after ${limits.seconds} s; --time-limit gives each cell longer`,
    };
  }
  if (soundsOutOfMemory(end.error ?? end.tail)) {
    return {
      kind: 'out of memory',
      message: `needed more than its limit of ${limit}; --memory-limit gives each cell more`,
    };
  }
  if (end.signal === 'SIGKILL' && end.kernelOutOfMemory) {
    return {
      kind: 'out of memory',
      message: 'killed by the system, which had no memory left; use fewer --workers',
    };
  }
  if (end.error !== null) return { kind: 'crashed', message: end.error };
  return { kind: 'crashed', message: `${howItDied(end)}${lastLines(end.tail)}` };
}

function howItDied(end: ChildEnd): string {
  if (end.signal !== null) return `the process was ended by ${end.signal}`;
  if (end.code === 0) return 'the process ended without a result';
  return `the process ended with code ${end.code ?? 'unknown'}`;
}

/** Enough of what a process printed to see why it died. */
function lastLines(tail: string): string {
  const lines = tail.split('\n').slice(-8).join('\n');
  return lines === '' ? '' : `; its last words were:\n${lines}`;
}
