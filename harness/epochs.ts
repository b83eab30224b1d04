/**
 * The epochs of a training: batches with Adam, after each epoch the validation part, at the end the parameters of the
 * best epoch in place.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { type Course, type Keeper, type KeeperOptions, openKeeper } from './checkpoints/keeper.js';
import type { Failure } from './record.js';
import { readNumber, type StepInputs, stepInputs, type TrainingStep } from './training-step.js';

type Tensors = Readonly<Record<string, Tensor>>;

/** What epochs train, how they are judged, and where they are kept half-way. */
export interface Epochs<Noted> extends KeeperOptions<Noted> {
  readonly maxEpochs: number;
  /** One pass over the training examples; gives the mean loss, NaN as soon as one is not finite. */
  train(epoch: number, pass: Pass): Promise<number>;
  /** What the best epoch is chosen by, higher is better, and what the learning curve shows. */
  validate(): Promise<{ readonly score: number; readonly noted: Noted }>;
  /** What the best epoch must pass, or the model did not learn. */
  readonly floor: { readonly score: number; readonly title: string };
  /** Of the score, as failures name it. */
  readonly scoreTitle: string;
}

/** Where a pass over the training examples begins. */
export interface Pass {
  /** Steps of it that were done before, and the sum of their losses. */
  readonly steps: number;
  readonly lossSum: number;
  /** To be told after each step: how many are done now. */
  readonly stepped: (steps: number, lossSum: number) => Promise<void>;
}

type CurvePoint<Noted> = { epoch: number; trainLoss: number } & Noted & { seconds: number };

export interface EpochsOutcome<Noted> {
  readonly curve: CurvePoint<Noted>[];
  readonly best: number | null;
  readonly failure: Failure | null;
  /** How often the training went on from a checkpoint. */
  readonly resumed: number;
  /** In steps: validation is left out. */
  readonly trainSeconds: number;
}

/** Leaves the parameters of the best epoch in place. */
export async function runEpochs<Noted extends object>(epochs: Epochs<Noted>): Promise<EpochsOutcome<Noted>> {
  const { maxEpochs, state } = epochs;
  const parameters = [...epochs.parameters.variables.values()];
  const keeper = await openKeeper(epochs);
  let { course } = keeper;
  let diverged: Failure | null = null;
  while (course.epoch <= maxEpochs) {
    const next = await runEpoch(epochs, course, keeper);
    if (next === null) {
      diverged = notFinite(course.epoch);
      break;
    }
    course = next;
    await keeper.keep(course);
  }
  const { best, points, resumed, trainSeconds } = course;
  if (best !== null && diverged === null) state.restore(best.parameters, parameters);
  tf.dispose(best?.parameters);
  return {
    curve: points.map(({ noted, seconds, ...point }) => ({ ...point, ...noted, seconds })),
    best: diverged === null ? (best?.epoch ?? null) : null,
    failure:
      diverged ?? (best === null || best.score > epochs.floor.score ? null : didNotLearn(best.score, epochs)),
    resumed,
    trainSeconds,
  };
}

/** What is left of one epoch. @returns null when the loss was not finite */
async function runEpoch<Noted extends object>(
  epochs: Epochs<Noted>,
  course: Course<Noted>,
  { keep, seconds }: Keeper<Noted>,
): Promise<Course<Noted> | null> {
  const { epoch, epochStart, best } = course;
  const trainLoss = await epochs.train(epoch, {
    steps: course.steps,
    lossSum: course.lossSum,
    stepped: (steps, lossSum) => keep({ ...course, steps, lossSum }),
  });
  if (!Number.isFinite(trainLoss)) return null;
  const trainSeconds = course.trainSeconds + seconds() - epochStart;
  const { score, noted } = await epochs.validate();
  const end = seconds();
  const point = { epoch, trainLoss, noted, seconds: end - epochStart };
  epochs.report({ kind: 'epoch', epoch, of: epochs.maxEpochs, trainLoss, seconds: point.seconds });
  return {
    ...{ resumed: course.resumed, epoch: epoch + 1, epochStart: end, steps: 0, lossSum: 0, trainSeconds },
    points: [...course.points, point],
    best: best !== null && score <= best.score ? best : replaced(best, epoch, score, epochs),
  };
}

function replaced<Noted>(
  old: Course<Noted>['best'],
  epoch: number,
  score: number,
  { state, parameters }: Epochs<Noted>,
): Course<Noted>['best'] {
  tf.dispose(old?.parameters);
  return { epoch, score, parameters: state.snapshot([...parameters.variables.values()]) };
}

/** What an epoch's steps need. */
export interface EpochSteps<Batch extends Tensors> {
  readonly step: TrainingStep<Batch>;
  /** Of dropout; a number of its own for each model. */
  readonly seed: number;
  /** Of all steps, or of each step of the epoch, counted from 0. */
  readonly learningRate: number | ((step: number) => number);
}

/**
 * Trains on each batch once and disposes it; those of steps that were done before are left out.
 *
 * @returns the mean loss of the batches, NaN as soon as one is not finite
 */
export async function runSteps<Batch extends Tensors>(
  { step, seed, learningRate }: EpochSteps<Batch>,
  epoch: number,
  batches: Iterable<Batch>,
  pass: Pass,
): Promise<number> {
  const rateOf = (count: number) => (typeof learningRate === 'number' ? learningRate : learningRate(count));
  let { lossSum } = pass;
  let count = 0;
  for (const batch of batches) {
    if (count < pass.steps) {
      tf.dispose(batch);
      count += 1;
      continue;
    }
    const inputs: Batch & StepInputs = {
      ...batch,
      ...stepInputs(seed, rateOf(count), epoch * 1_000_003 + count),
    };
    const loss = await readNumber(step.run(inputs).loss);
    tf.dispose(inputs);
    if (!Number.isFinite(loss)) return NaN;
    lossSum += loss;
    count += 1;
    await pass.stepped(count, lossSum);
  }
  return lossSum / count;
}

const notFinite = (epoch: number): Failure => ({
  kind: 'diverged',
  message: `the loss was not finite in epoch ${epoch}`,
});

const didNotLearn = (score: number, { floor, scoreTitle }: Epochs<object>): Failure => ({
  kind: 'did not learn',
  message: `the best validation ${scoreTitle}, ${score.toFixed(4)}, does not pass ${floor.title}, ${floor.score.toFixed(4)}`,
});
