/**
 * Runs a training cell: epochs over bucketed batches with Adam, the best epoch by validation, the test set once.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Architecture } from '../architectures/contract.js';
import type { ClassificationData } from '../tasks/classification/data.js';
import { classification as task } from '../tasks/classification/task.js';
import type { BatchTensors, Scores, Split } from '../tasks/contract.js';
import { countTokens, paddingShare } from '../tasks/text/batches.js';
import type { BackendInfo } from './backends/index.js';
import type { TrainedCell } from './cell.js';
import type { Report } from './cell-event.js';
import { startClock } from './checkpoints/clock.js';
import { type CheckpointPlace, modelCheckpoint } from './checkpoints/file.js';
import type { Keeping } from './checkpoints/keeper.js';
import { describeExecution } from './compilation.js';
import { countParameters } from './costs.js';
import { describeData } from './describe-data.js';
import { type EpochsOutcome, runEpochs, runSteps } from './epochs.js';
import { baselineResidentBytes, memoryOf } from './memory.js';
import { emptyOutcome } from './outcome.js';
import type { Outcome } from './record.js';
import {
  compileSteps,
  evaluationBatches,
  prepareTraining,
  profileStep,
  trainingBatches,
} from './training.js';
import type { Training } from './training.js';
import { toTensors } from './training-step.js';

export interface TrainingRequest {
  readonly cell: TrainedCell;
  readonly architecture: Architecture;
  readonly data: ClassificationData;
  readonly backend: BackendInfo;
  /** Without it nothing is kept half-way. */
  readonly checkpoints?: CheckpointPlace | undefined;
}

export async function runTraining(
  { cell, architecture, data, backend, checkpoints }: TrainingRequest,
  report: Report,
): Promise<Outcome> {
  const baseline = baselineResidentBytes();
  const training = prepareTraining(cell, architecture, data);
  const clock = startClock();
  compileSteps(training);
  const tensorBytes = await clock.pause(() => profileStep(training)); // Counting bytes is no part of training.
  const checkpoint = modelCheckpoint(checkpoints, cell.backend, cell.seed);
  const epochs = await trainEpochs(training, { report, clock, checkpoint });
  const { curve, best, failure, resumed } = epochs;
  const trained = clock.seconds();
  const scores = failure === null ? await evaluate(training, 'test') : {};
  const cost = architecture.cost(cell.encoder, architecture.options.parse(cell.options));
  const outcome: Outcome = {
    ...emptyOutcome,
    backend,
    ...describeExecution(training.step, [training.predictor], cell.precision),
    metrics: scores,
    seconds: clock.seconds(),
    memory: memoryOf(baseline, tensorBytes),
    costs: {
      parameters: countParameters(training.parameters),
      mixerMultiplyAdds: cost.multiplyAdds * cell.training.batchSize * cell.encoder.layers,
    },
    curve,
    bestEpoch: best,
    throughput: throughputOf(training, epochs, clock.seconds() - trained),
    data: describeData(data, paddingShare(trainingBatches(training, 1))),
    resumed,
    failure,
  };
  training.state.dispose();
  tf.dispose([...training.state.variables]);
  training.parameters.dispose();
  return outcome;
}

/** @param testSeconds - of evaluating the test part, where that was done */
function throughputOf(
  { cell, data }: Training,
  { curve, trainSeconds, failure }: Pick<EpochsOutcome<unknown>, 'curve' | 'trainSeconds' | 'failure'>,
  testSeconds: number,
): Outcome['throughput'] {
  const { length } = cell.encoder;
  const trained = curve.length * countTokens(data.train, length);
  return {
    trainedTokensPerSecond: trainSeconds > 0 ? trained / trainSeconds : null,
    evaluatedTokensPerSecond: failure === null ? countTokens(data.test, length) / testSeconds : null,
  };
}

/** Leaves the parameters of the best epoch in place. */
function trainEpochs(training: Training, kept: Keeping) {
  const { cell, data, parameters, state, step } = training;
  const steps = { step, seed: cell.seed, learningRate: cell.training.learningRate };
  return runEpochs({
    ...kept,
    maxEpochs: cell.training.maxEpochs,
    parameters,
    state,
    noted: z.strictObject({ validationAccuracy: z.number(), validationMacroF1: z.number() }),
    train: (epoch, pass) => runSteps(steps, epoch, trainingTensors(training, epoch), pass),
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

function* trainingTensors(training: Training, epoch: number): Generator<BatchTensors> {
  for (const batch of trainingBatches(training, epoch)) yield toTensors(batch);
}

async function evaluate(training: Training, split: Split): Promise<Scores> {
  const expected: number[] = [];
  const predicted: number[] = [];
  for (const batch of evaluationBatches(training, split)) {
    const inputs = toTensors(batch);
    const output = training.predictor.run(inputs).predicted;
    expected.push(...task.expected(batch));
    predicted.push(...(await output.data()));
    tf.dispose([inputs, output]);
  }
  return task.evaluate(expected, predicted);
}
