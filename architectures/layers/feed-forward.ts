/**
 * The feed-forward network of an encoder layer: y = gelu(x . W_1 + b_1) . W_2 + b_2 (Vaswani et al., arXiv 1706.03762,
 * equation 2, with gelu as in BERT).
 *
 * Where the rows of the middle tensor would be whole pages of memory, it gets some columns of zeros: the products of the
 * backward pass read it column by column, and rows whose distance is a power of two then fall on the same few lines of
 * the processor's cache. At [16,384, 1,024] the padding halves the time of both weight gradients on a CPU. Columns of
 * zeros stay zeros through gelu, and nothing they meet is changed. The two scales of gelu go into the kernels.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Scope } from '../scope.js';
import { dense } from './dense.js';
import { geluScale, unscaledGelu } from './gelu.js';

/** Numbers of a row that make rows collide in the cache: a page of 4,096 bytes in float32. */
const collidingWidth = 1024;
/** A line of the cache: 64 bytes. */
const lineWidth = 16;

/** @param feedForward - width in the middle; parameters `ffn_in` and `ffn_out`, kernel and bias each */
export function createFeedForward(
  scope: Scope,
  hidden: number,
  feedForward: number,
): <T extends Tensor>(x: T) => T {
  const widen = scope.denseParameters('ffn_in', hidden, feedForward);
  const narrow = scope.denseParameters('ffn_out', feedForward, hidden);
  const added = feedForward % collidingWidth === 0 ? lineWidth : 0;
  const lengthen = <T extends Tensor>(x: T, axis: number): T => {
    if (added === 0) return x;
    return tf.pad(
      x,
      x.shape.map((_, i): [number, number] => [0, i === axis ? added : 0]),
    );
  };
  const scaled = <T extends Tensor>(x: T): T => tf.mul<T>(x, geluScale);
  return (x) => {
    const middle = unscaledGelu(dense(x, lengthen(scaled(widen.kernel), 1), lengthen(scaled(widen.bias), 0)));
    return dense(middle, lengthen(scaled(narrow.kernel), 0), narrow.bias);
  };
}
