/** The mixer under test, small and with random parameters, and what the checks need of it. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Architecture, Sizes } from '../../architectures/contract.js';
import { normals } from '../../architectures/random.js';
import { createParameters } from '../../architectures/scope.js';

/** Odd on purpose, and shorter than most blocks. */
export const shortSizes: Sizes = { length: 13, hidden: 24, heads: 4 };
/** Several blocks, windows and segments long, and prime: a multiple of none of them. */
export const longSizes: Sizes = { length: 523, hidden: 8, heads: 2 };

export interface Subject {
  readonly sizes: Sizes;
  /** Options with defaults filled in. */
  readonly options: Record<string, unknown>;
  readonly parameters: ReadonlyMap<string, Variable>;
  /** @param mask - all real when left out */
  readonly mix: (x: Tensor3D, mask?: Tensor2D) => Tensor3D;
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

/** Measures something of the mixer, and disposes of everything, whatever happens. */
export function withSubject(
  architecture: Architecture,
  sizes: Sizes,
  measure: (subject: Subject) => number,
): number {
  const subject = createSubject(architecture, sizes);
  const results: number[] = [];
  try {
    tf.tidy(() => {
      results.push(measure(subject));
    });
  } finally {
    subject.dispose();
  }
  return results[0] ?? NaN;
}

/** The output for some tokens, and the gradient of `objective` by them (`x`) and by every parameter. */
export interface Pass {
  readonly y: Tensor;
  readonly gradients: ReadonlyMap<string, Tensor>;
}

/** @param weights - of the objective sum(y * weights), [B, N, D] */
export function runBothWays(subject: Subject, x: Tensor3D, mask: Tensor2D, weights: Tensor): Pass {
  const input = tf.variable(x);
  const places = new Map<string, Variable>([...subject.parameters, ['x', input]]);
  const outputs: Tensor[] = [];
  try {
    const { grads } = tf.variableGrads(() => {
      const y = subject.mix(input, mask);
      outputs.push(tf.keep(tf.clone(y)));
      return tf.sum<Scalar>(tf.mul(y, weights));
    }, [...places.values()]);
    // A parameter that the output does not depend on has no gradient: 0.
    const gradients = [...places].map(
      ([name, variable]) => [name, grads[variable.name] ?? tf.zerosLike(variable)] as const,
    );
    return { y: tf.concat(outputs, 0), gradients: new Map(gradients) };
  } finally {
    tf.dispose([input, outputs]);
  }
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

/** Random weights for a smooth scalar of an output, different for each of its numbers. */
export const objectiveWeights = (shape: readonly number[], seed = 1): Tensor =>
  tf.tensor(normals(tf.util.sizeFromShape([...shape]), 1, seed, 'objective'), [...shape]);

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

/** The largest difference, as a share of the largest magnitude in `expected`, which counts as 1 at least. */
export function relativeDifference(expected: Tensor, actual: Tensor): number {
  let magnitude = 1;
  for (const value of expected.dataSync()) magnitude = Math.max(magnitude, Math.abs(value));
  return largestDifference(expected, actual) / magnitude;
}

export const isFinite = (y: Tensor): boolean => y.dataSync().every(Number.isFinite);
