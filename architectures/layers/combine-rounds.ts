/**
 * Puts the attentions of several rounds together, by how much each of them summed (Kitaev et al., arXiv 2001.04451,
 * section 2):
 *
 *     w_r = softmax_r(L_r),   y = sum_r w_r Y_r,   dY_r = w_r dy,   dL_r = w_r dy . (Y_r - y)
 *
 * Not differentiable by itself: for use within `withGradient`.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { sliceAxis } from './slices.js';

/**
 * @param out - Y and L of each round side by side, [rows, rounds, N, d + 1]
 * @returns [rows, N, d]
 */
export function combineRounds(out: Tensor4D): Tensor3D {
  const [rows, , length, width] = out.shape;
  const rounds = roundsOf(out);
  return tf.reshape(weightedSum(rounds, weightsOf(rounds)), [rows, length, width - 1]);
}

/** @returns the gradient of `out`, for dy of [rows, N, d] */
export function combineRoundsGradient(out: Tensor4D, dy: Tensor3D): Tensor4D {
  const [rows, length, size] = dy.shape;
  const rounds = roundsOf(out);
  const weights = weightsOf(rounds);
  const y = weightedSum(rounds, weights);
  const slope = tf.reshape(dy, [rows, 1, length, size]);
  const parts = rounds.map(({ mean }, r): Tensor => {
    const weight = weights[r] as Tensor;
    const along = tf.sum(tf.mul(slope, tf.sub(mean, y)), 3, true);
    return tf.concat([tf.mul(slope, weight), tf.mul(along, weight)], 3);
  });
  return tf.concat(parts, 1) as Tensor4D;
}

interface Round {
  /** Y, [rows, 1, N, d]. */
  readonly mean: Tensor4D;
  /** L, [rows, 1, N, 1]. */
  readonly logSum: Tensor4D;
}

function roundsOf(out: Tensor4D): Round[] {
  const size = out.shape[3] - 1;
  return Array.from({ length: out.shape[1] }, (_, r) => {
    const round = sliceAxis(out, 1, r, 1);
    return { mean: sliceAxis(round, 3, 0, size), logSum: sliceAxis(round, 3, size, 1) };
  });
}

/** One [rows, 1, N, 1] a round; they sum to 1. */
function weightsOf(rounds: readonly Round[]): Tensor[] {
  const largest = rounds.reduce<Tensor>(
    (most, { logSum }) => tf.maximum(most, logSum),
    (rounds[0] as Round).logSum,
  );
  const parts = rounds.map(({ logSum }) => tf.exp(tf.sub(logSum, largest)));
  const total = tf.addN(parts);
  return parts.map((part) => tf.div(part, total));
}

const weightedSum = (rounds: readonly Round[], weights: readonly Tensor[]): Tensor =>
  tf.addN(rounds.map(({ mean }, r) => tf.mul(mean, weights[r] as Tensor)));
