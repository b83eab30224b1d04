import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { peakTensorBytes, profileTensors } from '../../harness/memory.js';
import { useBackend } from '../support/backend.js';

describe.each(['cpu', 'wasm'] as const)('tensor bytes on %s', (backend) => {
  useBackend(backend);

  const run = () => {
    tf.tidy(() => {
      const x = tf.fill([1000], 2);
      tf.tidy(() => tf.exp(x)).dispose();
      tf.exp(x);
    });
  };

  it('are the most at once, and all that was written', async () => {
    const before = tf.memory().numBytes;
    expect(await peakTensorBytes(run)).toBe(before + 8_000);
    expect((await profileTensors(run)).writtenBytes).toBe(12_000);
    expect(tf.memory().numBytes).toBe(before);
  });

  it('are still measured after a run that threw, whose error comes through', async () => {
    const failing = () => {
      tf.tidy(() => {
        tf.matMul(tf.ones([2, 3]), tf.ones([2, 3]));
      });
    };
    await expect(profileTensors(failing)).rejects.toThrow('inner shapes');
    await expect(
      profileTensors(() => {
        tf.tidy(() => {
          const kernel = tf.engine().runKernel('Reshape', { x: tf.ones([3]) }, { shape: [2] });
          return kernel as tf.Tensor;
        });
      }),
    ).rejects.toThrow();
    const before = tf.memory().numBytes;
    expect(await peakTensorBytes(run)).toBe(before + 8_000);
    expect(Object.hasOwn(tf.backend(), 'time')).toBe(false);
  });
});
