/**
 * Means over the tokens so far, weighted by exp(score), one score a head and token.
 *
 *     m_t = sum_{s <= t} exp(a_s) x_s / sum_{s <= t} exp(a_s)
 *
 * All tokens before a chunk are to it as one token whose vector is their mean and whose score is the logarithm of the sum
 * of their weights: a softmax over that one and the chunk's own is exact, and no exponential overflows.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { mergeHeads, splitHeads } from './heads.js';
import { causalBias, never } from './masks.js';
import { sliceAxis } from './slices.js';

/** Of the tokens so far. */
export interface RunningMean {
  /** [R, 1, D] */
  readonly mean: Tensor3D;
  /** log sum exp(a), [R, 1, H]; -1e30 before the first token */
  readonly logWeight: Tensor3D;
}

export const emptyMean = (rows: number, hidden: number, heads: number): RunningMean => ({
  mean: tf.zeros([rows, 1, hidden]),
  logWeight: tf.fill([rows, 1, heads], never),
});

/**
 * @param scores - a, [R, C, H]
 * @param tokens - x, [R, C, D]; a head takes its own features
 * @param before - of the tokens before these
 * @returns the mean at each token, [R, C, D], and that for the tokens after these
 */
export function runningMean(
  scores: Tensor3D,
  tokens: Tensor3D,
  before: RunningMean,
): { readonly means: Tensor3D; readonly next: RunningMean } {
  const [rows, length, heads] = scores.shape;
  const values = splitHeads(tf.concat([before.mean, tokens], 1), heads); // [R * H, 1 + C, d]
  const logits = tf.transpose(tf.concat([before.logWeight, scores], 1), [0, 2, 1]); // [R, H, 1 + C]
  const flat = tf.reshape<tf.Rank.R2>(logits, [rows * heads, 1 + length]);
  const means = mergeHeads(tf.matMul(causalWeights(flat), values), heads);
  const logWeight = tf.reshape<tf.Rank.R3>(tf.logSumExp(flat, 1), [rows, 1, heads]);
  return { means, next: { mean: sliceAxis(means, 1, length - 1, 1), logWeight } };
}

/** softmax over what came before and the chunk's tokens up to each: [rows, 1 + C] -> [rows, C, 1 + C]. */
function causalWeights(logits: Tensor2D): Tensor3D {
  const [rows, columns] = logits.shape;
  // Of 1 + C tokens in a row, what all but the first see.
  const bias = sliceAxis(causalBias(columns), 1, 1, columns - 1);
  return tf.softmax(tf.add<Tensor3D>(tf.reshape(logits, [rows, 1, columns]), bias));
}
