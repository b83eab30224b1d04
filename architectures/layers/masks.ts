/** Padding masks as terms to add to scores. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/** Far below any score, padding of any content included, and finite: gradients of selections let infinities through. */
const never = -1e30;

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
