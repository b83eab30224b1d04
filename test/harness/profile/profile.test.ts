import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it, vi } from 'vitest';
import { fastformer } from '../../../architectures/fastformer.js';
import { profileStep } from '../../../harness/profile/profile-cell.js';
import { type OperationRun, profileSchema, summarize } from '../../../harness/profile/profile.js';
import { timeKernels } from '../../../harness/profile/time-kernels.js';
import { useBackend } from '../../support/backend.js';
import { speedCell } from '../cells.js';

describe('a summary', () => {
  const run = (operation: string, seconds: number, shape: number[] | null = [2]): OperationRun => ({
    ...{ operation, shape, seconds, bytesRead: 16, bytesWritten: 8 },
  });

  it('joins the runs of one operation and shape, the hottest first, as numbers of one step', () => {
    const runs = [run('Add', 1), run('MatMul', 2), run('MatMul', 4), run('MatMul', 1, [3])];
    const { operationSeconds, operations } = summarize([...runs, ...runs], 2);
    expect(operationSeconds).toBe(8);
    expect(operations).toMatchObject([
      { operation: 'MatMul', shape: [2], count: 2, seconds: 6, share: 0.75, bytesRead: 32, bytesWritten: 16 },
      { operation: 'Add', count: 1, seconds: 1 },
      { operation: 'MatMul', shape: [3], count: 1, seconds: 1, share: 0.125 },
    ]);
  });

  it('keeps what has no shape apart, and no runs are no operations', () => {
    expect(summarize([run('Add', 1, null), run('Add', 1, [])], 1).operations).toHaveLength(2);
    expect(summarize([], 1)).toEqual({ operationSeconds: 0, operations: [] });
  });
});

describe('timing kernels', () => {
  useBackend('wasm');

  it('sees every kernel with what it reads and writes', async () => {
    const [a, b] = [tf.ones([4, 3]), tf.ones([3, 5])];
    const runs = await timeKernels(() => {
      tf.tidy(() => tf.exp(tf.matMul(a, b))).dispose();
      return Promise.resolve();
    });
    expect(runs.map(({ seconds: _, ...run }) => run)).toEqual([
      { operation: 'BatchMatMul', shape: [4, 5], bytesRead: 108, bytesWritten: 80 },
      { operation: 'Exp', shape: [4, 5], bytesRead: 80, bytesWritten: 80 },
    ]);
    tf.dispose([a, b]);
  });

  it('charges a kernel that calls another for its own share alone', async () => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    const register = (kernelName: string, work: () => void) => {
      const kernelFunc = () => {
        work();
        return { dataId: {}, shape: [1], dtype: 'float32' as const };
      };
      tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
    };
    const call = (name: string) =>
      tf.getKernel(name, 'wasm').kernelFunc({ inputs: {}, backend: tf.backend() });
    register('ProfiledInner', () => (now += 30));
    register('ProfiledOuter', () => {
      call('ProfiledInner');
      now += 5;
      call('ProfiledInner');
    });
    try {
      const runs = await timeKernels(() => Promise.resolve(call('ProfiledOuter')));
      expect(runs.map(({ operation, seconds }) => [operation, Math.round(1000 * seconds)])).toEqual([
        ['ProfiledInner', 30],
        ['ProfiledInner', 30],
        ['ProfiledOuter', 5],
      ]);
    } finally {
      clock.mockRestore();
      for (const name of ['ProfiledInner', 'ProfiledOuter']) tf.unregisterKernel(name, 'wasm');
    }
  });

  it('puts the kernels back, after a run that threw too', async () => {
    const before = tf.getKernel('Exp', 'wasm').kernelFunc;
    await expect(timeKernels(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(tf.getKernel('Exp', 'wasm').kernelFunc).toBe(before);
  });
});

describe('a profile of a speed cell', () => {
  useBackend('wasm');
  it('has the operations of the step, whose shares add up to 1, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const profile = await profileStep(speedCell, fastformer, () => Buffer.alloc(0));
    expect(profileSchema.parse(profile)).toEqual(profile);
    expect(profile.execution).toBe('eager');
    expect(profile.operationSeconds).toBeLessThanOrEqual(profile.stepSeconds);
    expect(profile.operations.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    const product = profile.operations.find(({ operation }) => /MatMul/.test(operation));
    expect(product?.bytesRead).toBeGreaterThan(0);
    expect(Number.isInteger(product?.count)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });
});
