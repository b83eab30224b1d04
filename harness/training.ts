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
import type { Model, TokenBatch } from '../tasks/contract.js';
import { createAdam } from './adam.js';
import { compile, createStepState, worthwhileRuns } from './backends/compile.js';
import type { CompiledStep, StepState } from './backends/compile.js';
import { countShapes, exampleBatch } from './batch-shapes.js';
import type { ShapeCounts } from './batch-shapes.js';
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

/** The batches of all epochs, and of all evaluations. */
interface Shapes {
  readonly trained: ShapeCounts;
  readonly evaluated: ShapeCounts;
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
  const shapes = planShapes(cell, data);
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

function planShapes(cell: TrainedCell, data: ClassificationData): Shapes {
  const { maxEpochs } = cell.training;
  const epochs = Array.from({ length: maxEpochs }, (_, i) => i + 1);
  const still = { ...batchOptions(cell, 1), seed: null };
  const train = epochs.flatMap((epoch) => [
    ...shapesOf(task.batches(data, 'train', batchOptions(cell, epoch))),
  ]);
  const validation = [...shapesOf(task.batches(data, 'validation', still))];
  const test = shapesOf(task.batches(data, 'test', still));
  return {
    trained: countShapes(train),
    evaluated: countShapes([...epochs.flatMap(() => validation), ...test]),
  };
}

/** Lets go of the batches themselves. */
function* shapesOf(batches: Iterable<TokenBatch>): Generator<{ size: number; length: number }> {
  for (const { size, length } of batches) yield { size, length };
}

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
export function profileStep({ cell, data, step, state }: Training): Promise<number> {
  const tokens = (each: TokenBatch) => each.size * each.length;
  const batches = [...task.batches(data, 'train', batchOptions(cell, 1))];
  const batch = batches.reduce((most, each) => (tokens(each) > tokens(most) ? each : most));
  return stepPeakBytes(step, state, { ...toTensors(batch), ...inputsOf(cell) });
}

/** @param epoch - each has an order of its own */
export const batchOptions = (cell: TrainedCell, epoch: number) => ({
  batchSize: cell.training.batchSize,
  length: cell.encoder.length,
  seed: positive(hash(`${cell.seed}/order/${epoch}`)),
});

/** Of no step of the training. */
const inputsOf = ({ seed, training }: TrainedCell) => stepInputs(seed, training.learningRate, 0);
