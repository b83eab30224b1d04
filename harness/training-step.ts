/** One step of training: loss, gradients, Adam. Pure but for the state that it declares: parameters and moments. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { Parameters } from '../architectures/scope.js';
import type { BatchTensors, Model, TokenBatch } from '../tasks/contract.js';
import type { Adam } from './adam.js';
import { compile } from './backends/compile.js';
import type { CompiledStep, StepState } from './backends/compile.js';

export type TrainingInputs = BatchTensors & {
  /** int32 [1]: what dropout is drawn from. */
  readonly seed: Tensor1D;
  readonly learningRate: Scalar;
};

export type TrainingStep = CompiledStep<TrainingInputs, { loss: Scalar }>;

export interface TrainingStepOptions {
  /** Holds the parameters and Adam's state. */
  readonly state: StepState;
  /** How often the step will run with inputs of these shapes. */
  readonly expectedRuns: number | ((inputs: TrainingInputs) => number);
}

export function compileTrainingStep(
  model: Model,
  parameters: Parameters,
  adam: Adam,
  options: TrainingStepOptions,
): TrainingStep {
  const variables = [...parameters.variables.values()];
  return compile<TrainingInputs, { loss: Scalar }>(
    (inputs) => {
      const { value, grads } = tf.variableGrads(
        () => model.loss(inputs, { training: true, seed: inputs.seed }),
        variables,
      );
      const gradients = new Map<string, Tensor>();
      for (const [name, variable] of parameters.variables) {
        const gradient = grads[variable.name];
        if (gradient !== undefined) gradients.set(name, gradient);
      }
      adam.apply(gradients, inputs.learningRate);
      return { loss: value };
    },
    { ...options, name: 'the training step' },
  );
}

/** The arrays of a batch as tensors; the caller disposes them. */
export function toTensors({ size, length, ids, mask, labels }: TokenBatch): BatchTensors {
  return {
    ids: tf.tensor2d(ids, [size, length], 'int32'),
    mask: tf.tensor2d(mask, [size, length], 'float32'),
    labels: tf.tensor1d(labels, 'int32'),
  };
}

/** The number in a tensor, waiting for whatever computes it, and the tensor disposed. */
export async function readNumber(tensor: Tensor): Promise<number> {
  const values = await tensor.data();
  tensor.dispose();
  return Number(values[0]);
}
