/**
 * Softmax attention whose scores know how far a key is from a query (Dai et al., arXiv 1901.02860, section 3.3).
 *
 *     S_ij = (a_i . k_j + b_i . r_(i + M - j)) / sqrt(d) + key bias + pair bias,   Y = softmax(S) V
 *
 * with a and b the query with its two biases, and r one vector a distance. The weights exist for a slice of the rows at
 * a time and are computed again in the backward pass. With dS as in `softmaxAttention`:
 *
 *     dA = dS K / sqrt(d),   dK = dS^T A / sqrt(d),   dB = unshift(dS) R / sqrt(d),   dR = unshift(dS)^T B / sqrt(d)
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';
import { overSlices, sliceAxis, sliceElements } from './slices.js';
import type { Parts } from './slices.js';
import { addRepeated, scoreGradient } from './softmax-attention.js';

type Tensor4D = tf.Tensor4D;

export interface RelativeInputs {
  /** The query with the bias of content, [H, R, N, d]: R rows for each of H heads. */
  readonly content: Tensor4D;
  /** The query with the bias of position, [H, R, N, d]. */
  readonly position: Tensor4D;
  /** [H, R, K, d] */
  readonly key: Tensor4D;
  /** [H, R, K, d] */
  readonly value: Tensor4D;
  /** One vector a distance, from K - 1 down, [H, W, d]; W = K + 1 reaches the distances of a causal attention, K + N all. */
  readonly distances: Tensor3D;
  /** Added to the scores of each key, [H, R, K, 1]; a constant. */
  readonly keyBias: Tensor4D;
  /** Added to the scores of each pair, [1, N, K]; a constant. Where W = K + 1 it shuts out negative distances. */
  readonly pairBias: Tensor3D;
}

/** @returns [H, R, N, d] */
export function relativeAttention(inputs: RelativeInputs): Tensor4D {
  const { content, position, key, value, distances, keyBias, pairBias } = inputs;
  const [heads, , queries] = content.shape;
  const step = Math.max(1, Math.floor(sliceElements / (heads * queries * distances.shape[1])));
  return withGradient<Tensor4D>(
    [content, position, key, value, distances],
    () => {
      const [y] = overSlices([content, position, key, keyBias, value], 1, step, (rows) => {
        const [a, b, k, bias, v] = rows.map(flat) as [Tensor3D, Tensor3D, Tensor3D, Tensor3D, Tensor3D];
        const out = tf.matMul<Tensor3D>(relativeWeights({ a, b, k, bias, distances, pairBias }), v);
        return { joined: [tf.reshape(out, rows[0]?.shape ?? [])] };
      }) as [Tensor4D];
      return { value: y, saved: [content, position, key, keyBias, value, y, distances, pairBias] };
    },
    (dy, saved) => {
      const [r, pairs] = saved.slice(6) as [Tensor3D, Tensor3D];
      const [da, db, dk, dv, dr] = overSlices([...saved.slice(0, 6), dy], 1, step, (rows) =>
        sliceGradient(rows as Tensor4D[], r, pairs),
      ) as [Tensor, Tensor, Tensor, Tensor, Tensor];
      return [da, db, dk, dv, dr];
    },
  );
}

/** [H, R, *, d] -> [H * R, *, d] */
const flat = (x: Tensor): Tensor3D => {
  const [heads, rows, length, size] = x.shape as [number, number, number, number];
  return tf.reshape<tf.Rank.R3>(x, [heads * rows, length, size]);
};

interface SliceInputs {
  readonly a: Tensor3D;
  readonly b: Tensor3D;
  readonly k: Tensor3D;
  readonly bias: Tensor3D;
  readonly distances: Tensor3D;
  readonly pairBias: Tensor3D;
}

/** softmax(S): [H * R, N, K] */
function relativeWeights({ a, b, k, bias, distances, pairBias }: SliceInputs): Tensor3D {
  const scale = 1 / Math.sqrt(a.shape[2]);
  const ones = tf.ones([a.shape[0], a.shape[1], 1]);
  const byContent = tf.matMul<Tensor3D>(
    tf.concat([tf.mul(a, scale), ones], 2),
    tf.concat([k, bias], 2),
    false,
    true,
  );
  const byDistance = tf.matMul<Tensor3D>(perHead(tf.mul(b, scale), distances), distances, false, true);
  const shifted = shift(byDistance, a.shape[1], k.shape[1]);
  return tf.softmax(addRepeated(tf.add<Tensor3D>(byContent, shifted), pairBias));
}

/** [H * R, N, d] -> [H, R * N, d] */
const perHead = (x: Tensor3D, distances: Tensor3D): Tensor3D =>
  tf.reshape(x, [distances.shape[0], -1, x.shape[2]]);

/** Of content, position, key, key bias, value, output and its gradient, [H, R, *, *] each. */
function sliceGradient(rows: readonly Tensor4D[], distances: Tensor3D, pairBias: Tensor3D): Parts {
  const [a, b, k, bias, v, y, dy] = rows.map(flat) as [
    ...[Tensor3D, Tensor3D, Tensor3D, Tensor3D],
    ...[Tensor3D, Tensor3D, Tensor3D],
  ];
  const scale = 1 / Math.sqrt(a.shape[2]);
  const weights = relativeWeights({ a, b, k, bias, distances, pairBias });
  const dScores = tf.mul<Tensor3D>(scoreGradient(weights, v, y, dy), scale);
  const dByDistance = unshift(dScores, distances);
  const gradients = [
    tf.matMul(dScores, k),
    tf.matMul(dByDistance, distances),
    tf.matMul(dScores, a, true, false),
    tf.matMul(weights, dy, true, false),
  ];
  const like = [0, 1, 2, 4].map((i) => rows[i]?.shape ?? []);
  return {
    joined: gradients.map((gradient, i) => tf.reshape(gradient, like[i] ?? [])),
    summed: [tf.matMul(dByDistance, perHead(b, distances), true, false)],
  };
}

/**
 * Scores by distance to scores by key: entry (i, j) of a row is that of column N - 1 - i + j, whose distance is
 * i + M - j. Read without its first N - 1 numbers, a row of width W is one of width W - 1, and the columns line up.
 *
 * @param x - [H, R * N, W]
 * @returns [H * R, N, K]; what lies beyond the last distance is of the next query
 */
function shift(x: Tensor3D, queries: number, keys: number): Tensor3D {
  const width = x.shape[2];
  const lines = tf.reshape(x, [-1, queries * width]);
  const skewed = tf.slice(lines, [0, queries - 1], [-1, queries * (width - 1)]);
  const square = tf.reshape<tf.Rank.R3>(skewed, [-1, queries, width - 1]);
  return width - 1 === keys ? square : sliceAxis(square, 2, 0, keys);
}

/** The adjoint of `shift`: [H * R, N, K] -> [H, R * N, W]. */
function unshift(dy: Tensor3D, distances: Tensor3D): Tensor3D {
  const [rows, queries, keys] = dy.shape;
  const [heads, width] = distances.shape;
  const wide: Tensor3D =
    width - 1 === keys
      ? dy
      : tf.pad(dy, [
          [0, 0],
          [0, 0],
          [0, width - 1 - keys],
        ]);
  const lines = tf.reshape<tf.Rank.R2>(wide, [rows, queries * (width - 1)]);
  const whole = tf.pad(lines, [
    [0, 0],
    [queries - 1, 1],
  ]);
  return tf.reshape(whole, [heads, (rows / heads) * queries, width]);
}
