/** Vectors at length one. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';

/** Shorter vectors are not made longer than by 10^6: zeros stay zeros, with a finite gradient. */
const shortest = 1e-6;

/** y = x / |x| over the last axis; dx = (dy - y (y . dy)) / |x|. */
export function unitLength<T extends Tensor>(x: T): T {
  return withGradient<T>(
    [x],
    () => {
      const length = tf.maximum(tf.sqrt(tf.sum(tf.square(x), -1, true)), shortest);
      const y = tf.div<T>(x, length);
      return { value: y, saved: [y, length] };
    },
    (dy, saved) => {
      const [y, length] = saved as [Tensor, Tensor];
      const along = tf.sum(tf.mul(y, dy), -1, true);
      return [tf.div(tf.sub(dy, tf.mul(y, along)), length)];
    },
  );
}
