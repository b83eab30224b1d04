/** y = x . kernel + bias, with its closed-form gradient. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';
import { addBias, fromRows, sumRows, toRows } from './rows.js';

/**
 * dx = dy . kernel^T, dkernel = x^T . dy, dbias = the sum of dy over rows.
 *
 * @param x - [..., inputs]
 * @param kernel - [inputs, outputs]
 * @param bias - [outputs], or null for none
 * @returns [..., outputs]
 */
export function dense<T extends Tensor>(x: T, kernel: Tensor, bias: Tensor | null): T {
  const rows = toRows(x);
  const inputs = bias === null ? [rows, kernel] : [rows, kernel, bias];
  const y = withGradient<Tensor2D>(
    inputs,
    () => {
      const product = tf.matMul<Tensor2D>(rows, kernel);
      return { value: bias === null ? product : addBias(product, bias), saved: [rows, kernel] };
    },
    (dy, saved) => {
      const [savedRows, savedKernel] = saved as [Tensor2D, Tensor2D];
      const gradients: Tensor[] = [
        tf.matMul(dy, savedKernel, false, true),
        tf.matMul(savedRows, dy, true, false),
      ];
      return bias === null ? gradients : [...gradients, sumRows(dy)];
    },
  );
  return fromRows(y, x);
}
