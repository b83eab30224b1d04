/** Adam against the algorithm of the paper in plain numbers. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createAdam } from '../../harness/adam.js';
import { useBackend } from '../support/backend.js';
import { gradients, plainAdam } from '../support/plain-adam.js';

/** Steps one parameter of two numbers, the second with ten times the gradient. */
function run(name: string, options: Parameters<typeof createAdam>[1]): Float32Array {
  const parameter = tf.tidy(() => tf.variable(tf.tensor1d([1, -2]), true));
  const adam = createAdam(new Map([[name, parameter]]), options);
  const rate = tf.scalar(0.1);
  for (const gradient of gradients) {
    tf.tidy(() => {
      adam.apply(new Map([[name, tf.tensor1d([gradient, 10 * gradient])]]), rate);
    });
  }
  const values = parameter.dataSync() as Float32Array;
  adam.dispose();
  tf.dispose([parameter, rate]);
  return values;
}

describe.each(['cpu', 'wasm'] as const)('Adam on %s', (backend) => {
  useBackend(backend);

  it('takes the steps of the paper', () => {
    const values = run('w.kernel', { clipNorm: null, weightDecay: 0 });
    expect(values[0]).toBeCloseTo(plainAdam(1, gradients, 0.1), 5);
    expect(values[1]).toBeCloseTo(
      plainAdam(
        -2,
        gradients.map((g) => 10 * g),
        0.1,
      ),
      5,
    );
  });

  it('decays kernels only, apart from the gradient', () => {
    expect(run('w.kernel', { clipNorm: null, weightDecay: 0.5 })[0]).toBeCloseTo(
      plainAdam(1, gradients, 0.1, 0.5),
      5,
    );
    expect(run('w.bias', { clipNorm: null, weightDecay: 0.5 })[0]).toBeCloseTo(
      plainAdam(1, gradients, 0.1),
      5,
    );
  });

  it('scales gradients down to the global norm, and leaves smaller ones alone', () => {
    const clipped = gradients.map((g) => g * Math.min(1, 4 / Math.max(1e-12, Math.hypot(g, 10 * g))));
    expect(clipped).not.toEqual(gradients);
    expect(run('w.kernel', { clipNorm: 4, weightDecay: 0 })[0]).toBeCloseTo(plainAdam(1, clipped, 0.1), 5);
    expect(run('w.kernel', { clipNorm: 1e6, weightDecay: 0 })[0]).toBeCloseTo(
      plainAdam(1, gradients, 0.1),
      5,
    );
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    run('w.kernel', { clipNorm: 1, weightDecay: 0.1 });
    expect(tf.memory().numTensors).toBe(before);
  });
});
