/**
 * Runs a training cell: epochs over bucketed batches with Adam, the best epoch by validation, the test set once.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import type { Architecture } from '../architectures/contract.js';
import { createEncoder } from '../architectures/encoder.js';
import { hash } from '../architectures/random.js';
import { createParameters } from '../architectures/scope.js';
import type { Parameters } from '../architectures/scope.js';
import type { ClassificationData } from '../tasks/classification/data.js';
import { classification as task } from '../tasks/classification/task.js';
import type { Model, Scores, Split, TokenBatch } from '../tasks/contract.js';
import { paddingShare } from '../tasks/text/batches.js';
import { createAdam } from './adam.js';
import type { BackendInfo } from './backends/index.js';
import { compile } from './backends/compile.js';
import type { CompiledStep } from './backends/compile.js';
import type { TrainedCell } from './cell.js';
import type { Report } from './cell-event.js';
import { countParameters } from './costs.js';
import { describeData } from './describe-data.js';
import { baselineResidentBytes, memoryOf, peakTensorBytes } from './memory.js';
import { emptyOutcome } from './outcome.js';
import type { Failure, Outcome } from './record.js';
import { compileTrainingStep, readNumber, toTensors } from './training-step.js';
import type { TrainingStep } from './training-step.js';

type Predictor = CompiledStep<ReturnType<typeof toTensors>, { predicted: tf.Tensor }>;

/** What the epochs work on. */
interface Training {
  readonly cell: TrainedCell;
  readonly data: ClassificationData;
  readonly parameters: Parameters;
  /** What Adam keeps beside the parameters. */
  readonly moments: readonly Variable[];
  readonly step: TrainingStep;
  readonly predictor: Predictor;
}

export async function runTraining(
  cell: TrainedCell,
  architecture: Architecture,
  data: ClassificationData,
  backend: BackendInfo,
  report: Report,
): Promise<Outcome> {
  const baseline = baselineResidentBytes();
  const training = prepare(cell, architecture, data);
  const tensorBytes = await profileStep(training);
  const start = performance.now(); // Counting bytes is no part of training.
  const { curve, best, failure } = await trainEpochs(training, report);
  const scores = failure === null ? await evaluate(training, 'test') : {};
  const cost = architecture.cost(cell.encoder, architecture.options.parse(cell.options));
  const outcome: Outcome = {
    ...emptyOutcome,
    backend,
    execution: training.step.execution,
    metrics: scores,
    seconds: (performance.now() - start) / 1000,
    memory: memoryOf(baseline, tensorBytes),
    costs: {
      parameters: countParameters(training.parameters),
      mixerMultiplyAdds: cost.multiplyAdds * cell.training.batchSize * cell.encoder.layers,
    },
    curve,
    bestEpoch: best,
    data: describeData(data, paddingShare(task.batches(data, 'train', batchOptions(cell, 1)))),
    failure,
  };
  tf.dispose([...training.moments]);
  training.parameters.dispose();
  return outcome;
}

function prepare(cell: TrainedCell, architecture: Architecture, data: ClassificationData): Training {
  const parameters = createParameters(cell.seed);
  const options = architecture.options.parse(cell.options);
  const words = data.vocabulary.size;
  const encoder = createEncoder(parameters.scope, architecture, options, cell.encoder, words);
  const model: Model = task.model(parameters.scope, encoder, data);
  const adam = createAdam(parameters.variables, cell.training);
  return {
    cell,
    data,
    parameters,
    moments: adam.state,
    step: compileTrainingStep(model, parameters, adam),
    predictor: compile((batch) => ({ predicted: model.predict(batch) }), { state: [] }),
  };
}

/** Peak bytes of one training step on the largest batch. It counts as no step: every variable is put back. */
async function profileStep({ cell, data, step, parameters, moments }: Training): Promise<number> {
  const tokens = (each: TokenBatch) => each.size * each.length;
  const batches = [...task.batches(data, 'train', batchOptions(cell, 1))];
  const batch = batches.reduce((most, each) => (tokens(each) > tokens(most) ? each : most));
  const inputs = { ...toTensors(batch), ...stepInputs(cell, 0) };
  const state = [...parameters.variables.values(), ...moments];
  const kept = snapshot(state);
  const bytes = await peakTensorBytes(() => {
    step.run(inputs).loss.dispose();
  });
  restore(state, kept);
  tf.dispose([inputs, kept]);
  return bytes;
}

