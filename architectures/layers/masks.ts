/** Padding masks as terms to add to scores. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/** Far below any score, padding of any content included, and finite: gradients of selections let infinities through. */
export const never = -1e30;

/**
 * 0 for a real token and -1e30 for padding, whose weight after a softmax is then exactly 0.
 *
 * In a row of padding alone it is 0 everywhere: the weights are the softmax of the scores themselves, as the additive
 * -10000 of BERT and the official Fastformer gives, which cancels there.
 *
 * @param mask - 1 = real, 0 = padding, [B, N]
 */
export function paddingBias(mask: Tensor2D): Tensor2D {
  const anyReal = tf.max(mask, 1, true);
  return tf.mul(tf.mul(tf.sub(1, mask), anyReal), never);
}

/** The padding bias of each key, the same for all heads of a sequence: [B * H, N, 1]. */
export function biasOfKeys(mask: Tensor2D, heads: number): Tensor3D {
  const [batch, length] = mask.shape;
  const bias = tf.reshape(paddingBias(mask), [batch, 1, length]);
  return tf.reshape(tf.tile(bias, [1, heads, 1]), [batch * heads, length, 1]);
}

/** -1e30 for a key after the query, 0 for others: [1, N, N]. */
export function causalBias(length: number): Tensor3D {
  const values = new Float32Array(length * length);
  for (let row = 0; row < length; row++) values.fill(never, row * length + row + 1, (row + 1) * length);
  return tf.tensor3d(values, [1, length, length]);
}
