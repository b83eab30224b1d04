/** A training whose steps are graphs, interrupted and resumed: the same numbers, but for the order of sums. */
import * as tf from '@tensorflow/tfjs-core';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Architecture } from '../../architectures/contract.js';
import { fastformer } from '../../architectures/fastformer.js';
import type { BackendInfo } from '../../harness/backends/index.js';
import type { CellEvent } from '../../harness/cell-event.js';
import { runTraining } from '../../harness/train.js';
import { temporaryFolder } from '../harness/folders.js';
import { useBackend } from '../support/backend.js';
import { wordCell, wordTask } from '../support/word-task.js';

const info = useBackend('tensorflow');

test.each(['graph', 'eager'] as const)('%s', async (execution) => {
  const folder = temporaryFolder();
  const checkpoints = { folder, id: '00000000000000aa', sourcesSha256: 'ab', everySeconds: 1e-9 };
  const cell = { ...wordCell({ maxEpochs: 4 }), backend: 'tensorflow', execution };
  const data = wordTask({ train: 80, validation: 32, test: 32 });
  const architecture = fastformer as unknown as Architecture;
  const request = { cell, architecture, data, backend: info as BackendInfo };
  const undisturbed = await runTraining(request, () => undefined);
  expect(undisturbed.execution).toBe(execution);

  const killedIn = (last: number) => (event: CellEvent) => {
    if (event.kind === 'epoch' && event.epoch === last) throw new Error('killed');
  };
  for (const epoch of [1, 3])
    await expect(runTraining({ ...request, checkpoints }, killedIn(epoch))).rejects.toThrow('killed');
  expect(readdirSync(folder)).toEqual(['00000000000000aa-1.safetensors']);
  const before = tf.memory().numTensors;
  const outcome = await runTraining({ ...request, checkpoints }, () => undefined);
  expect(tf.memory().numTensors).toBe(before);
  expect(outcome.resumed).toBe(2);
  expect(outcome.curve).toHaveLength(4);
  for (const [i, { trainLoss }] of outcome.curve.entries())
    expect(trainLoss).toBeCloseTo(undisturbed.curve[i]!.trainLoss, 4);
  expect(outcome.metrics['accuracy']).toBeCloseTo(undisturbed.metrics['accuracy'] ?? NaN, 5);
});
