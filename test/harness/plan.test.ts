import { expect, test } from 'vitest';
import { isFinal, isTrouble, planJobs } from '../../harness/plan.js';
import { failureKinds, type RunRecord } from '../../harness/record.js';
import { baselineCell, recordOf, speedCell, trainedCell } from './cells.js';

const none = new Map<string, string>();

test('a cell that two tables need is planned once', () => {
  expect(planJobs([trainedCell, speedCell, { ...trainedCell }], none)).toHaveLength(2);
});

test('seeds are the outermost loop, and speed cells come last within a seed', () => {
  const second = { ...trainedCell, seed: 2 };
  const jobs = planJobs([speedCell, baselineCell, trainedCell, second], none);
  expect(jobs.map(({ cell }) => [cell.seed, cell.kind])).toEqual([
    [1, 'baseline'],
    [1, 'encoder'],
    [1, 'speed'],
    [2, 'encoder'],
  ]);
});

test('ids do not depend on the order of the plan', () => {
  const ids = (cells: Parameters<typeof planJobs>[0]) =>
    planJobs(cells, none)
      .map(({ id }) => id)
      .sort();
  expect(ids([trainedCell, speedCell])).toEqual(ids([speedCell, trainedCell]));
});

const limits = { seconds: 60, memoryBytes: 4e9, threads: 1 };
const failedWith = (failure: RunRecord['failure']) => recordOf('00000000000000aa', speedCell, { failure });
const outOfMemory = (limitBytes: number, predictedBytes: number | null = null) =>
  failedWith({
    kind: 'out of memory',
    message: '',
    memory: { predictedBytes, limitBytes, observedBytes: limitBytes },
  });

test('results are final; failures of the machine, the data or a plugin are tried again', () => {
  const final = failureKinds.filter((kind) => isFinal(failedWith({ kind, message: '' }), limits));
  expect(final).toEqual(['diverged', 'did not learn']);
  expect(isFinal(recordOf('00000000000000aa'), limits)).toBe(true);
});

test('out of memory is final until there is more of it', () => {
  expect(isFinal(outOfMemory(4e9), limits)).toBe(true);
  expect(isFinal(outOfMemory(8e9), limits)).toBe(true);
  expect(isFinal(outOfMemory(3e9), limits)).toBe(false);
  // What is free differs a little from run to run.
  expect(isFinal(outOfMemory(3.9e9), limits)).toBe(true);
  // The heap of wasm is what it is, however much the machine has.
  expect(isFinal(outOfMemory(2 ** 32), { ...limits, memoryBytes: 2 ** 40, heapBytes: 2 ** 32 })).toBe(true);
});

test('a timeout is final until there is more time', () => {
  const late = (limitSeconds: number) => failedWith({ kind: 'timeout', message: '', limitSeconds });
  expect([60, 90, 30].map((seconds) => isFinal(late(seconds), limits))).toEqual([true, true, false]);
});

test('what was foreseen not to fit is no trouble', () => {
  expect(isTrouble(outOfMemory(4e9, 9e9))).toBe(false);
  expect(isTrouble(outOfMemory(4e9, 3e9))).toBe(true);
  expect(isTrouble(outOfMemory(4e9))).toBe(true);
  expect(isTrouble(failedWith({ kind: 'did not learn', message: '' }))).toBe(false);
  expect(isTrouble(failedWith({ kind: 'crashed', message: '' }))).toBe(true);
  expect(isTrouble(recordOf('00000000000000aa'))).toBe(false);
});
