/** Vectors of D features as H heads of d = D / H, and back. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Cost, Sizes } from '../contract.js';
import type { Scope } from '../scope.js';
import { denseCost } from './cost.js';

/** [B, N, D] -> [B * H, N, d]: head h takes the features h * d to h * d + d - 1. */
export function splitHeads(x: Tensor3D, heads: number): Tensor3D {
  const [batch, length, hidden] = x.shape;
  const split = tf.reshape(x, [batch, length, heads, hidden / heads]);
  return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [batch * heads, length, hidden / heads]);
}

/** [B * H, N, d] -> [B, N, D], the inverse of `splitHeads`. */
export function mergeHeads(x: Tensor3D, heads: number): Tensor3D {
  const [rows, length, size] = x.shape;
  const split = tf.reshape(x, [rows / heads, heads, length, size]);
  return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [rows / heads, length, heads * size]);
}

/** [B, N, D] -> [H * B, N, d]: as `splitHeads`, all rows of one head together. */
export function splitHeadsFirst(x: Tensor3D, heads: number): Tensor3D {
  const [batch, length, hidden] = x.shape;
  const split = tf.reshape(x, [batch, length, heads, hidden / heads]);
  return tf.reshape(tf.transpose(split, [2, 0, 1, 3]), [heads * batch, length, hidden / heads]);
}

/** [H * B, N, d] -> [B, N, D], the inverse of `splitHeadsFirst`. */
export function mergeHeadsFirst(x: Tensor3D, heads: number): Tensor3D {
  const [rows, length, size] = x.shape;
  const split = tf.reshape(x, [heads, rows / heads, length, size]);
  return tf.reshape(tf.transpose(split, [1, 2, 0, 3]), [rows / heads, length, heads * size]);
}

/** 1 where feature j belongs to head h, else 0: [H, D]. */
export function headSelector(hidden: number, heads: number): Tensor2D {
  const size = hidden / heads;
  const values = new Float32Array(heads * hidden);
  for (let head = 0; head < heads; head++)
    values.fill(1, head * hidden + head * size, head * hidden + (head + 1) * size);
  return tf.tensor2d(values, [heads, hidden]);
}

/** One dense layer [d, d] for every head: [B, N, D] -> [B, N, D]. Heads lie side by side, so a row is one head's vector. */
export function denseOfHeads(scope: Scope, name: string, size: number): (x: Tensor3D) => Tensor3D {
  const layer = scope.dense(name, size, size);
  return (x) => tf.reshape(layer(tf.reshape(x, [-1, size])), x.shape);
}

export const denseOfHeadsCost = ({ length, hidden, heads }: Sizes): Cost =>
  denseCost(length * heads, hidden / heads, hidden / heads);
