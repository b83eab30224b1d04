/** Random mixtures of the operations that the suite uses: a graph of any of them gives what they give one by one. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dropout } from '../../architectures/layers/dropout.js';
import { embedding } from '../../architectures/layers/embedding.js';
import { gelu } from '../../architectures/layers/gelu.js';
import { layerNorm } from '../../architectures/layers/layer-norm.js';
import { normals } from '../../architectures/random.js';
import { compile, createStepState } from '../../harness/backends/compile.js';
import { useBackend } from '../support/backend.js';
import { relativeDifference } from '../support/graph-model.js';

/** All work on [rows, columns] tensors; `b` has the shape of `a`, `w` is [columns, columns]. */
interface Given {
  readonly a: Tensor2D;
  readonly b: Tensor2D;
  readonly w: Tensor;
  readonly ids: Tensor2D;
  readonly seed: tf.Tensor1D;
}

const operations: Readonly<Record<string, (given: Given) => Tensor>> = {
  add: ({ a, b }) => tf.add(a, b),
  subtract: ({ a, b }) => tf.sub(a, b),
  multiply: ({ a, b }) => tf.mul(a, b),
  divide: ({ a, b }) => tf.div(a, tf.add(tf.square(b), 1)),
  minimum: ({ a, b }) => tf.minimum(a, b),
  constant: ({ a }) => tf.add(a, tf.tensor2d(normals(a.size, 1, 1, 'constant'), a.shape)),
  product: ({ a, w }) => tf.matMul(a, w),
  'transposed product': ({ a, b, w }) =>
    tf.matMul(tf.matMul(a, tf.matMul(b, a, true, false)), w, false, true),
  'batched product': ({ a, w }) => {
    const [rows, columns] = a.shape;
    return tf.reshape(
      tf.matMul(
        tf.reshape(a, [rows, 1, columns]),
        tf.tile(tf.reshape(w, [1, columns, columns]), [rows, 1, 1]),
      ),
      [rows, columns],
    );
  },
  softmax: ({ a }) => tf.softmax(a),
  'log softmax': ({ a }) => tf.logSoftmax(a),
  gelu: ({ a }) => gelu(a),
  'layer norm': ({ a, w }) =>
    layerNorm(a, tf.sum(w, 0), tf.reshape(tf.slice(w, [0, 0], [1, -1]), [-1]), 1e-5),
  'exponential and tanh': ({ a }) => tf.exp(tf.tanh(a)),
  'square root': ({ a }) => tf.sqrt(tf.add(tf.square(a), 1e-3)),
  sum: ({ a }) => tf.add(a, tf.sum(a, 0, true)),
  maximum: ({ a }) => tf.sub(a, tf.max(a, 1, true)),
  mean: ({ a }) => tf.sub(a, tf.mean(a, 0, true)),
  'running sum': ({ a }) => tf.cumsum(a, 1),
  'slices and joins': ({ a }) =>
    tf.concat([tf.slice(a, [0, 1], [-1, a.shape[1] - 1]), tf.slice(a, [0, 0], [-1, 1])], 1),
  'padding and reversal': ({ a }) =>
    tf.reverse(
      tf.slice(
        tf.pad(a, [
          [1, 0],
          [0, 0],
        ]),
        [0, 0],
        a.shape,
      ),
      0,
    ),
  stack: ({ a, b }) => tf.sum(tf.stack([a, b, a]), 0),
  selection: ({ a, b, ids }) => tf.where(tf.tile(tf.greater(ids, 1), [1, a.shape[1]]), a, b),
  rows: ({ a, ids }) => embedding(a, ids).reshape(a.shape),
  // One more class than there are rows: TensorFlow.js refuses a single class.
  'one-hot': ({ a, ids }) =>
    tf.matMul(
      tf.cast(tf.oneHot(tf.reshape(ids, [-1]), a.shape[0] + 1), 'float32'),
      tf.concat([a, tf.sum(a, 0, true)], 0),
    ),
  dropout: ({ a, seed }) => dropout(a, 0.3, 'here', { training: true, seed }),
};

const names = Object.keys(operations);

/** Each applies to the results of two before it. */
const program = fc.array(
  fc.record({ name: fc.constantFrom(...names), first: fc.nat(20), second: fc.nat(20) }),
  { minLength: 1, maxLength: 7 },
);

function runProgram(steps: readonly { name: string; first: number; second: number }[], given: Given): Tensor {
  const results: Tensor[] = [given.a, given.b];
  for (const { name, first, second } of steps) {
    const a = results[first % results.length] as Tensor2D;
    const b = results[second % results.length] as Tensor2D;
    const result = operations[name]?.({ ...given, a, b }) as Tensor;
    // Chains of products and exponentials stay in range.
    results.push(tf.tanh(result));
  }
  return results.at(-1) as Tensor;
}

function inputsOf(rows: number, columns: number, seed: number) {
  const random = (name: string, shape: [number, number]) =>
    tf.tensor2d(normals(shape[0] * shape[1], 1, seed, name), shape);
  return {
    a: random('a', [rows, columns]),
    b: random('b', [rows, columns]),
    w: random('w', [columns, columns]),
    ids: tf.tensor2d(
      Int32Array.from({ length: rows }, (_, i) => (i * seed) % rows),
      [rows, 1],
      'int32',
    ),
    seed: tf.tensor1d([seed], 'int32'),
  };
}

describe('a graph of random operations', () => {
  useBackend('tensorflow');

  it.each(names)('with %s', (name) => {
    expectEqual([{ name, first: 0, second: 1 }], 4, 3);
  });

  it('of up to seven, forward and backward', () => {
    fc.assert(
      fc.property(program, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 5 }), expectEqual),
      { numRuns: 60 },
    );
  });
});

type Inputs = ReturnType<typeof inputsOf>;

function expectEqual(
  steps: readonly { name: string; first: number; second: number }[],
  rows: number,
  columns: number,
): void {
  const differentiated = ({ a, b, w, ids, seed }: Inputs) => {
    const square = (x: Tensor, y: Tensor) =>
      tf.sum<tf.Scalar>(tf.square(runProgram(steps, { a: x as Tensor2D, b: y as Tensor2D, w, ids, seed })));
    const { value, grads } = tf.valueAndGrads((x, y) => tf.add(square(x, y), usesBoth(x, y)))([a, b]);
    return { value, da: grads[0] as Tensor, db: grads[1] as Tensor };
  };
  const state = createStepState([], { execution: 'graph' });
  const graph = compile(differentiated, { state, expectedRuns: 100 });
  for (const seed of [1, 2]) {
    const inputs = inputsOf(rows, columns, seed);
    const [got, expected] = [graph.run(inputs), tf.tidy(() => differentiated(inputs))];
    for (const name of ['value', 'da', 'db'] as const) {
      expect(relativeDifference(got[name], expected[name], 1e-2)).toBeLessThan(1e-5);
    }
    tf.dispose([inputs, got, expected]);
  }
  state.dispose();
}

/** Nothing, with a gradient for both: a program may leave one out, which has no gradient then. */
const usesBoth = (x: unknown, y: unknown): Tensor =>
  tf.mul(tf.add(tf.sum(x as Tensor), tf.sum(y as Tensor)), 0);
