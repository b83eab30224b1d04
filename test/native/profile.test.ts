/** A profile of a graph: what TensorFlow's executor tells, with the shapes that were recorded. */
import { expect, test } from 'vitest';
import type { SpeedCell } from '../../harness/cell.js';
import { runProfile } from '../../harness/profile/run-profile.js';
import { speedCell } from '../harness/cells.js';

const limits = { seconds: 200, memoryBytes: 4 * 2 ** 30, threads: 2 };
const run = (change: Partial<SpeedCell>) => {
  const cell = { ...speedCell, backend: 'tensorflow', ...change };
  return runProfile({ cell, dataFolders: [], plugins: [] }, limits, new AbortController().signal);
};
const profileOf = async (execution: 'graph' | 'eager') => {
  const { profile, failure } = await run({ execution });
  expect(failure).toBeNull();
  return profile!;
};

test('of a graph: its own operations, with the shapes and bytes of what they put out', async () => {
  const { execution, operations, stepSeconds } = await profileOf('graph');
  expect(execution).toBe('graph');
  expect(stepSeconds).toBeGreaterThan(0);
  expect(operations.every(({ count }) => Number.isInteger(count))).toBe(true);
  const product = operations.find(({ operation, shape }) => operation.includes('MatMul') && shape !== null);
  const size = product!.shape!.reduce((a, b) => a * b, 4);
  expect(product!.bytesWritten).toBe(size * product!.count);
  expect(product!.bytesRead).toBeGreaterThan(0);
  // One of each parameter.
  const updates = operations.filter(({ operation }) => operation === 'ResourceApplyAdam');
  expect(updates.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(20);
});

test('op by op: the kernels of TensorFlow.js', async () => {
  const { execution, operations } = await profileOf('eager');
  expect(execution).toBe('eager');
  expect(operations.map(({ operation }) => operation)).toContain('BatchMatMul');
});

test('of a cell that cannot run: why', async () => {
  const { profile, failure } = await run({ architecture: 'nothing' });
  expect(profile).toBeNull();
  expect(failure).toMatchObject({
    kind: 'crashed',
    message: expect.stringContaining('no architecture nothing') as string,
  });
});
