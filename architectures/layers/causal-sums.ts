/**
 * What linear attention sums over the tokens so far, when each token sees none after it (Katharopoulos et al., arXiv
 * 2006.16236, section 3.3).
 *
 *     r_t = sum_{s <= t} decay_ts (phi(q_t) . phi(k_s)) c_s
 *
 * c is what is summed: a value and, for the denominator, a 1. Within a chunk the products of queries and keys are there,
 * below the diagonal; all earlier tokens are in a state, S = sum_s decay_s phi(k_s) c_s^T, of a size of its own.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { sliceAxis } from './slices.js';

/** How much of an earlier token is left at a later one, from 0 to 1. A constant. */
export interface Decay {
  /** Of the chunk's own tokens, 0 above the diagonal: [rows or 1, C, C] */
  readonly within: Tensor3D;
  /** Of the state: [rows or 1, C, 1] */
  readonly ofState: Tensor3D;
}

/** All of it. */
export function noDecay(length: number): Decay {
  const values = Float32Array.from({ length: length * length }, (_, i) =>
    i % length <= Math.floor(i / length) ? 1 : 0,
  );
  return { within: tf.tensor3d(values, [1, length, length]), ofState: tf.ones([1, length, 1]) };
}

/**
 * @param query - phi(q), [rows, C, f]
 * @param key - phi(k), [rows, C, f]
 * @param content - c, [rows, C, w]
 * @param state - S of the tokens before these, [rows, f, w]
 * @returns r, [rows, C, w], and S after the last of these
 */
export function causalSums(
  { query, key, content }: { readonly query: Tensor3D; readonly key: Tensor3D; readonly content: Tensor3D },
  state: Tensor3D,
  { within, ofState }: Decay,
): { readonly sums: Tensor3D; readonly state: Tensor3D } {
  const last = query.shape[1] - 1;
  const weights = tf.mul<Tensor3D>(tf.matMul<Tensor3D>(query, key, false, true), within);
  const own = tf.matMul<Tensor3D>(weights, content);
  const earlier = tf.mul<Tensor3D>(tf.matMul<Tensor3D>(query, state), ofState);
  // What is left of each token at the last one: [rows or 1, C, 1].
  const left = tf.transpose(sliceAxis(within, 1, last, 1), [0, 2, 1]);
  const added = tf.matMul<Tensor3D>(tf.mul<Tensor3D>(key, left), content, true, false);
  return {
    sums: tf.add(own, earlier),
    state: tf.add(tf.mul(state, sliceAxis(ofState, 1, last, 1)), added),
  };
}

/** A value with the 1 that counts it: [rows, N, d] -> [rows, N, d + 1]. */
export const counted = (value: Tensor3D): Tensor3D =>
  tf.concat([value, tf.ones<tf.Rank.R3>([value.shape[0], value.shape[1], 1])], 2);

/** The inverse once it is summed, a weighted mean: [rows, N, d + 1] -> [rows, N, d]. @param epsilon - added to the sum of the weights */
export function meanOf(sums: Tensor3D, epsilon = 0): Tensor3D {
  const size = sums.shape[2] - 1;
  const weight = sliceAxis(sums, 2, size, 1);
  return tf.div(sliceAxis(sums, 2, 0, size), epsilon === 0 ? weight : tf.add(weight, epsilon));
}
