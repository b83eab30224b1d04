/** The Gaussian error linear unit (Hendrycks and Gimpel, arXiv 1606.08415), exact, with its closed-form gradient. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';

/** Phi(x) = (1 + erf(x / sqrt 2)) / 2 */
const normalCdf = (x: Tensor): Tensor => tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);

/** phi(x) = exp(-x^2 / 2) / sqrt(2 pi) */
const normalDensity = (x: Tensor): Tensor =>
  tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));

/** y = x * Phi(x); dx = dy * (Phi(x) + x * phi(x)). Phi is computed again in the backward pass, to keep one tensor less. */
export function gelu<T extends Tensor>(x: T): T {
  return withGradient<T>(
    [x],
    () => ({ value: tf.mul<T>(x, normalCdf(x)), saved: [x] }),
    (dy, saved) => {
      const [savedX] = saved as [Tensor];
      return [tf.mul(dy, tf.add(normalCdf(savedX), tf.mul(savedX, normalDensity(savedX))))];
    },
  );
}
