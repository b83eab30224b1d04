/**
 * How likely a model of a vocabulary holds the right tokens, without the scores of all tokens in memory at once.
 *
 *     s_r = h_r E^T + b,   l_r = log softmax(s_r),   out_r = [ l_r[label_r], mean_v l_r[v] ]
 *
 * The second number is what label smoothing needs. Scores exist for a slice of the rows at a time and are computed again
 * in the backward pass: with g = [g1, g2] the gradient of a row's two numbers, V the vocabulary's size,
 *
 *     ds = g1 onehot(label) + g2 / V - (g1 + g2) softmax(s),   dh = ds E,   dE = ds^T h,   db = sum_r ds_r
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';
import { addBias, sumRows } from './rows.js';
import { overSlices, sliceElements } from './slices.js';

/**
 * @param rows - h, [R, D]
 * @param table - E, [V, D]
 * @param bias - b, [V]
 * @param labels - int32 [R], each below V
 * @returns [R, 2]
 */
export function tokenScores(rows: Tensor2D, table: Tensor, bias: Tensor, labels: Tensor1D): Tensor2D {
  const [size = 1] = table.shape;
  const step = Math.max(1, Math.floor(sliceElements / size));
  return withGradient<Tensor2D>(
    [rows, table, bias],
    () => {
      const [out] = overSlices([rows, labels], 0, step, ([h, label]) => {
        const likely = tf.logSoftmax(logitsOf(h as Tensor2D, table, bias));
        const chosen = tf.sum(tf.mul(likely, tf.oneHot(label as Tensor1D, size)), 1, true);
        return { joined: [tf.concat([chosen, tf.mean(likely, 1, true)], 1)] };
      });
      return { value: out as Tensor2D, saved: [rows, table, bias, labels] };
    },
    (dy, [h, savedTable, savedBias, label]) =>
      overSlices([dy, h as Tensor, label as Tensor], 0, step, ([g, own, ownLabel]) => {
        const dScores = scoreGradient(own as Tensor2D, savedTable as Tensor, savedBias as Tensor, {
          g: g as Tensor2D,
          label: ownLabel as Tensor1D,
        });
        return {
          joined: [tf.matMul(dScores, savedTable as Tensor2D)],
          summed: [tf.matMul(dScores, own as Tensor2D, true, false), sumRows(dScores)],
        };
      }),
  );
}

/** s, [R, V] */
export const logitsOf = (rows: Tensor2D, table: Tensor, bias: Tensor): Tensor2D =>
  addBias(tf.matMul<Tensor2D>(rows, table, false, true), bias);

function scoreGradient(
  rows: Tensor2D,
  table: Tensor,
  bias: Tensor,
  { g, label }: { readonly g: Tensor2D; readonly label: Tensor1D },
): Tensor2D {
  const [count] = rows.shape;
  const [size = 1] = table.shape;
  const [chosen, mean] = [tf.slice(g, [0, 0], [count, 1]), tf.slice(g, [0, 1], [count, 1])];
  const truth = tf.add(tf.mul(tf.oneHot(label, size), chosen), tf.div(mean, size));
  const weights = tf.softmax(logitsOf(rows, table, bias));
  return tf.sub(truth, tf.mul(weights, tf.add(chosen, mean)));
}
