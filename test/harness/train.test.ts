import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../architectures/contract.js';
import { fastformer } from '../../architectures/fastformer.js';
import type { BackendInfo } from '../../harness/backends/index.js';
import type { CellEvent } from '../../harness/cell-event.js';
import { outcomeSchema } from '../../harness/record.js';
import { runTraining } from '../../harness/train.js';
import { majorityClass } from '../../tasks/classification/data.js';
import { countTokens } from '../../tasks/text/batches.js';
import { useBackend } from '../support/backend.js';
import { wordCell, wordTask } from '../support/word-task.js';

const architecture = fastformer as unknown as Architecture;
const counts = { train: 160, validation: 64, test: 64 };

describe('training a cell', () => {
  const info = useBackend('wasm');
  const train = (cell = wordCell(), data = wordTask(counts), events: CellEvent[] = []) =>
    runTraining({ cell, architecture, data, backend: info as BackendInfo }, (event) => events.push(event));

  it('learns what can be learned, and leaves a complete outcome', async () => {
    const events: CellEvent[] = [];
    const outcome = await train(wordCell(), wordTask(counts), events);
    expect(outcomeSchema.parse(outcome)).toEqual(outcome);
    expect(outcome.failure).toBeNull();
    expect(outcome.metrics['accuracy']).toBeGreaterThan(0.95);
    expect(outcome.curve.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(events.filter(({ kind }) => kind === 'epoch')).toHaveLength(4);
    expect(outcome.memory.peakTensorBytes).toBeGreaterThan(0);
    expect(outcome.data?.paddingShare).toBeLessThan(0.9);
    const { trainedTokensPerSecond, evaluatedTokensPerSecond } = outcome.throughput!;
    const tokens = 4 * countTokens(wordTask(counts).train, wordCell().encoder.length);
    // Less than all seconds were spent in steps.
    expect(trainedTokensPerSecond).toBeGreaterThan(tokens / outcome.seconds!);
    expect(evaluatedTokensPerSecond).toBeGreaterThan(0);
  });

  it('gives the same numbers for the same seed, and others for another', async () => {
    const numbers = async (seed: number) =>
      (await train(wordCell({ maxEpochs: 2 }, seed))).curve.map(({ trainLoss }) => trainLoss);
    const first = await numbers(3);
    expect(await numbers(3)).toEqual(first);
    expect(await numbers(4)).not.toEqual(first);
  });

  it('scores the test set with the parameters of the best epoch', async () => {
    // A rate that high makes later epochs jump about; the kept epoch is the first of the best.
    const outcome = await train(wordCell({ learningRate: 0.3, maxEpochs: 6 }));
    const scores = outcome.curve.map(({ validationAccuracy }) => validationAccuracy);
    expect(outcome.bestEpoch).toBe(scores.indexOf(Math.max(...scores)) + 1);
  });

  it('calls a loss that is not finite diverged, and scores nothing', async () => {
    const outcome = await train(wordCell({ learningRate: 1e30 }));
    expect(outcome.failure?.kind).toBe('diverged');
    expect(outcome.metrics).toEqual({});
  });

  it('says so when validation is no better than the most frequent class', async () => {
    const data = wordTask(counts);
    const answer = majorityClass(data.train.labels, 2);
    const one = { ...data.validation, labels: data.validation.labels.map(() => answer) };
    const outcome = await train(wordCell({ maxEpochs: 1 }), { ...data, validation: one });
    expect(outcome.failure?.kind).toBe('did not learn');
    expect(outcome.metrics).toEqual({});
  });
});

it('leaves no tensor behind', async () => {
  const backend = { name: tf.getBackend() } as unknown as BackendInfo;
  const before = tf.memory().numTensors;
  const request = { cell: wordCell({ maxEpochs: 2 }), architecture, data: wordTask(counts), backend };
  await runTraining(request, () => undefined);
  expect(tf.memory().numTensors).toBe(before);
});

it('does not let the test set choose: its labels change no training number', async () => {
  const data = wordTask(counts);
  const turned = { ...data, test: { ...data.test, labels: data.test.labels.map((label) => 1 - label) } };
  const backend = { name: tf.getBackend() } as unknown as BackendInfo;
  const curve = async (each: typeof data) => {
    const request = { cell: wordCell({ maxEpochs: 2 }), architecture, data: each, backend };
    const outcome = await runTraining(request, () => undefined);
    return outcome.curve.map(({ trainLoss, validationAccuracy }) => [trainLoss, validationAccuracy]);
  };
  expect(await curve(turned)).toEqual(await curve(data));
});
