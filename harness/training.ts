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
import { commonLengths, countShapes, exampleBatch } from './batch-shapes.js';
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
  /** That batches of either kind have. */
  readonly lengths: { readonly trained: readonly number[]; readonly evaluated: readonly number[] };
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

/** First with the lengths that batches need, then with the few that they get. */
function planShapes(cell: TrainedCell, data: ClassificationData): Shapes {
  const { maxEpochs } = cell.training;
  const epochs = Array.from({ length: maxEpochs }, (_, i) => i + 1);
  const trained = (lengths?: readonly number[]) =>
    epochs.flatMap((epoch) => [
      ...shapesOf(task.batches(data, 'train', { ...batchOptions(cell, epoch), lengths })),
    ]);
  const evaluated = (lengths?: readonly number[]) => {
    const still = { ...batchOptions(cell, 1), seed: null, lengths };
    const validation = [...shapesOf(task.batches(data, 'validation', still))];
    return [...epochs.flatMap(() => validation), ...shapesOf(task.batches(data, 'test', still))];
  };
  const lengths = {
    trained: commonLengths(trained(), worthwhileRuns),
    evaluated: commonLengths(evaluated(), worthwhileRuns),
  };
  return {
    lengths,
    trained: countShapes(trained(lengths.trained)),
    evaluated: countShapes(evaluated(lengths.evaluated)),
  };
}

/** The batches of an epoch of training; each has an order of its own. */
export const trainingBatches = (
  { cell, data, shapes }: Pick<Training, 'cell' | 'data' | 'shapes'>,
  epoch: number,
): Iterable<TokenBatch> =>
  task.batches(data, 'train', { ...batchOptions(cell, epoch), lengths: shapes.lengths.trained });

/** The batches of a split that is evaluated, by length. */
export const evaluationBatches = ({ cell, data, shapes }: Training, split: Split): Iterable<TokenBatch> =>
  task.batches(data, split, { ...batchOptions(cell, 1), seed: null, lengths: shapes.lengths.evaluated });

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
export function profileStep(training: Training): Promise<number> {
  const { cell, step, state } = training;
  const tokens = (each: TokenBatch) => each.size * each.length;
  const batches = [...trainingBatches(training, 1)];
  const batch = batches.reduce((most, each) => (tokens(each) > tokens(most) ? each : most));
  return stepPeakBytes(step, state, { ...toTensors(batch), ...inputsOf(cell) });
}

const batchOptions = (cell: TrainedCell, epoch: number) => ({
  batchSize: cell.training.batchSize,
  length: cell.encoder.length,
  seed: positive(hash(`${cell.seed}/order/${epoch}`)),
});

/** Of no step of the training. */
const inputsOf = ({ seed, training }: TrainedCell) => stepInputs(seed, training.learningRate, 0);
