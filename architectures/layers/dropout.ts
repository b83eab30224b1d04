/** Dropout whose mask is drawn from a seed that is a tensor, so that a compiled step draws anew each time. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { hash } from '../random.js';

/** What decides whether and how a layer drops. */
export interface DropoutContext {
  readonly training: boolean;
  readonly seed: Tensor1D;
}

/**
 * Each value is zeroed with probability `rate`, and what stays is divided by 1 - rate; the identity outside training.
 *
 * @param name - of the place in the model: two places with one name would drop the same values
 */
export function dropout<T extends Tensor>(x: T, rate: number, name: string, context: DropoutContext): T {
  if (!context.training || rate === 0) return x;
  const kept: Tensor = tf
    .engine()
    .runKernel('DropoutMask', { seed: context.seed }, { shape: x.shape, rate, stream: hash(name) });
  return tf.mul<T>(x, kept);
}
