/** A product of tokens that are only remembered: the weights learn from it, the tokens do not. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';
import { toRows } from './rows.js';

/**
 * The numbers of `product` = x . kernel once more, not computed again, with the gradient of the kernel alone.
 *
 * @param x - [B, N, inputs]
 * @param kernel - [inputs, outputs]
 */
export function detachedProduct(product: Tensor3D, x: Tensor3D, kernel: Tensor): Tensor3D {
  return withGradient<Tensor3D>(
    [kernel],
    () => ({ value: tf.clone(product), saved: [toRows(x)] }),
    (dy, saved) => {
      const [rows] = saved as [Tensor2D];
      return [tf.matMul(rows, toRows(dy), true, false)];
    },
  );
}
