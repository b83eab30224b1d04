/** One step of training: loss, gradients, Adam. Pure but for the state that it declares: parameters and moments. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { hash } from '../architectures/random.js';
import type { Parameters } from '../architectures/scope.js';
import type { BatchTensors, TokenBatch } from '../tasks/contract.js';
import type { Adam } from './adam.js';
import { compile } from './backends/compile.js';
import type { CompiledStep, StepState } from './backends/compile.js';
import { peakTensorBytes } from './memory.js';

/** What a step needs beside the batch. */
export type StepInputs = {
  /** int32 [1]: what dropout is drawn from. */
  readonly seed: Tensor1D;
  readonly learningRate: Scalar;
};

export type TrainingStep<Batch = BatchTensors> = CompiledStep<Batch & StepInputs, { loss: Scalar }>;

/** What is trained: the mean loss of a batch. */
interface Trained<Batch> {
  loss(batch: Batch, context: { training: boolean; seed: Tensor1D }): Scalar;
}

export interface TrainingStepOptions<Batch> {
  /** Holds the parameters and Adam's state. */
  readonly state: StepState;
  /** How often the step will run with inputs of these shapes. */
  readonly expectedRuns: number | ((inputs: Batch) => number);
}

export function compileTrainingStep<Batch extends Readonly<Record<string, Tensor>>>(
  model: Trained<Batch>,
  parameters: Parameters,
  adam: Adam,
  options: TrainingStepOptions<Batch>,
): TrainingStep<Batch> {
  const variables = [...parameters.variables.values()];
  return compile<Batch & StepInputs, { loss: Scalar }>(
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

/**
 * What changes from step to step beside the batch; the caller disposes it.
 * @param seed - of the model
 * @param step - each has dropout of its own
 */
export const stepInputs = (seed: number, learningRate: number, step: number): StepInputs => ({
  seed: tf.tensor1d([positive(hash(`${seed}/dropout/${step}`))], 'int32'),
  learningRate: tf.scalar(learningRate),
});

/** A seed of at least 1. */
export const positive = (value: number): number => value >>> 1 || 1;

/** Peak bytes of one training step. It counts as no step: every variable is put back. Disposes the inputs. */
export async function stepPeakBytes<Batch extends Readonly<Record<string, Tensor>>>(
  step: TrainingStep<Batch>,
  state: StepState,
  inputs: Batch & StepInputs,
): Promise<number> {
  const known = step.peakBytes(inputs);
  const kept = known === null ? state.snapshot() : [];
  const bytes =
    known ??
    (await peakTensorBytes(() => {
      step.run(inputs).loss.dispose();
    }));
  if (known === null) state.restore(kept);
  tf.dispose([inputs, kept]);
  return bytes;
}

/**
 * Puts word vectors, where there are some, in place of the random token table.
 * @param width - numbers of a word
 */
export function startFrom(
  table: { readonly values: Float32Array } | null | undefined,
  { variables }: Parameters,
  width: number,
): void {
  const variable = variables.get('word_embedding.table');
  if (!table || variable === undefined) return;
  const values = tf.tensor2d(table.values, [table.values.length / width, width]);
  variable.assign(values);
  values.dispose();
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
