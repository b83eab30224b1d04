/**
 * What a training cell works on: the model, Adam, their state, the two compiled steps and the shapes of batches that
 * they will see.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture } from '../architectures/contract.js';
import { createEncoder } from '../architectures/encoder.js';
import { hash } from '../architectures/random.js';
import { createParameters } from '../architectures/scope.js';
import type { Parameters } from '../architectures/scope.js';
import type { ClassificationData } from '../tasks/classification/data.js';
import { classification as task } from '../tasks/classification/task.js';
import type { Model, Split, TokenBatch } from '../tasks/contract.js';
import { createAdam } from './adam.js';
import { compile, createStepState, worthwhileRuns } from './backends/compile.js';
import type { CompiledStep, StepState } from './backends/compile.js';
import { exampleBatch, planShapes } from './batch-shapes.js';
import type { BatchShape, ShapeCounts, ShapePlan } from './batch-shapes.js';
import type { TrainedCell } from './cell.js';
import {
  compileTrainingStep,
  positive,
  startFrom,
  stepInputs,
  stepPeakBytes,
  toTensors,
  type TrainingStep,
} from './training-step.js';

type Predictor = CompiledStep<ReturnType<typeof toTensors>, { predicted: tf.Tensor }>;

/** What the epochs work on. */
export interface Training {
  readonly cell: TrainedCell;
  readonly data: ClassificationData;
  readonly parameters: Parameters;
  /** Parameters, and what Adam keeps beside them. */
  readonly state: StepState;
  readonly step: TrainingStep;
  readonly predictor: Predictor;
  readonly shapes: Shapes;
}

/** Of the batches of all epochs, and of all evaluations. */
interface Shapes {
  readonly trained: ShapePlan;
  readonly evaluated: ShapePlan;
}

export function prepareTraining(
  cell: TrainedCell,
  architecture: Architecture,
  data: ClassificationData,
): Training {
  const parameters = createParameters(cell.seed);
  const options = architecture.options.parse(cell.options);
  const words = data.vocabulary.size;
  const encoder = createEncoder(parameters.scope, architecture, options, cell.encoder, words);
  const model: Model = task.model(parameters.scope, encoder, data);
  startFrom(data.initialTable, parameters, cell.encoder.hidden);
  const adam = createAdam(parameters.variables, cell.training);
  const state = createStepState([...parameters.variables.values(), ...adam.state], cell);
  const shapes = planBatches(cell, data);
  const runsOf = (counts: ShapeCounts, { ids }: { ids: tf.Tensor2D }) =>
    counts.runs({ size: ids.shape[0], length: ids.shape[1] });
  return {
    cell,
    data,
    parameters,
    state,
    shapes,
    step: compileTrainingStep(model, parameters, adam, {
      state,
      expectedRuns: (inputs) => runsOf(shapes.trained, inputs),
    }),
    predictor: compile((batch) => ({ predicted: model.predict(batch) }), {
      state,
      expectedRuns: (inputs) => runsOf(shapes.evaluated, inputs),
      name: 'the prediction',
    }),
  };
}

function planBatches(cell: TrainedCell, data: ClassificationData): Shapes {
  const epochs = Array.from({ length: cell.training.maxEpochs }, (_, i) => i + 1);
  const validation = shapesOf(batchesOf(cell, data, 'validation', null));
  const test = shapesOf(batchesOf(cell, data, 'test', null));
  return {
    trained: planShapes(
      epochs.flatMap((epoch) => shapesOf(batchesOf(cell, data, 'train', epoch))),
      worthwhileRuns,
    ),
    evaluated: planShapes([...epochs.flatMap(() => validation), ...test], worthwhileRuns),
  };
}

/** Lets go of the batches themselves. */
const shapesOf = (batches: Iterable<TokenBatch>): BatchShape[] =>
  Array.from(batches, ({ size, length }) => ({ size, length }));

/** The batches of an epoch of training; each has an order of its own. */
export const trainingBatches = (
  { cell, data, shapes }: Pick<Training, 'cell' | 'data' | 'shapes'>,
  epoch: number,
): Iterable<TokenBatch> => batchesOf(cell, data, 'train', epoch, shapes.trained);

/** The batches of a split that is evaluated, by length. */
export const evaluationBatches = ({ cell, data, shapes }: Training, split: Split): Iterable<TokenBatch> =>
  batchesOf(cell, data, split, null, shapes.evaluated);

/** @param epoch - whose order they have; null = by length */
const batchesOf = (
  { seed, encoder, training }: TrainedCell,
  data: ClassificationData,
  split: Split,
  epoch: number | null,
  plan?: ShapePlan,
): Iterable<TokenBatch> =>
  task.batches(data, split, {
    batchSize: training.batchSize,
    length: encoder.length,
    seed: epoch === null ? null : positive(hash(`${seed}/order/${epoch}`)),
    lengths: plan?.lengths,
  });

/** Traces both steps for all shapes that come often, before the first run. */
export function compileSteps({ cell, step, predictor, shapes }: Training): void {
  if (cell.execution === 'eager') return;
  for (const shape of shapes.trained.frequent(worthwhileRuns)) {
    const inputs = { ...toTensors(exampleBatch(shape)), ...inputsOf(cell) };
    step.prepare([inputs]);
    tf.dispose(inputs);
  }
  for (const shape of shapes.evaluated.frequent(worthwhileRuns)) {
    const inputs = toTensors(exampleBatch(shape));
    predictor.prepare([inputs]);
    tf.dispose(inputs);
  }
}

/** Peak bytes of one training step on the largest batch. */
export function profileStep(training: Training): Promise<number> {
  const { cell, step, state } = training;
  const tokens = (each: TokenBatch) => each.size * each.length;
  const batches = [...trainingBatches(training, 1)];
  const batch = batches.reduce((most, each) => (tokens(each) > tokens(most) ? each : most));
  return stepPeakBytes(step, state, { ...toTensors(batch), ...inputsOf(cell) });
}

/** Of no step of the training. */
const inputsOf = ({ seed, training }: TrainedCell) => stepInputs(seed, training.learningRate, 0);
