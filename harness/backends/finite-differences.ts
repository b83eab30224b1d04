/** Checks gradients against central differences, for `doctor` and tests. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { normals } from '../../architectures/random.js';

/** Step of the differences: errors of float32 and of the third derivative are about equal here. */
const step = 1 / 64;

/** Of a right gradient: differences in float32 are right to about 1e-3, and the defects give 0.1 and more. */
export const gradientTolerance = 5e-3;

/**
 * The largest difference between the gradient that TensorFlow.js computes and central differences of the same function,
 * relative to the largest gradient. Outputs are weighted at random, so that a gradient in the wrong place shows.
 *
 * @param f - of float32 tensors of the given shapes
 * @returns about 1e-3 for a right gradient, 0.1 and more for a wrong one
 */
export function gradientError(f: (...inputs: Tensor[]) => Tensor, shapes: readonly number[][]): number {
  return tf.tidy(() => {
    const draw = (shape: number[], name: string) =>
      tf.tensor(normals(tf.util.sizeFromShape(shape), 1, 1, name), shape, 'float32');
    const inputs = shapes.map((shape, index) => draw(shape, `input ${index}`));
    const weights = draw(f(...inputs).shape, 'weights');
    const loss = (...values: Tensor[]) => tf.sum<tf.Scalar>(tf.mul(f(...values), weights));
    const gradients = tf
      .grads(loss)(inputs)
      .map((gradient) => gradient.dataSync());
    let worst = 0;
    let largest = 0;
    inputs.forEach((input, index) => {
      for (let i = 0; i < input.size; i++) {
        const slope = differenceQuotient(loss, inputs, index, i);
        worst = Math.max(worst, Math.abs(slope - (gradients[index]?.[i] ?? Number.NaN)));
        largest = Math.max(largest, Math.abs(slope));
      }
    });
    return worst / Math.max(largest, 1e-3);
  });
}

/** Of the loss by number `position` of input `index`. */
function differenceQuotient(
  loss: (...values: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  index: number,
  position: number,
): number {
  const lossAt = (shift: number) =>
    tf.tidy(() => {
      const moved = inputs.map((input, each) => (each === index ? shifted(input, position, shift) : input));
      return loss(...moved).dataSync()[0] ?? Number.NaN;
    });
  return (lossAt(step) - lossAt(-step)) / (2 * step);
}

function shifted(input: Tensor, position: number, shift: number): Tensor {
  const values = Float32Array.from(input.dataSync());
  values[position] = (values[position] ?? 0) + shift;
  return tf.tensor(values, input.shape, 'float32');
}
