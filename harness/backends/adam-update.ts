/**
 * One parameter's step of Adam (Kingma and Ba, arXiv 1412.6980, algorithm 1), with its bias corrections in `size` and
 * `floor`:
 *
 *     m' = beta1 m + (1 - beta1) g,   v' = beta2 v + (1 - beta2) g^2,   p' = p - size m' / (sqrt(v') + floor)
 *
 * A kernel of its own, because a graph does it in one pass over the numbers (`graph/adam-node.ts`), and operation by
 * operation it takes thirteen.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core';
import { tensorInput } from './kernel-input.js';
import type { NativeBackend } from './native-backend.js';

export const adamUpdateName = 'AdamUpdate';

interface Rates {
  readonly beta1: number;
  readonly beta2: number;
}

/** Tensors of one shape, but for `size` and `floor`, which are scalars. */
const inputNames = ['parameter', 'first', 'second', 'gradient', 'size', 'floor'] as const;
type AdamInputs = Record<(typeof inputNames)[number], Tensor>;

/** @returns the parameter and both moments after the step */
export function adamUpdate(inputs: AdamInputs, rates: Rates): [Tensor, Tensor, Tensor] {
  return tf.engine().runKernel(adamUpdateName, { ...inputs }, { ...rates });
}

/** The same operation by operation, for what goes on with the parameter. */
export function adamOperations(inputs: AdamInputs, { beta1, beta2 }: Rates): [Tensor, Tensor, Tensor] {
  const { parameter, first, second, gradient, size, floor } = inputs;
  const newFirst = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1));
  const newSecond = tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  const change = tf.mul(tf.div(newFirst, tf.add(tf.sqrt(newSecond), floor)), size);
  return [tf.sub(parameter, change), newFirst, newSecond];
}

export const composedAdamUpdate: KernelFunc = ({ inputs, attrs }) => {
  const tensors = Object.fromEntries(inputNames.map((name) => [name, tensorInput(inputs[name])]));
  return tf.tidy(() => adamOperations(tensors as AdamInputs, attrs as unknown as Rates));
};

/** One node while a graph is recorded. */
export const nativeAdamUpdate: KernelFunc = (call) => {
  const native = call.backend as NativeBackend;
  const { binding } = native;
  if (binding.graphOnly?.has(adamUpdateName) !== true) return composedAdamUpdate(call);
  const { beta1, beta2 } = call.attrs as unknown as Rates;
  const attributes = Object.entries({ beta1, beta2 }).map(([name, value]) => ({
    name,
    type: binding.TF_ATTR_FLOAT,
    value,
  }));
  const ids = native.getInputTensorIds(inputNames.map((name) => tensorInput(call.inputs[name])));
  const results = binding.executeOp(adamUpdateName, attributes, ids, 3);
  return results.map((result) => native.createOutputTensor(result));
};
