/** Tensors of any rank seen as rows: [..., D] -> [rows, D], and the kernels that work on rows. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/** [..., D] -> [rows, D] */
export function toRows(x: Tensor): Tensor2D {
  return tf.reshape(x, [-1, x.shape[x.shape.length - 1] ?? 1]);
}

/** [rows, outputs] -> the leading shape of `like` with `outputs` as its last axis. */
export function fromRows<T extends Tensor>(rows: Tensor2D, like: T): T {
  return tf.reshape(rows, [...like.shape.slice(0, -1), rows.shape[1]]) as unknown as T;
}

/** x + bias for x of [rows, D] and bias of [D]. */
export function addBias(x: Tensor2D, bias: Tensor): Tensor2D {
  return tf.engine().runKernel('BiasAdd', { x, bias });
}

/** The sum over rows: [rows, D] -> [D]. Faster than `tf.sum` over the first axis. */
export function sumRows(dy: Tensor2D): Tensor1D {
  return tf.engine().runKernel('BiasAddGrad', { dy });
}

/** One matrix, or one a text, as one a text: [rows, D], or [1 or B, rows, D], -> [B, rows, D]. Faster than `tf.tile`. */
export const forEachText = (x: Tensor, batch: number): Tensor3D =>
  x.rank === 3 && x.shape[0] === batch ? (x as Tensor3D) : tf.mul<Tensor3D>(x, tf.ones([batch, 1, 1]));
