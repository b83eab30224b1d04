/** The mixer under test, small and with random parameters, and what the checks need of it. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Architecture, Sizes } from '../../architectures/contract.js';
import { normals } from '../../architectures/random.js';
import { createParameters } from '../../architectures/scope.js';

export interface Subject {
  readonly architecture: Architecture;
  readonly sizes: Sizes;
  /** Options with defaults filled in. */
  readonly options: Record<string, unknown>;
  readonly parameters: ReadonlyMap<string, Variable>;
  /** @param mask - all real when left out */
  mix(x: Tensor3D, mask?: Tensor2D): Tensor3D;
  readonly dispose: () => void;
}

/** @param deviation - of the random values that replace the initial ones, so that biases and norms take part */
export function createSubject(architecture: Architecture, sizes: Sizes, seed = 1, deviation = 0.3): Subject {
  const parameters = createParameters(seed);
  const options = architecture.options.parse({});
  const mixer = architecture.create(parameters.scope, sizes, options);
  for (const [name, variable] of parameters.variables) {
    const values = tf.tensor(normals(variable.size, deviation, seed, 'conformance', name), variable.shape);
    variable.assign(values);
    values.dispose();
  }
  return {
    architecture,
    sizes,
    options,
    parameters: parameters.variables,
    dispose: parameters.dispose,
    mix: (x, mask) =>
      mixer(x, {
        mask: mask ?? tf.ones([x.shape[0], x.shape[1]]),
        training: false,
        seed: tf.tensor1d([1], 'int32'),
      }),
  };
}

/** Random tokens, [batch, length, hidden]. */
export function randomTokens(batch: number, { length, hidden }: Sizes, seed = 1): Tensor3D {
  return tf.tensor3d(normals(batch * length * hidden, 1, seed, 'tokens'), [batch, length, hidden]);
}

/** 1 for the first `real` tokens of each row. */
export function maskOf(real: readonly number[], length: number): Tensor2D {
  return tf.tensor2d(
    real.map((count) => Array.from({ length }, (_, i) => (i < count ? 1 : 0))),
    [real.length, length],
    'float32',
  );
}

/** A smooth scalar of an output, different for each of its numbers. */
export function objective(y: Tensor, seed = 1): Scalar {
  const weights = tf.tensor(normals(y.size, 1, seed, 'objective'), y.shape);
  return tf.sum<Scalar>(tf.mul(y, weights));
}

/** The largest difference, NaN where either has one. */
export function largestDifference(a: Tensor, b: Tensor): number {
  const [left, right] = [a.dataSync(), b.dataSync()];
  let most = 0;
  for (const [i, value] of left.entries()) {
    const difference = Math.abs(value - (right[i] ?? NaN));
    if (Number.isNaN(difference)) return NaN;
    most = Math.max(most, difference);
  }
  return most;
}
