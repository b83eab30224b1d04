/**
 * Scaled dot-product attention (Vaswani et al., arXiv 1706.03762, equation 1) within bounded memory.
 *
 *     Y = softmax(Q K^T / sqrt(d) + bias) V
 *
 * The N x N weights exist for a slice of the heads at a time and are computed again in the backward pass. With P the
 * weights and r_i = sum_j dY_ij Y_ij:  dV = P^T dY,  dS = P * (dY V^T - r),  dQ = dS K / sqrt(d),  dK = dS^T Q / sqrt(d).
 *
 * The bias and r are folded into the products as one more feature, ([Q, 1] [K, bias]^T and [dY, -r] [V, 1]^T), which
 * saves a pass over N x N numbers each.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';

/** Weights that are alive at once: 16 MB of float32. */
const sliceElements = 4e6;

/**
 * @param query - [rows, N, d], a row is one head of one sequence
 * @param key - [rows, M, d]
 * @param value - [rows, M, d]
 * @param keyBias - added to the scores of each key, [rows, M, 1]; a constant
 * @returns [rows, N, d]
 */
export function softmaxAttention(
  query: Tensor3D,
  key: Tensor3D,
  value: Tensor3D,
  keyBias: Tensor3D,
): Tensor3D {
  const scale = 1 / Math.sqrt(query.shape[2]);
  return withGradient<Tensor3D>(
    [query, key, value],
    () => {
      const y = inSlices([query, key, value, keyBias], (q, k, v, bias) => [
        tf.matMul(attentionWeights(q, k, bias, scale), v),
      ]);
      const [out] = y as [Tensor3D];
      return { value: out, saved: [query, key, value, keyBias, out] };
    },
    (dy, saved) => {
      const inputs = saved as [Tensor3D, Tensor3D, Tensor3D, Tensor3D, Tensor3D];
      return inSlices([...inputs, dy], (...slice) => sliceGradient(slice, scale));
    },
  );
}

/** softmax(q k^T * scale + bias): [rows, N, M] */
function attentionWeights(q: Tensor3D, k: Tensor3D, bias: Tensor3D, scale: number): Tensor3D {
  const ones = tf.ones([q.shape[0], q.shape[1], 1]);
  const scores = tf.matMul<Tensor3D>(
    tf.concat([tf.mul(q, scale), ones], 2),
    tf.concat([k, bias], 2),
    false,
    true,
  );
  return tf.softmax(scores);
}

function sliceGradient(slice: readonly Tensor3D[], scale: number): Tensor3D[] {
  const [q, k, v, bias, y, dy] = slice as [Tensor3D, Tensor3D, Tensor3D, Tensor3D, Tensor3D, Tensor3D];
  const weights = attentionWeights(q, k, bias, scale);
  const dv = tf.matMul<Tensor3D>(weights, dy, true, false);
  const projection = tf.neg<Tensor3D>(tf.sum(tf.mul(dy, y), -1, true));
  const ones = tf.ones<tf.Rank.R3>([v.shape[0], v.shape[1], 1]);
  const dWeights = tf.matMul(tf.concat([dy, projection], 2), tf.concat([v, ones], 2), false, true);
  const dScores = tf.mul<Tensor3D>(weights, dWeights);
  const dq = tf.mul<Tensor3D>(tf.matMul<Tensor3D>(dScores, k), scale);
  const dk = tf.mul<Tensor3D>(tf.matMul<Tensor3D>(dScores, q, true, false), scale);
  return [dq, dk, dv];
}

/** Runs `compute` over slices of the first axis, small enough for their weights, and joins what it returns. */
function inSlices(inputs: readonly Tensor3D[], compute: (...slice: Tensor3D[]) => Tensor3D[]): Tensor3D[] {
  const [query, key] = inputs as [Tensor3D, Tensor3D];
  const rows = query.shape[0];
  const step = Math.max(1, Math.floor(sliceElements / (query.shape[1] * key.shape[1])));
  if (step >= rows) return tf.tidy(() => compute(...inputs));
  const parts: Tensor3D[][] = [];
  for (let start = 0; start < rows; start += step) {
    const size = Math.min(step, rows - start);
    parts.push(
      tf.tidy(() =>
        compute(...inputs.map((x) => tf.slice<tf.Rank.R3, Tensor3D>(x, [start, 0, 0], [size, -1, -1]))),
      ),
    );
  }
  const count = parts[0]?.length ?? 0;
  return Array.from(
    { length: count },
    (_, i) =>
      tf.concat(
        parts.map((part) => part[i] as Tensor),
        0,
      ) as Tensor3D,
  );
}
