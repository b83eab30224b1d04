/**
 * Runs a training cell: epochs over bucketed batches with Adam, the best epoch by validation, the test set once.
 */
import * as tf from '@tensorflow/tfjs-core';
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
import { compile, createStepState, worthwhileRuns } from './backends/compile.js';
import type { CompiledStep, StepState } from './backends/compile.js';
import type { BackendInfo } from './backends/index.js';
import { countShapes, exampleBatch } from './batch-shapes.js';
import type { ShapeCounts } from './batch-shapes.js';
import type { TrainedCell } from './cell.js';
import type { Report } from './cell-event.js';
import { describeExecution } from './compilation.js';
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

export async function runTraining(
  cell: TrainedCell,
  architecture: Architecture,
  data: ClassificationData,
  backend: BackendInfo,
  report: Report,
): Promise<Outcome> {
  const baseline = baselineResidentBytes();
  const training = prepare(cell, architecture, data);
  const prepareStart = performance.now();
  compileSteps(training);
  const prepareSeconds = (performance.now() - prepareStart) / 1000;
  const tensorBytes = await profileStep(training);
  const start = performance.now(); // Counting bytes is no part of training.
  const { curve, best, failure } = await trainEpochs(training, report);
  const scores = failure === null ? await evaluate(training, 'test') : {};
  const cost = architecture.cost(cell.encoder, architecture.options.parse(cell.options));
  const outcome: Outcome = {
    ...emptyOutcome,
    backend,
    ...describeExecution(training.step, [training.predictor], cell.precision),
    metrics: scores,
    seconds: prepareSeconds + (performance.now() - start) / 1000,
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
  training.state.dispose();
  tf.dispose([...training.state.variables]);
  training.parameters.dispose();
  return outcome;
}

function prepare(cell: TrainedCell, architecture: Architecture, data: ClassificationData): Training {
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

/** Puts word vectors, where there are some, in place of the random token table. */
function startFrom(table: ClassificationData['initialTable'], parameters: Parameters, hidden: number): void {
  if (!table) return;
  const values = tf.tensor2d(table.values, [table.values.length / hidden, hidden]);
  parameters.variables.get('word_embedding.table')?.assign(values);
  values.dispose();
}

/** Lets go of the batches themselves. */
function* shapesOf(batches: Iterable<TokenBatch>): Generator<{ size: number; length: number }> {
  for (const { size, length } of batches) yield { size, length };
}

/** Traces both steps for all shapes that come often, before the first run. */
function compileSteps({ cell, step, predictor, shapes }: Training): void {
  if (cell.execution === 'eager') return;
  for (const shape of shapes.trained.frequent(worthwhileRuns)) {
    const inputs = { ...toTensors(exampleBatch(shape)), ...stepInputs(cell, 0) };
    step.prepare([inputs]);
    tf.dispose(inputs);
  }
  for (const shape of shapes.evaluated.frequent(worthwhileRuns)) {
    const inputs = toTensors(exampleBatch(shape));
    predictor.prepare([inputs]);
    tf.dispose(inputs);
  }
}

/** Peak bytes of one training step on the largest batch. It counts as no step: every variable is put back. */
async function profileStep({ cell, data, step, state }: Training): Promise<number> {
  const tokens = (each: TokenBatch) => each.size * each.length;
  const batches = [...task.batches(data, 'train', batchOptions(cell, 1))];
  const batch = batches.reduce((most, each) => (tokens(each) > tokens(most) ? each : most));
  const inputs = { ...toTensors(batch), ...stepInputs(cell, 0) };
  const known = step.peakBytes(inputs);
  if (known !== null) {
    tf.dispose(inputs);
    return known;
  }
  const kept = state.snapshot();
  const bytes = await peakTensorBytes(() => {
    step.run(inputs).loss.dispose();
  });
  state.restore(kept);
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
    best = { epoch, score, parameters: training.state.snapshot(parameters) };
  }
  if (best === null) return { curve, best: null, failure: null };
  training.state.restore(best.parameters, parameters);
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

const diverged = (epoch: number): Failure => ({
  kind: 'diverged',
  message: `the loss was not finite in epoch ${epoch}`,
});

const didNotLearn = (score: number, floor: number): Failure => ({
  kind: 'did not learn',
  message: `the best validation accuracy, ${score.toFixed(4)}, does not pass the most frequent class, ${floor.toFixed(4)}`,
});
