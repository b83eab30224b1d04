/** A small classifier with one architecture, and a training step of it by plain gradient descent, for tests of graphs. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Architecture } from '../../architectures/contract.js';
import { createEncoder } from '../../architectures/encoder.js';
import type { EncoderOptions } from '../../architectures/encoder.js';
import { createParameters } from '../../architectures/scope.js';
import {
  compile,
  type CompiledStep,
  createStepState,
  type StateOptions,
  type StepState,
} from '../../harness/backends/compile.js';
import type { OptionValue } from '../../harness/option-schema.js';
import { createClassifier } from '../../tasks/classification/model.js';
import type { Model } from '../../tasks/contract.js';

export const smallSizes: EncoderOptions = {
  length: 40,
  hidden: 16,
  heads: 2,
  layers: 2,
  feedForward: 24,
  dropout: 0.1,
  norm: 'post',
  positions: true,
  shareLayers: false,
  pooling: 'additive',
};

const words = 30;
const classes = 3;

export type Inputs = ReturnType<typeof batchOf>;

/** Random tokens, the later rows padded more; every second token is one of a few. */
export function batchOf(rows: number, length: number, seed = 1) {
  const real = (row: number) => Math.max(1, length - 3 * row);
  const place = (i: number) => ({ row: Math.floor(i / length), column: i % length });
  const isReal = (i: number) => place(i).column < real(place(i).row);
  const ids = Int32Array.from({ length: rows * length }, (_, i) =>
    isReal(i) ? 1 + ((i * 7919 + seed * 104_729) % (words - 1)) : 0,
  );
  return {
    ids: tf.tensor2d(ids, [rows, length], 'int32'),
    mask: tf.tensor2d(
      Float32Array.from(ids, (_, i) => Number(isReal(i))),
      [rows, length],
    ),
    labels: tf.tensor1d(
      Int32Array.from({ length: rows }, (_, row) => (row + seed) % classes),
      'int32',
    ),
    seed: tf.tensor1d([seed], 'int32'),
  };
}

export interface GraphModel {
  readonly model: Model;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly state: StepState;
  readonly step: CompiledStep<Inputs, { loss: Scalar }>;
  readonly evaluation: CompiledStep<Inputs, { loss: Scalar }>;
  readonly dispose: () => void;
}

export function createGraphModel(
  architecture: Architecture,
  options: Readonly<Record<string, OptionValue>>,
  how: StateOptions,
  sizes: EncoderOptions = smallSizes,
): GraphModel {
  const parameters = createParameters(3);
  const parsed = architecture.options.parse(options);
  const encoder = createEncoder(parameters.scope, architecture, parsed, sizes, words);
  const model = createClassifier(parameters.scope, encoder, classes);
  const variables = [...parameters.variables.values()];
  const state = createStepState(variables, how);
  const rate = 0.1;
  const step = compile(
    (inputs: Inputs) => {
      const { value, grads } = tf.variableGrads(
        () => model.loss(inputs, { training: true, seed: inputs.seed }),
        variables,
      );
      for (const variable of variables) {
        variable.assign(tf.sub(variable, tf.mul(grads[variable.name] as Tensor, rate)));
      }
      return { loss: value };
    },
    { state, expectedRuns: 1000, name: `the training step of ${architecture.name}` },
  );
  const evaluation = compile(
    (inputs: Inputs) => ({ loss: model.loss(inputs, { training: false, seed: inputs.seed }) }),
    { state, expectedRuns: 1000, name: `the evaluation of ${architecture.name}` },
  );
  const dispose = () => {
    state.dispose();
    parameters.dispose();
  };
  return { model, variables: parameters.variables, state, step, evaluation, dispose };
}

/** A number that a step gave, and its tensor disposed. */
export function numberOf({ loss }: { loss: Scalar }): number {
  const [value = NaN] = loss.dataSync();
  loss.dispose();
  return value;
}

/** The largest difference between two tensors by the largest magnitude in either, at least `floor`. */
export function relativeDifference(a: Tensor, b: Tensor, floor: number): number {
  const [left, right] = [a.dataSync(), b.dataSync()];
  let [most, magnitude] = [0, floor];
  left.forEach((value: number, i: number) => {
    const other = right[i] ?? NaN;
    const difference = Math.abs(value - other);
    most = Number.isNaN(difference) ? Infinity : Math.max(most, difference);
    magnitude = Math.max(magnitude, Math.abs(value), Math.abs(other));
  });
  return most / magnitude;
}
