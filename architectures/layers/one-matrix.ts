/**
 * An affine map that is the same for all tokens of a text, as one matrix a text.
 *
 *     f(x) = x M + c,   c = f(0),   row i of M = f(i-th unit vector) - c
 *
 * A map of several dense layers then costs a token one product, and the layers themselves run on D + 1 rows a text.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { shiftTokens } from './interactions.js';
import { forEachText } from './rows.js';

/** What a dense layer makes of the D unit vectors and of 0, for each text: [B, D + 1, E]. */
export function imagesOfDense(
  { kernel, bias }: { readonly kernel: Tensor; readonly bias: Tensor },
  batch: number,
): Tensor3D {
  return forEachText(tf.concat([tf.add(kernel, bias), tf.reshape(bias, [1, -1])], 0), batch);
}

/**
 * @param x - tokens, [B, N, D]
 * @param images - f of the D unit vectors and of 0, for each text: [B, D + 1, E]
 * @returns f of the tokens, [B, N, E]
 */
export function applyImages(x: Tensor3D, images: Tensor3D): Tensor3D {
  const [batch, rows, size] = images.shape;
  const constant = tf.slice(images, [0, rows - 1, 0], [batch, 1, size]);
  const matrix = tf.sub<Tensor3D>(tf.slice(images, [0, 0, 0], [batch, rows - 1, size]), constant);
  return shiftTokens(tf.matMul(x, matrix), constant);
}
