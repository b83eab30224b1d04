/** Adam as part of a graph, where a parameter's step is one operation, against the algorithm in plain numbers. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createAdam } from '../../harness/adam.js';
import { compile, createStepState } from '../../harness/backends/compile.js';
import { useBackend } from '../support/backend.js';
import { gradients, plainAdam } from '../support/plain-adam.js';

interface Inputs {
  readonly gradient: Tensor;
  readonly rate: Scalar;
}

/** Steps a kernel of two numbers, the second with ten times the gradient, and a bias; gives the kernel. */
function run(options: Parameters<typeof createAdam>[1], rereads = false) {
  const kernel = tf.tidy(() => tf.variable(tf.tensor1d([1, -2]), true));
  const bias = tf.tidy(() => tf.variable(tf.tensor1d([0.5]), true));
  const adam = createAdam(
    new Map([
      ['w.kernel', kernel],
      ['w.bias', bias],
    ]),
    options,
  );
  const state = createStepState([kernel, bias, ...adam.state], { execution: 'auto' });
  const step = compile(
    ({ gradient, rate }: Inputs) => {
      const before = tf.sum<Scalar>(kernel);
      adam.apply(new Map([['w.kernel', tf.mul(gradient, tf.tensor1d([1, 10]))]]), rate);
      return { sum: rereads ? tf.sum<Scalar>(kernel) : before };
    },
    { state, expectedRuns: 100, name: 'the step' },
  );
  const rate = tf.scalar(0.1);
  const sums = gradients.map((value) => {
    const gradient = tf.tensor1d([value]);
    const { sum } = step.run({ gradient, rate });
    const [number = NaN] = sum.dataSync();
    tf.dispose([gradient, sum]);
    return number;
  });
  state.settle();
  const [values, untouched] = [[...kernel.dataSync()], [...bias.dataSync()]];
  const { execution, compilation } = step;
  state.dispose();
  adam.dispose();
  tf.dispose([kernel, bias, rate]);
  return { values, untouched, sums, execution, reason: compilation.reason };
}

const tenfold = gradients.map((value) => 10 * value);

describe('Adam in a graph', () => {
  useBackend('tensorflow');

  it('takes the steps of the paper, and what reads a parameter before reads its old value', () => {
    const { values, untouched, sums, execution } = run({ clipNorm: null, weightDecay: 0 });
    expect(execution).toBe('graph');
    expect(values[0]).toBeCloseTo(plainAdam(1, gradients, 0.1), 5);
    expect(values[1]).toBeCloseTo(plainAdam(-2, tenfold, 0.1), 5);
    expect(untouched).toEqual([0.5]);
    sums.forEach((sum, i) => {
      const seen = plainAdam(1, gradients.slice(0, i), 0.1) + plainAdam(-2, tenfold.slice(0, i), 0.1);
      expect(sum).toBeCloseTo(seen, 5);
    });
  });

  it('decays and clips as it does eagerly', () => {
    const decayed = run({ clipNorm: null, weightDecay: 0.5 });
    expect(decayed.execution).toBe('graph');
    expect(decayed.values[0]).toBeCloseTo(plainAdam(1, gradients, 0.1, 0.5), 5);
    const clipped = run({ clipNorm: 4, weightDecay: 0 });
    const scaled = gradients.map((g) => g * Math.min(1, 4 / Math.max(1e-12, Math.hypot(g, 10 * g))));
    expect(clipped.execution).toBe('graph');
    expect(clipped.values[0]).toBeCloseTo(plainAdam(1, scaled, 0.1), 5);
  });

  it('leaves a step eager that goes on with the changed parameter, and says so', () => {
    const { sums, execution, reason } = run({ clipNorm: null, weightDecay: 0 }, true);
    expect(execution).toBe('eager');
    expect(reason).toMatch(/a parameter that Adam has changed is read again/);
    expect(sums[0]).toBeCloseTo(
      plainAdam(1, gradients.slice(0, 1), 0.1) + plainAdam(-2, tenfold.slice(0, 1), 0.1),
      5,
    );
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    run({ clipNorm: 1, weightDecay: 0.1 });
    expect(tf.memory().numTensors).toBe(before);
  });
});
