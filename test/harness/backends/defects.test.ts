/** Shows each defect on an unrepaired TensorFlow.js: a repair that is no longer needed makes one of these fail. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gradientError } from '../../../harness/backends/finite-differences.js';
import { applyPatches, patches } from '../../../harness/backends/patches.js';
import { startWasm } from '../../../harness/backends/wasm.js';

describe('TensorFlow.js without repairs', () => {
  beforeAll(startWasm);

  afterEach(startWasm);

  const shown: Readonly<Record<string, () => unknown>> = {
    'cumsum-gradient': () => {
      expect(gradientError((x) => tf.cumsum(x, 1), [[4, 4, 4]])).toBeGreaterThan(0.1);
    },
    'cumsum-axis': async () => {
      // On wasm it would damage the heap of the tests that follow.
      await tf.setBackend('cpu');
      expect(tf.cumsum(tf.ones([3, 3]), -1).shape).not.toEqual([3, 3]);
    },
    'squared-difference-gradient': () => {
      expect(() => gradientError((a, b) => tf.squaredDifference(a, b), [[3, 4], [4]])).toThrow('shape');
    },
    'matmul-gradient': () => {
      expect(() =>
        gradientError(
          (a, b) => tf.matMul(a, b),
          [
            [2, 3, 4],
            [4, 2],
          ],
        ),
      ).toThrow('shape');
    },
    'unsorted-segment-sum': () => {
      expect(() => tf.unsortedSegmentSum(tf.ones([2, 2]), tf.tensor1d([0, 1], 'int32'), 2)).toThrow(
        'UnsortedSegmentSum',
      );
    },
    'gather-rows': () => {
      const table = tf.ones([4000, 256]);
      const rows = tf.range(0, 4000, 1, 'int32');
      const shift = fastest(() => tf.sum(tf.add(table, 1)));
      expect(fastest(() => tf.sum(tf.gather(table, rows)))).toBeGreaterThan(3 * shift);
    },
    matmul: () => {
      const factor = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
      tf.matMul(tf.ones([1, 2]), factor);
      expect(tf.matMul(tf.ones([1, 3]), tf.reshape(factor, [3, 2])).arraySync()).not.toEqual([[9, 12]]);
    },
    slice: () => {
      const [small, large] = [tf.zeros([1000]), tf.zeros([8_000_000])];
      expect(fastest(() => tf.slice(large, 0, 10))).toBeGreaterThan(
        10 * fastest(() => tf.slice(small, 0, 10)),
      );
    },
    identity: () => {
      const x = tf.ones([3]);
      expect(tf.clone(x).dataId).not.toBe(x.dataId);
    },
    'sum-of-rows': () => {
      const x = tf.ones([4000, 256]);
      const product = fastest(() => tf.matMul(tf.ones([1, 4000]), x));
      expect(fastest(() => tf.sum(x, 0))).toBeGreaterThan(3 * product);
    },
  };

  /** Those of the native backend are shown beside it, in test/native. */
  const here = patches.filter(({ backends }) => backends.some((backend) => backend !== 'tensorflow'));

  it.each(here.map(({ name, defect }) => [name, defect] as const))('needs %s: %s', async (name) => {
    const show = shown[name];
    expect(show, 'every repair has a test that shows its defect').toBeDefined();
    await show?.();
  });
});

describe('repairs', () => {
  it('are the same after being applied twice', () => {
    const first = applyPatches('wasm');
    const kernel = tf.getKernel('BatchMatMul', 'wasm');
    expect(applyPatches('wasm')).toEqual(first);
    expect(tf.getKernel('BatchMatMul', 'wasm')).toHaveProperty(
      'replaced',
      (kernel as { replaced?: object }).replaced,
    );
    expect(tf.matMul(tf.ones([1, 2]), tf.ones([2, 1])).arraySync()).toEqual([[2]]);
  });

  it('are named once each, with the defect they repair', () => {
    expect(new Set(patches.map(({ name }) => name)).size).toBe(patches.length);
    for (const { defect } of patches) expect(defect.length).toBeGreaterThan(20);
  });
});

function fastest(run: () => tf.Tensor): number {
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    tf.tidy(() => run().dataSync());
    return performance.now() - start;
  });
  return Math.min(...times);
}
