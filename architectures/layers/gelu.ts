/**
 * The Gaussian error linear unit (Hendrycks and Gimpel, arXiv 1606.08415), exact, with its closed-form gradient.
 *
 *     gelu(x) = x Phi(x) = s g(s x)    with g(z) = z (1 + erf z) and s = 1 / sqrt 2
 *
 * Every pass over a large tensor takes time, so a feed-forward network multiplies its kernels by s in place of its middle.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';

/** s, by which what goes into `g` and what comes out of it is multiplied. */
export const geluScale = Math.SQRT1_2;

const onePlusErf = (z: Tensor): Tensor => tf.add(tf.erf(z), 1);

/** g(z) = z (1 + erf z); dz = dy (1 + erf z + z exp(-z^2) 2 / sqrt pi). erf is computed again, to keep one tensor less. */
export function unscaledGelu<T extends Tensor>(z: T): T {
  return withGradient<T>(
    [z],
    () => ({ value: tf.mul<T>(z, onePlusErf(z)), saved: [z] }),
    (dy, saved) => {
      const [savedZ] = saved as [Tensor];
      const bell = tf.exp(tf.neg(tf.square(savedZ)));
      const slope = tf.mul(tf.mul(savedZ, 2 / Math.sqrt(Math.PI)), bell);
      return [tf.mul(dy, tf.add(onePlusErf(savedZ), slope))];
    },
  );
}

export const gelu = <T extends Tensor>(x: T): T =>
  tf.mul<T>(unscaledGelu(tf.mul<T>(x, geluScale)), geluScale);
