/**
 * Makes a step ready to run many times.
 *
 * A step is a pure function: tensors in, tensors out, nothing read back inside, and everything that changes from call to
 * call (batch, learning rate, seeds) an input. What it changes beside its outputs is declared as state. Here a step runs
 * as it is, op by op; the signature leaves room for a backend that turns it into one graph.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

export type Tensors = Readonly<Record<string, Tensor>>;

export interface CompiledStep<Inputs extends Tensors, Outputs extends Tensors> {
  /** How the step runs; records keep it. */
  readonly execution: 'eager' | 'graph';
  /** The caller disposes inputs and outputs. */
  run(inputs: Inputs): Outputs;
}

/** @param _declared - state: the variables that the step assigns */
export function compile<Inputs extends Tensors, Outputs extends Tensors>(
  step: (inputs: Inputs) => Outputs,
  _declared: { readonly state: readonly Variable[] },
): CompiledStep<Inputs, Outputs> {
  return { execution: 'eager', run: (inputs) => tf.tidy(() => step(inputs)) };
}
