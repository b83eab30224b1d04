/**
 * From the end of a child to an outcome: what it reported, or what its death means.
 */
import { emptyOutcome, failed } from '../outcome.js';
import { type Failure, type Outcome, outcomeSchema } from '../record.js';
import type { ChildEnd, Limits } from './child.js';
import { tightest } from './limits.js';

/**
 * What the child reported, or a typed failure.
 * @param predictedBytes - peak of the resident set by the memory model, which a failure for memory is put beside
 */
export function outcomeOf(end: ChildEnd, limits: Limits, predictedBytes: number | null = null): Outcome {
  if (end.outcome === null) return { ...emptyOutcome, failure: deathOf(end, limits, predictedBytes) };
  const checked = outcomeSchema.safeParse(end.outcome);
  if (checked.success) {
    const { failure } = checked.data;
    if (failure?.kind !== 'out of memory') return checked.data;
    const message = `${needed(limits)}\n${failure.message}`;
    const memory = memoryOf(end, limits, predictedBytes);
    return { ...checked.data, failure: { ...failure, message, memory } };
  }
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

function deathOf(end: ChildEnd, limits: Limits, predictedBytes: number | null): Failure {
  if (end.timedOut) {
    return {
      kind: 'timeout',
      message: `no result after ${limits.seconds} s; --time-limit gives each cell longer`,
      limitSeconds: limits.seconds,
    };
  }
  if (end.overMemory || soundsOutOfMemory(end.error ?? end.tail)) {
    return {
      kind: 'out of memory',
      message: needed(limits),
      memory: memoryOf(end, limits, predictedBytes),
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

const needed = (limits: Limits): string =>
  `needed more than its limit of ${gigabytes(tightest(limits))}; --memory-limit gives each cell more`;

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;

const memoryOf = (
  { peakResidentBytes }: ChildEnd,
  limits: Limits,
  predictedBytes: number | null,
): Failure['memory'] => ({
  predictedBytes,
  limitBytes: tightest(limits),
  observedBytes: peakResidentBytes,
});

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
