/**
 * Runs a training cell: epochs over bucketed batches with Adam, the best epoch by validation, the test set once.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture } from '../architectures/contract.js';
import type { ClassificationData } from '../tasks/classification/data.js';
import { classification as task } from '../tasks/classification/task.js';
import type { Scores, Split } from '../tasks/contract.js';
import { paddingShare } from '../tasks/text/batches.js';
import type { BackendInfo } from './backends/index.js';
import type { TrainedCell } from './cell.js';
import type { Report } from './cell-event.js';
import { describeExecution } from './compilation.js';
import { countParameters } from './costs.js';
import { describeData } from './describe-data.js';
import { baselineResidentBytes, memoryOf } from './memory.js';
import { emptyOutcome } from './outcome.js';
import type { Failure, Outcome } from './record.js';
import { batchOptions, compileSteps, prepareTraining, profileStep, stepInputs } from './training.js';
import type { Training } from './training.js';
import { readNumber, toTensors } from './training-step.js';

export async function runTraining(
  cell: TrainedCell,
  architecture: Architecture,
  data: ClassificationData,
  backend: BackendInfo,
  report: Report,
): Promise<Outcome> {
  const baseline = baselineResidentBytes();
  const training = prepareTraining(cell, architecture, data);
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
    report({ kind: 'epoch', epoch, of: cell.training.maxEpochs, trainLoss, seconds });
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

const diverged = (epoch: number): Failure => ({
  kind: 'diverged',
  message: `the loss was not finite in epoch ${epoch}`,
});

const didNotLearn = (score: number, floor: number): Failure => ({
  kind: 'did not learn',
  message: `the best validation accuracy, ${score.toFixed(4)}, does not pass the most frequent class, ${floor.toFixed(4)}`,
});
