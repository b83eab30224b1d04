/**
 * What a few queries read from the tokens of a text: softmax attention whose keys and values are the tokens themselves.
 *
 *     P = softmax_n(Q X^T + o + bias),   Y = P X
 *
 * With P the weights and r_h = sum_j dY_hj Y_hj:
 *
 *     dS = P * (dY X^T - r),   dQ = dS X,   do = sum_n dS,   dX = P^T dY + dS^T Q
 *
 * The two parts of dX are one product, [P; dS]^T [dY; Q], so that tokens are read and written once.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Cost } from '../contract.js';
import { addCosts, productCost } from './cost.js';
import { withGradient } from './custom-gradient.js';

/**
 * @param queries - Q, [B, H, D], scaled
 * @param offsets - o, added to all scores of a query, [B, H, 1]
 * @param tokens - X, [B, N, D]
 * @param bias - added to the scores of each token, [B, N]; a constant
 * @returns [B, H, D]
 */
export function readTokens(queries: Tensor3D, offsets: Tensor3D, tokens: Tensor3D, bias: Tensor2D): Tensor3D {
  const [batch, length] = bias.shape;
  return withGradient<Tensor3D>(
    [queries, offsets, tokens],
    () => {
      const scores = tf.matMul<Tensor3D>(queries, tokens, false, true); // [B, H, N]
      const shift = tf.add(offsets, tf.reshape(bias, [batch, 1, length]));
      const weights = tf.softmax<Tensor3D>(tf.add(scores, shift));
      const value = tf.matMul<Tensor3D>(weights, tokens);
      return { value, saved: [queries, tokens, weights, value] };
    },
    (dy, saved) => {
      const [q, x, weights, y] = saved as [Tensor3D, Tensor3D, Tensor3D, Tensor3D];
      const own = tf.sum(tf.mul(dy, y), 2, true);
      const dScores = tf.mul<Tensor3D>(weights, tf.sub(tf.matMul(dy, x, false, true), own));
      const dTokens = tf.matMul(tf.concat([weights, dScores], 1), tf.concat([dy, q], 1), true, false);
      return [tf.matMul(dScores, x), tf.sum(dScores, 2, true), dTokens];
    },
  );
}

/** Of the scores and of the sum that they weigh. */
export const readTokensCost = (queries: number, length: number, hidden: number): Cost =>
  addCosts(productCost(queries, hidden, length), productCost(queries, length, hidden));
