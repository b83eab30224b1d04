/**
 * Runs a training cell: epochs over bucketed batches with Adam, the best epoch by validation, the test set once.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture } from '../architectures/contract.js';
import type { ClassificationData } from '../tasks/classification/data.js';
import { classification as task } from '../tasks/classification/task.js';
import type { BatchTensors, Scores, Split } from '../tasks/contract.js';
import { paddingShare } from '../tasks/text/batches.js';
import type { BackendInfo } from './backends/index.js';
import type { TrainedCell } from './cell.js';
import type { Report } from './cell-event.js';
import { describeExecution } from './compilation.js';
import { countParameters } from './costs.js';
import { describeData } from './describe-data.js';
import { runEpochs, runSteps } from './epochs.js';
import { baselineResidentBytes, memoryOf } from './memory.js';
import { emptyOutcome } from './outcome.js';
import type { Outcome } from './record.js';
import { batchOptions, compileSteps, prepareTraining, profileStep } from './training.js';
import type { Training } from './training.js';
import { toTensors } from './training-step.js';

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

/** Leaves the parameters of the best epoch in place. */
function trainEpochs(training: Training, report: Report) {
  const { cell, data, parameters, state, step } = training;
  const steps = { step, seed: cell.seed, learningRate: cell.training.learningRate };
  return runEpochs({
    maxEpochs: cell.training.maxEpochs,
    parameters,
    state,
    report,
    train: (epoch) => runSteps(steps, epoch, trainingTensors(training, epoch)),
    validate: async () => {
      const scores = await evaluate(training, 'validation');
      const noted = {
        validationAccuracy: scores['accuracy'] ?? 0,
        validationMacroF1: scores['macroF1'] ?? 0,
      };
      return { score: scores[task.selection] ?? 0, noted };
    },
    floor: { score: task.chance(data, 'validation'), title: 'the most frequent class' },
    scoreTitle: task.selection,
  });
}

function* trainingTensors({ cell, data }: Training, epoch: number): Generator<BatchTensors> {
  for (const batch of task.batches(data, 'train', batchOptions(cell, epoch))) yield toTensors(batch);
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
