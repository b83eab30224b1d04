/** A kernel's input as a tensor: the engine hands kernels whole tensors, though the type promises less. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** @throws when the input is missing */
export function tensorInput(input: TensorInfo | undefined): Tensor {
  const whole: unknown = input;
  if (whole instanceof tf.Tensor) return whole as Tensor;
  throw new Error('a kernel was called without one of its inputs');
}
