/**
 * Scaled dot-product attention (Vaswani et al., arXiv 1706.03762, equation 1) within bounded memory.
 *
 *     Y = softmax(Q K^T / sqrt(d) + key bias + pair bias) V
 *
 * The N x M weights exist for a slice of the heads at a time, or of the queries of one head where a head alone is too
 * large, and are computed again in the backward pass. With P the weights and r_i = sum_j dY_ij Y_ij:
 *
 *     dV = P^T dY,   dS = P * (dY V^T - r),   dQ = dS K / sqrt(d),   dK = dS^T Q / sqrt(d)
 *
 * The key bias and r are folded into the products as one more feature, ([Q, 1] [K, bias]^T and [dY, -r] [V, 1]^T), which
 * saves a pass over N x M numbers each.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';
import { overSlices, sliceElements } from './slices.js';
import type { Parts } from './slices.js';

/**
 * @param query - [rows, N, d], a row is one head of one sequence
 * @param key - [rows, M, d]
 * @param value - [rows, M, d]
 * @param keyBias - added to the scores of each key, [rows, M, 1]; a constant
 * @param pairBias - added to the score of each query and key, such as the band of a window: [k, N, M] where k divides
 *   rows, and row r takes pairBias[r % k]; a constant
 * @returns [rows, N, d]
 */
export function softmaxAttention(
  query: Tensor3D,
  key: Tensor3D,
  value: Tensor3D,
  keyBias: Tensor3D,
  pairBias: Tensor3D | null = null,
): Tensor3D {
  const scale = 1 / Math.sqrt(query.shape[2]);
  return withGradient<Tensor3D>(
    [query, key, value],
    () => {
      const [out] = inSlices<[Tensor3D]>(
        [query],
        [key, value, keyBias],
        pairBias,
        ([q], [k, v, bias], pairs) => ({
          joined: [tf.matMul(attentionWeights(q, k, bias, pairs, scale), v)],
        }),
      ) as [Tensor3D];
      const kept = [query, key, value, keyBias, out];
      return { value: out, saved: pairBias === null ? kept : [...kept, pairBias] };
    },
    (dy, saved) => {
      const [q, k, v, bias, y, pairs = null] = saved as [...Five, Tensor3D?];
      return inSlices<Three>([q, y, dy], [k, v, bias], pairs, (queries, keys, own) =>
        sliceGradient(queries, keys, own, scale),
      );
    },
  );
}

type Three = [Tensor3D, Tensor3D, Tensor3D];
type Five = [...Three, Tensor3D, Tensor3D];

/** softmax(q k^T * scale + biases): [rows, N, M] */
export function attentionWeights(
  q: Tensor3D,
  k: Tensor3D,
  bias: Tensor3D,
  pairBias: Tensor3D | null,
  scale: number,
): Tensor3D {
  const ones = tf.ones([q.shape[0], q.shape[1], 1]);
  const scores = tf.matMul<Tensor3D>(
    tf.concat([tf.mul(q, scale), ones], 2),
    tf.concat([k, bias], 2),
    false,
    true,
  );
  return tf.softmax(pairBias === null ? scores : addRepeated(scores, pairBias));
}

/** x of [rows, N, M] plus bias of [k, N, M], row r plus bias[r % k]. */
export function addRepeated(x: Tensor3D, bias: Tensor3D): Tensor3D {
  const flat = tf.reshape(x, [-1, bias.size]);
  return tf.reshape(tf.add(flat, tf.reshape(bias, [bias.size])), x.shape);
}

/** dQ, which belongs to the queries of the slice, and its share of dK and dV. */
export function sliceGradient(
  [q, y, dy]: Three,
  [k, v, bias]: Three,
  pairBias: Tensor3D | null,
  scale: number,
): Parts {
  const weights = attentionWeights(q, k, bias, pairBias, scale);
  const dv = tf.matMul<Tensor3D>(weights, dy, true, false);
  const dScores = scoreGradient(weights, v, y, dy);
  const dq = tf.mul<Tensor3D>(tf.matMul<Tensor3D>(dScores, k), scale);
  const dk = tf.mul<Tensor3D>(tf.matMul<Tensor3D>(dScores, q, true, false), scale);
  return { joined: [dq], summed: [dk, dv] };
}

/** dS = P * (dY V^T - r): [rows, N, M] */
export function scoreGradient(weights: Tensor3D, v: Tensor3D, y: Tensor3D, dy: Tensor3D): Tensor3D {
  const projection = tf.neg<Tensor3D>(tf.sum(tf.mul(dy, y), -1, true));
  const ones = tf.ones<tf.Rank.R3>([v.shape[0], v.shape[1], 1]);
  const dWeights = tf.matMul(tf.concat([dy, projection], 2), tf.concat([v, ones], 2), false, true);
  return tf.mul<Tensor3D>(weights, dWeights);
}

/**
 * Runs `compute` over slices of rows, and of queries within one row, small enough for their weights.
 *
 * @param byQuery - of which each [rows, N, *]
 * @param byKey - of which each [rows, M, *]
 */
function inSlices<Queries extends readonly [Tensor3D, ...Tensor3D[]]>(
  byQuery: Queries,
  byKey: Three,
  pairBias: Tensor3D | null,
  compute: (byQuery: Queries, byKey: Three, pairBias: Tensor3D | null) => Parts,
): Tensor[] {
  const [rows, queries] = byQuery[0].shape;
  const keys = byKey[0].shape[1];
  const period = pairBias?.shape[0] ?? 1;
  const rowStep = period * Math.max(1, Math.floor(sliceElements / (period * queries * keys)));
  const queryStep = Math.max(1, Math.floor(sliceElements / (Math.min(rowStep, rows) * keys)));
  const count = byQuery.length;
  return overSlices([...byQuery, ...byKey], 0, rowStep, (slices) => {
    const [own, shared] = [slices.slice(0, count), slices.slice(count)];
    const joined = overSlices(pairBias === null ? own : [...own, pairBias], 1, queryStep, (parts) =>
      compute(
        parts.slice(0, count) as unknown as Queries,
        shared as Three,
        (parts[count] ?? null) as Tensor3D | null,
      ),
    );
    return { joined };
  });
}
