/**
 * Rows chosen by index, and the adjoint.
 *
 * `tf.gather` reads its indices back to check them; `gatherND` does not, so that these run inside a recorded graph, and
 * it copies whole rows at once on every backend. None of it is differentiable by itself: for use within `withGradient`.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/**
 * y_i = x[index_i].
 *
 * @param x - [rows, width]
 * @param index - int32 [chosen, 1], each from 0 to rows - 1; a row may be chosen often or never
 * @returns [chosen, width]
 */
export const takeRows = (x: Tensor, index: Tensor): Tensor2D => tf.gatherND(x, index) as Tensor2D;

/** The adjoint of `takeRows`: y[index_i] is the sum of x_i over all i with that index, [rows, width]. */
export const addToRows = (x: Tensor2D, index: Tensor2D, rows: number): Tensor2D =>
  tf.scatterND(index, x, [rows, x.shape[1]]);

/**
 * Each sequence in several orders, side by side.
 *
 * @param x - [rows, N, width]
 * @param places - of the token that comes first, second, ..., int32 [rows, orders, N], from 0 to N - 1
 * @returns [rows * orders, N, width]
 */
export function takeTokens(x: Tensor3D, places: Tensor3D): Tensor3D {
  const [rows, length, width] = x.shape;
  const chosen = takeRows(tf.reshape(x, [rows * length, width]), tf.reshape(inAllRows(places), [-1, 1]));
  return tf.reshape(chosen, [-1, length, width]);
}

/** The places to which `takeTokens` moves the tokens, for places that have each token once: [rows, orders, N]. */
export function inversePlaces(places: Tensor3D): Tensor3D {
  const [rows, orders, length] = places.shape;
  const flat = tf.reshape<tf.Rank.R3>(places, [rows * orders, 1, length]);
  const own = Int32Array.from({ length: places.size }, (_, i) => i % length);
  const index = tf.reshape(inAllRows(flat), [-1, 1]);
  return tf.reshape(tf.scatterND(index, tf.tensor1d(own, 'int32'), [places.size]), places.shape);
}

/** Places within a row of N as places within all rows * N. */
function inAllRows(places: Tensor3D): Tensor3D {
  const [rows, , length] = places.shape;
  const start = Int32Array.from({ length: rows }, (_, row) => row * length);
  return tf.add(places, tf.tensor3d(start, [rows, 1, 1], 'int32'));
}
