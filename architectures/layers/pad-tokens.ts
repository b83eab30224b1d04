/** Sequences made longer by zeros at their end. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** [B, N, ...] -> [B, length, ...]; the same tensor where N is the length already. */
export function padTokens<T extends Tensor>(x: T, length: number): T {
  const missing = length - (x.shape[1] ?? 0);
  if (missing === 0) return x;
  const paddings = x.shape.map((_, axis): [number, number] => (axis === 1 ? [0, missing] : [0, 0]));
  return tf.pad(x, paddings);
}
