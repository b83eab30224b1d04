import { expect, test } from 'vitest';
import type { ChildEnd } from '../../../harness/scheduler/child.js';
import { outcomeOf } from '../../../harness/scheduler/failure.js';
import { goodOutcome, quietEnd } from '../cells.js';

const limits = { seconds: 60, memoryBytes: 2 ** 30, threads: 1 };
const unknownEnd: ChildEnd = { ...quietEnd, code: null };

test('what the child reported is the outcome', () => {
  expect(outcomeOf({ ...unknownEnd, outcome: goodOutcome, code: 0 }, limits)).toEqual(goodOutcome);
});

test.each<[string, Partial<ChildEnd>, string, string]>([
  ['over its time', { timedOut: true, signal: 'SIGKILL' }, 'timeout', 'after 60 s'],
  [
    'of the heap',
    {
      signal: 'SIGABRT',
      tail: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    },
    'out of memory',
    '1.0 GB',
  ],
  [
    'of C++',
    { signal: 'SIGABRT', tail: "terminate called after throwing an instance of 'std::bad_alloc'" },
    'out of memory',
    '1.0 GB',
  ],
  [
    'of TensorFlow',
    { code: 1, error: 'OOM when allocating tensor with shape[4,4]' },
    'out of memory',
    '1.0 GB',
  ],
  [
    'of an array',
    { code: 0, error: 'RangeError: Array buffer allocation failed' },
    'out of memory',
    '1.0 GB',
  ],
  ['over its memory', { overMemory: true, signal: 'SIGKILL' }, 'out of memory', 'its limit of 1.0 GB'],
  ['by the kernel', { signal: 'SIGKILL', kernelOutOfMemory: true }, 'out of memory', 'killed by the system'],
  ['by someone', { signal: 'SIGKILL' }, 'crashed', 'SIGKILL'],
  ['by a fault', { signal: 'SIGSEGV', tail: 'first\nlast words' }, 'crashed', 'last words'],
  ['with a code', { code: 7 }, 'crashed', 'code 7'],
  ['without a word', { code: 0 }, 'crashed', 'without a result'],
  ['with what it threw', { code: 0, error: 'Error: no such kernel' }, 'crashed', 'no such kernel'],
])('a death %s is typed', (_how, end, kind, words) => {
  const { failure } = outcomeOf({ ...unknownEnd, ...end }, limits);
  expect(failure?.kind).toBe(kind);
  expect(failure?.message).toContain(words);
});

test('a number that is none is a failure, not a record', () => {
  const { failure } = outcomeOf(
    { ...unknownEnd, outcome: { ...goodOutcome, metrics: { accuracy: NaN } } },
    limits,
  );
  expect(failure?.kind).toBe('crashed');
  expect(failure?.message).toContain('metrics.accuracy');
});

test('out of memory goes with what was predicted, allowed and seen, whoever tells of it', () => {
  const seen = { peakResidentBytes: 1.1e9 };
  const killed = outcomeOf({ ...unknownEnd, ...seen, overMemory: true }, limits, 7e9);
  const told = { ...goodOutcome, failure: { kind: 'out of memory', message: 'no room' } };
  const reported = outcomeOf({ ...unknownEnd, ...seen, outcome: told }, limits, 7e9);
  const memory = { predictedBytes: 7e9, limitBytes: 2 ** 30, observedBytes: 1.1e9 };
  expect(killed.failure?.memory).toEqual(memory);
  expect(reported.failure).toMatchObject({ kind: 'out of memory', memory });
  expect(reported.failure?.message).toMatch(/its limit of 1\.0 GB.*\nno room$/);
});

test('the limit that counts is the heap of the backend, where that is smaller', () => {
  const wasm = { ...limits, memoryBytes: 2 ** 40, heapBytes: 2 ** 32 };
  const { failure } = outcomeOf({ ...unknownEnd, error: 'std::bad_alloc' }, wasm);
  expect(failure).toMatchObject({ message: expect.stringContaining('4.0 GB') as string });
  expect(failure?.memory?.limitBytes).toBe(2 ** 32);
});

test('a timeout keeps the time it was given', () => {
  expect(outcomeOf({ ...unknownEnd, timedOut: true }, limits).failure?.limitSeconds).toBe(60);
});
