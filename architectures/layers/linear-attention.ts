/**
 * Attention whose weights are products of features, so that no N x N matrix exists (Katharopoulos et al.,
 * arXiv 2006.16236, equations 4 to 6).
 *
 *     y_n = phi(q_n) . S / (phi(q_n) . z + epsilon),   S = sum_m phi(k_m) v_m^T,   z = sum_m c_m phi(k_m)
 *
 * c_m is 1 for a key that counts and 0 for one that does not, whose value is 0 too: `zeroPadding` makes it so, and stops
 * its gradient. z rides along as one more column: [S, z] is the product of phi(k)^T with [v, c]. With g = [dy, -dy . y] / (phi(q) . z + epsilon):
 *
 *     dphi(q) = g [S, z]^T,   d[S, z] = phi(q)^T g,   dphi(k) = [v, c] d[S, z]^T,   dv = phi(k) dS
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Cost } from '../contract.js';
import { addCosts, productCost } from './cost.js';
import { withGradient } from './custom-gradient.js';

/**
 * @param query - features phi(q), [rows, N, f]; a row is one head of one sequence
 * @param key - features phi(k), [rows, M, f]
 * @param value - [rows, M, d], 0 where a key does not count
 * @param counted - c: 1 for a key that counts, else 0, [rows, M, 1]; a constant
 * @param epsilon - added to the denominator
 * @returns [rows, N, d]
 */
export function linearAttention(
  query: Tensor3D,
  key: Tensor3D,
  value: Tensor3D,
  counted: Tensor3D,
  epsilon = 0,
): Tensor3D {
  const size = value.shape[2];
  return withGradient<Tensor3D>(
    [query, key, value],
    () => {
      const content = tf.concat([value, counted], 2); // [rows, M, d + 1]
      const state = tf.matMul<Tensor3D>(key, content, true, false); // [S, z]: [rows, f, d + 1]
      const sums = tf.matMul<Tensor3D>(query, state);
      const normaliser = tf.add(tf.slice(sums, [0, 0, size], [-1, -1, 1]), epsilon);
      const y = tf.div<Tensor3D>(tf.slice(sums, [0, 0, 0], [-1, -1, size]), normaliser);
      return { value: y, saved: [query, key, content, state, normaliser, y] };
    },
    (dy, saved) => {
      const [q, k, content, state, normaliser, y] = saved as [
        Tensor3D,
        Tensor3D,
        Tensor3D,
        Tensor3D,
        Tensor3D,
        Tensor3D,
      ];
      const dSums = tf.div<Tensor3D>(tf.concat([dy, tf.neg(tf.sum(tf.mul(dy, y), 2, true))], 2), normaliser);
      const dState = tf.matMul<Tensor3D>(q, dSums, true, false);
      return [
        tf.matMul(dSums, state, false, true),
        tf.matMul(content, dState, false, true),
        tf.matMul(k, tf.slice<tf.Rank.R3, Tensor3D>(dState, [0, 0, 0], [-1, -1, size])),
      ];
    },
  );
}

/**
 * Which keys count, for every head of a sequence: [B * H, N, 1].
 *
 * @param mask - 1 = counts, 0 = does not, [B, N]
 */
export function countedByHead(mask: Tensor2D, heads: number): Tensor3D {
  const [batch, length] = mask.shape;
  const tiled = tf.tile(tf.reshape(mask, [batch, 1, length]), [1, heads, 1]);
  return tf.reshape(tiled, [batch * heads, length, 1]);
}

/** x with the rows of padding set to 0: x of [B, N, D], mask of [B, N]. */
export function zeroPadding(x: Tensor3D, mask: Tensor2D): Tensor3D {
  const [batch, length] = mask.shape;
  return tf.mul(x, tf.reshape(mask, [batch, length, 1]));
}

/** What `linearAttention` costs for one sequence: the state of each head, and its product with each query. */
export const linearAttentionCost = (length: number, heads: number, features: number, size: number): Cost =>
  addCosts(productCost(features, length, size + 1, heads), productCost(length, features, size + 1, heads));
