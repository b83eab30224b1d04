/**
 * A function with its own gradient.
 *
 * The tape of TensorFlow.js keeps every intermediate tensor until the whole backward pass has ended. What runs inside
 * `withGradient` is not taped: only what is saved stays, and the backward function may compute the rest again.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';

interface Forward<Value extends Tensor> {
  readonly value: Value;
  /** What the backward function needs; only inputs and tensors made here. */
  readonly saved: Tensor[];
}

/**
 * @param inputs - the tensors that get a gradient
 * @param backward - one gradient for each input, in order
 */
export function withGradient<Value extends Tensor>(
  inputs: readonly Tensor[],
  forward: () => Forward<Value>,
  backward: (dy: Value, saved: readonly Tensor[]) => Tensor[],
): Value {
  const run = tf.customGrad<Tensor>((...given: (Tensor | GradSaveFunc)[]) => {
    const save = given[given.length - 1] as GradSaveFunc;
    const { value, saved } = forward();
    save(saved);
    return { value, gradFunc: (dy, kept) => backward(dy as Value, kept) };
  });
  return run(...inputs) as Value;
}
