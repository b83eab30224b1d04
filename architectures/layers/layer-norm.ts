/** Layer normalisation over the last axis (Ba et al., arXiv 1607.06450), with its closed-form gradient. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';
import { addBias, fromRows, sumRows, toRows } from './rows.js';

/**
 * y = h * gamma + beta with h = (x - mean) / sqrt(variance + epsilon), biased variance.
 *
 * With g = dy * gamma: dx = (g - mean(g) - h * mean(g * h)) / sqrt(variance + epsilon).
 *
 * @param x - [..., D]
 * @param gamma - [D]
 * @param beta - [D]
 */
export function layerNorm<T extends Tensor>(x: T, gamma: Tensor, beta: Tensor, epsilon: number): T {
  const rows = toRows(x);
  const y = withGradient<Tensor2D>(
    [rows, gamma, beta],
    () => {
      const centred = tf.sub(rows, tf.mean(rows, -1, true));
      const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
      const normalised = tf.mul(centred, scale);
      return { value: addBias(tf.mul(normalised, gamma), beta), saved: [normalised, scale, gamma] };
    },
    (dy, saved) => {
      const [normalised, scale, savedGamma] = saved as [Tensor2D, Tensor2D, Tensor];
      const scaled = tf.mul(dy, savedGamma);
      const mean = tf.mean(scaled, -1, true);
      const projection = tf.mean(tf.mul(scaled, normalised), -1, true);
      const dx = tf.mul(tf.sub(tf.sub(scaled, mean), tf.mul(normalised, projection)), scale);
      return [dx, sumRows(tf.mul(dy, normalised)), sumRows(dy)];
    },
  );
  return fromRows(y, x);
}