interface Epochs {
  readonly curve: Outcome['curve'];
  readonly best: number | null;
  readonly failure: Failure | null;
}

/** Leaves the parameters of the best epoch in place. */
async function trainEpochs(training: Training, report: Report): Promise<Epochs> {
  const { cell, data } = training;
  const parameters = [...training.parameters.variables.values()];
  const curve: Outcome['curve'] = [];
  let best: { epoch: number; score: number; parameters: tf.Tensor[] } | null = null;
  for (let epoch = 1; epoch <= cell.training.maxEpochs; epoch++) {
    const start = performance.now();
    const trainLoss = await trainEpoch(training, epoch);
    if (!Number.isFinite(trainLoss)) return { curve, best: null, failure: diverged(epoch) };
    const scores = await evaluate(training, 'validation');
    const seconds = (performance.now() - start) / 1000;
    const score = scores[task.selection] ?? 0;
    const validationAccuracy = scores['accuracy'] ?? 0;
    curve.push({ epoch, trainLoss, validationAccuracy, validationMacroF1: scores['macroF1'] ?? 0, seconds });
    report({ kind: 'epoch', epoch, of: cell.training.maxEpochs, trainLoss, validationAccuracy, seconds });
    if (best !== null && score <= best.score) continue;
    tf.dispose(best?.parameters);
    best = { epoch, score, parameters: snapshot(parameters) };
  }
  if (best === null) return { curve, best: null, failure: null };
  restore(parameters, best.parameters);
  tf.dispose(best.parameters);
  const floor = task.chance(data, 'validation');
  return { curve, best: best.epoch, failure: best.score > floor ? null : didNotLearn(best.score, floor) };
}

/** One pass over the training examples; gives the mean loss of the batches, NaN as soon as one is not finite. */
async function trainEpoch({ cell, data, step }: Training, epoch: number): Promise<number> {
  let sum = 0;
  let count = 0;
  for (const batch of task.batches(data, 'train', batchOptions(cell, epoch))) {
    const inputs = { ...toTensors(batch), ...stepInputs(cell, epoch * 1_000_003 + count) };
    const loss = await readNumber(step.run(inputs).loss);
    tf.dispose(inputs);
    if (!Number.isFinite(loss)) return NaN;
    sum += loss;
    count += 1;
  }
  return sum / count;
}

async function evaluate({ cell, data, predictor }: Training, split: Split): Promise<Scores> {
  const expected: number[] = [];
  const predicted: number[] = [];
  for (const batch of task.batches(data, split, { ...batchOptions(cell, 1), seed: null })) {
    const inputs = toTensors(batch);
    const output = predictor.run(inputs).predicted;
    expected.push(...task.expected(batch));
    predicted.push(...(await output.data()));
    tf.dispose([inputs, output]);
  }
  return task.evaluate(expected, predicted);
}

/** @param epoch - each has an order of its own */
const batchOptions = (cell: TrainedCell, epoch: number) => ({
  batchSize: cell.training.batchSize,
  length: cell.encoder.length,
  seed: positive(hash(`${cell.seed}/order/${epoch}`)),
});

/** What changes from step to step beside the batch. */
const stepInputs = (cell: TrainedCell, step: number) => ({
  seed: tf.tensor1d([positive(hash(`${cell.seed}/dropout/${step}`))], 'int32'),
  learningRate: tf.scalar(cell.training.learningRate),
});

/** A seed of at least 1. */
const positive = (value: number): number => value >>> 1 || 1;

/** The values as they are now; cheap, since assigning to a variable leaves the old values to whoever holds them. */
const snapshot = (variables: readonly Variable[]): tf.Tensor[] =>
  variables.map((variable) => tf.clone(variable));

function restore(variables: readonly Variable[], values: readonly tf.Tensor[]): void {
  for (const [i, variable] of variables.entries()) {
    const value = values[i];
    if (value !== undefined) variable.assign(value);
  }
}

const diverged = (epoch: number): Failure => ({
  kind: 'diverged',
  message: `the loss was not finite in epoch ${epoch}`,
});

const didNotLearn = (score: number, floor: number): Failure => ({
  kind: 'did not learn',
  message: `the best validation accuracy, ${score.toFixed(4)}, does not pass the most frequent class, ${floor.toFixed(4)}`,
});
