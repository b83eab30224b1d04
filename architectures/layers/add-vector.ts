/** One trained vector added to every token, with its closed-form gradient. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';
import { addBias, fromRows, sumRows, toRows } from './rows.js';

/**
 * @param x - [..., D]
 * @param vector - D numbers, of any shape
 */
export function addVector<T extends Tensor>(x: T, vector: Tensor): T {
  return withGradient<T>(
    [x, vector],
    () => ({ value: fromRows(addBias(toRows(x), tf.reshape<tf.Rank.R1>(vector, [-1])), x), saved: [] }),
    (dy) => [dy, tf.reshape(sumRows(toRows(dy)), vector.shape)],
  );
}
