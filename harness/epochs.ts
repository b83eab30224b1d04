/**
 * The epochs of a training: batches with Adam, after each epoch the validation part, at the end the parameters of the
 * best epoch in place.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Parameters } from '../architectures/scope.js';
import type { StepState } from './backends/compile.js';
import type { Report } from './cell-event.js';
import type { Failure } from './record.js';
import { readNumber, type StepInputs, stepInputs, type TrainingStep } from './training-step.js';

type Tensors = Readonly<Record<string, Tensor>>;

/** What epochs train, and how they are judged. */
export interface Epochs<Noted> {
  readonly maxEpochs: number;
  readonly parameters: Parameters;
  readonly state: StepState;
  readonly report: Report;
  /** One pass over the training examples; gives the mean loss, NaN as soon as one is not finite. */
  train(epoch: number): Promise<number>;
  /** What the best epoch is chosen by, higher is better, and what the learning curve shows. */
  validate(): Promise<{ readonly score: number; readonly noted: Noted }>;
  /** What the best epoch must pass, or the model did not learn. */
  readonly floor: { readonly score: number; readonly title: string };
  /** Of the score, as failures name it. */
  readonly scoreTitle: string;
}

type CurvePoint<Noted> = { epoch: number; trainLoss: number } & Noted & { seconds: number };

export interface EpochsOutcome<Noted> {
  readonly curve: CurvePoint<Noted>[];
  readonly best: number | null;
  readonly failure: Failure | null;
}

/** Leaves the parameters of the best epoch in place. */
export async function runEpochs<Noted extends object>(epochs: Epochs<Noted>): Promise<EpochsOutcome<Noted>> {
  const { maxEpochs, state, report } = epochs;
  const parameters = [...epochs.parameters.variables.values()];
  const curve: CurvePoint<Noted>[] = [];
  let best: { epoch: number; score: number; parameters: Tensor[] } | null = null;
  for (let epoch = 1; epoch <= maxEpochs; epoch++) {
    const start = performance.now();
    const trainLoss = await epochs.train(epoch);
    if (!Number.isFinite(trainLoss)) {
      tf.dispose(best?.parameters);
      return { curve, best: null, failure: diverged(epoch) };
    }
    const { score, noted } = await epochs.validate();
    const seconds = (performance.now() - start) / 1000;
    curve.push({ epoch, trainLoss, ...noted, seconds });
    report({ kind: 'epoch', epoch, of: maxEpochs, trainLoss, seconds });
    if (best !== null && score <= best.score) continue;
    tf.dispose(best?.parameters);
    best = { epoch, score, parameters: state.snapshot(parameters) };
  }
  if (best === null) return { curve, best: null, failure: null };
  state.restore(best.parameters, parameters);
  tf.dispose(best.parameters);
  return {
    curve,
    best: best.epoch,
    failure: best.score > epochs.floor.score ? null : didNotLearn(best.score, epochs),
  };
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
 * Trains on each batch once and disposes it.
 *
 * @returns the mean loss of the batches, NaN as soon as one is not finite
 */
export async function runSteps<Batch extends Tensors>(
  { step, seed, learningRate }: EpochSteps<Batch>,
  epoch: number,
  batches: Iterable<Batch>,
): Promise<number> {
  const rateOf = (count: number) => (typeof learningRate === 'number' ? learningRate : learningRate(count));
  let [sum, count] = [0, 0];
  for (const batch of batches) {
    const inputs: Batch & StepInputs = {
      ...batch,
      ...stepInputs(seed, rateOf(count), epoch * 1_000_003 + count),
    };
    const loss = await readNumber(step.run(inputs).loss);
    tf.dispose(inputs);
    if (!Number.isFinite(loss)) return NaN;
    sum += loss;
    count += 1;
  }
  return sum / count;
}

const diverged = (epoch: number): Failure => ({
  kind: 'diverged',
  message: `the loss was not finite in epoch ${epoch}`,
});

const didNotLearn = (score: number, { floor, scoreTitle }: Epochs<object>): Failure => ({
  kind: 'did not learn',
  message: `the best validation ${scoreTitle}, ${score.toFixed(4)}, does not pass ${floor.title}, ${floor.score.toFixed(4)}`,
});
