/** Training on a tiny task lowers the loss: the mixer passes gradients that are of use. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { Architecture } from '../../architectures/contract.js';
import { createEncoder } from '../../architectures/encoder.js';
import type { EncoderOptions } from '../../architectures/encoder.js';
import { stream } from '../../architectures/random.js';
import { createParameters } from '../../architectures/scope.js';
import { createClassifier } from '../../tasks/classification/model.js';
import { createAdam } from '../adam.js';
import { createStepState } from '../backends/compile.js';
import { compileTrainingStep } from '../training-step.js';
import type { Check } from './check.js';

const sizes: EncoderOptions = {
  length: 12,
  hidden: 16,
  heads: 2,
  layers: 1,
  feedForward: 16,
  dropout: 0,
  norm: 'post',
  positions: true,
  shareLayers: false,
  pooling: 'additive',
};
const steps = 40;

/** Which of two words is in the text: 32 texts, 40 steps; at least half of the loss must go. */
export function checkLearning(architecture: Architecture): Check[] {
  const parameters = createParameters(1);
  const encoder = createEncoder(parameters.scope, architecture, architecture.options.parse({}), sizes, 12);
  const model = createClassifier(parameters.scope, encoder, 2);
  const adam = createAdam(parameters.variables, { clipNorm: null, weightDecay: 0 });
  const state = createStepState([...parameters.variables.values(), ...adam.state]);
  const step = compileTrainingStep(model, parameters, adam, { state, expectedRuns: steps });
  const inputs = { ...wordTask(), seed: tf.tensor1d([1], 'int32'), learningRate: tf.scalar(1e-2) };
  const losses: number[] = [];
  try {
    for (let i = 0; i < steps; i++) losses.push(readLoss(step.run(inputs).loss));
  } finally {
    state.dispose();
    adam.dispose();
    parameters.dispose();
    tf.dispose(inputs);
  }
  const [first = NaN] = losses;
  const ratio = (losses[losses.length - 1] ?? NaN) / first;
  const detail = `loss ${first.toFixed(3)} at the start, ratio after ${steps} steps (${step.execution})`;
  return [{ name: 'training lowers the loss', passed: ratio <= 0.5, measured: ratio, allowed: 0.5, detail }];
}

function readLoss(loss: Scalar): number {
  const [value] = loss.dataSync();
  loss.dispose();
  return value ?? NaN;
}

/** Texts of random words 4 to 11; word 2 or 3 stands somewhere and is the label. */
function wordTask() {
  const random = stream(1, 'word task');
  const below = (count: number) => (random.next() >>> 0) % count;
  const labels = Array.from({ length: 32 }, () => below(2));
  const ids = labels.map((label) => {
    const text = Array.from({ length: sizes.length }, () => 4 + below(8));
    text[below(sizes.length)] = 2 + label;
    return text;
  });
  return {
    ids: tf.tensor2d(ids, [32, sizes.length], 'int32'),
    mask: tf.ones<tf.Rank.R2>([32, sizes.length]),
    labels: tf.tensor1d(labels, 'int32'),
  };
}
