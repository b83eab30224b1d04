/**
 * Softmax attention that also gives the logarithm of each query's sum, so that several attentions of one query can be
 * put together as if their keys had stood side by side:
 *
 *     S = Q K^T / sqrt(d) + biases,   Y = softmax(S) V,   L = log sum_j exp(S_j)
 *
 * With dY and dL the gradients of the two, dS = P * (dY V^T - r + dL); the rest is as in softmax-attention.ts. Not
 * differentiable by itself: for use within `withGradient`.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Cost } from '../contract.js';
import { sliceAxis } from './slices.js';
import { addRepeated, attentionWeights, scoreGradient } from './softmax-attention.js';

export interface AttentionInputs {
  /** [rows, N, d] */
  readonly query: Tensor3D;
  /** [rows, M, d] */
  readonly key: Tensor3D;
  /** [rows, M, d] */
  readonly value: Tensor3D;
  /** Added to the scores of each key, [rows, M, 1]. */
  readonly keyBias: Tensor3D;
  /** Added to the score of each query and key, [k, N, M]; row r takes pairBias[r % k]. */
  readonly pairBias: Tensor3D;
}

const scaleOf = (query: Tensor3D): number => 1 / Math.sqrt(query.shape[2]);

/**
 * The sum rides along in the product with the values, as one more feature that is 1.
 *
 * @returns Y and L side by side, [rows, N, d + 1]
 */
export function attendWithLogSum({ query, key, value, keyBias, pairBias }: AttentionInputs): Tensor3D {
  const scores = addRepeated(
    tf.matMul<Tensor3D>(
      tf.concat([tf.mul(query, scaleOf(query)), ones(query)], 2),
      tf.concat([key, keyBias], 2),
      false,
      true,
    ),
    pairBias,
  );
  const largest = tf.max<Tensor3D>(scores, 2, true);
  const sums = tf.matMul<Tensor3D>(tf.exp(tf.sub(scores, largest)), tf.concat([value, ones(value)], 2));
  const [total, size] = [sliceAxis(sums, 2, value.shape[2], 1), value.shape[2]];
  const mean = tf.div<Tensor3D>(sliceAxis(sums, 2, 0, size), total);
  return tf.concat([mean, tf.add<Tensor3D>(tf.log(total), largest)], 2);
}

/**
 * dL is what comes in beside dY: its feature is 0 in the values and -1 in Y.
 *
 * @param out - Y and L side by side
 * @param dOut - dY and dL side by side
 * @returns dQ, dK, dV
 */
export function attendWithLogSumGradient(
  { query, key, value, keyBias, pairBias }: AttentionInputs,
  out: Tensor3D,
  dOut: Tensor3D,
): [Tensor3D, Tensor3D, Tensor3D] {
  const [size, scale] = [value.shape[2], scaleOf(query)];
  const weights = attentionWeights(query, key, keyBias, pairBias, scale);
  const y = tf.concat([sliceAxis(out, 2, 0, size), tf.neg(ones(query))], 2);
  const values = tf.concat([value, tf.zeros<tf.Rank.R3>([value.shape[0], value.shape[1], 1])], 2);
  const dScores = scoreGradient(weights, values, y, dOut);
  return [
    tf.mul<Tensor3D>(tf.matMul<Tensor3D>(dScores, key), scale),
    tf.mul<Tensor3D>(tf.matMul<Tensor3D>(dScores, query, true, false), scale),
    tf.matMul<Tensor3D>(weights, sliceAxis(dOut, 2, 0, size), true, false),
  ];
}

const ones = (x: Tensor3D): Tensor3D => tf.ones([x.shape[0], x.shape[1], 1]);

/** Of `rows` attentions of `queries` to `keys` each, of heads of `size` features. */
export const attentionWithLogSumCost = (rows: number, queries: number, keys: number, size: number): Cost => ({
  parameters: 0,
  multiplyAdds: 2 * rows * queries * keys * (size + 1),
  activationBytes: 4 * rows * queries * (keys + size + 1),
});
