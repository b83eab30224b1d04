/** A training that is interrupted anywhere, and goes on in a fresh state, comes to the same numbers, bit for bit. */
import * as tf from '@tensorflow/tfjs-core';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../../architectures/contract.js';
import { fastformer } from '../../../architectures/fastformer.js';
import type { BackendInfo } from '../../../harness/backends/index.js';
import type { CellEvent } from '../../../harness/cell-event.js';
import type { CheckpointPlace } from '../../../harness/checkpoints/file.js';
import type { Outcome } from '../../../harness/record.js';
import { loadForRecommender } from '../../../harness/run-recommendation.js';
import { runTraining } from '../../../harness/train.js';
import { trainRecommender } from '../../../harness/train-recommender.js';
import { trainSummarizer } from '../../../harness/train-summarizer.js';
import { findPairDataset } from '../../../tasks/datasets/pair-datasets.js';
import { loadPairs, numberPairs } from '../../../tasks/summarization/load.js';
import { useBackend } from '../../support/backend.js';
import { recommenderCell, summarizerCell } from '../../support/small-cells.js';
import { wordCell, wordTask } from '../../support/word-task.js';
import { temporaryFolder } from '../folders.js';
import { mindFolder, someImpressions, someNews } from '../../tasks/recommendation/mind-files.js';

interface Request {
  readonly architecture: Architecture;
  readonly checkpoints?: CheckpointPlace;
  readonly events?: CellEvent[];
}
type Train = (request: Request) => Promise<Outcome>;

const info = useBackend('wasm');
const backend = info as BackendInfo;

const counts = { train: 80, validation: 32, test: 32 };
const classification: Train = ({ events = [], ...request }) =>
  runTraining(
    {
      ...request,
      cell: wordCell({ maxEpochs: 3, clipNorm: 1, weightDecay: 0.01 }),
      data: wordTask(counts),
      backend,
    },
    (event) => events.push(event),
  );

const recommendation: Train = async ({ events = [], ...request }) => {
  const cell = recommenderCell({ members: 2 }, {}, { maxEpochs: 2 });
  const news = { news: someNews, behaviors: someImpressions(60) };
  const data = await loadForRecommender(cell, { dataFolders: [mindFolder({ MINDsmall_train: news })] });
  const given = { ...request, cell, data, backend, hidden: [] };
  return (await trainRecommender(given, (event) => events.push(event))).outcome;
};

const summarization: Train = async ({ events = [], ...request }) => {
  const cell = summarizerCell({ maxEpochs: 2 });
  const dataset = findPairDataset(cell.dataset.name);
  const pairs = await loadPairs({ dataset, folders: [], choice: cell.dataset });
  const { sourceLength, targetLength } = cell.summarizer;
  const data = numberPairs(pairs, { vocabulary: cell.training.vocabulary, sourceLength, targetLength });
  return trainSummarizer({ ...request, cell, data, backend }, (event) => events.push(event));
};

const whole = fastformer as unknown as Architecture;

/** Stands in for a process that is killed in the middle of a step: throws in that pass of training, counted from 1. */
function dyingIn(pass: number): { readonly architecture: Architecture; readonly passes: () => number } {
  let count = 0;
  const create: Architecture['create'] = (...given) => {
    const mix = whole.create(...given);
    return (x, context) => {
      if (context.training && ++count === pass) throw new Error('killed');
      return mix(x, context);
    };
  };
  return { architecture: { ...whole, create }, passes: () => count };
}

const placeIn = (folder: string): CheckpointPlace => ({
  ...{ folder, id: '00000000000000aa', sourcesSha256: 'ab'.repeat(32), everySeconds: 1e-9 },
});

const ofTime = ['seconds', 'memory', 'compilation', 'resumed'];
const perSecond = [
  ...['trainedTokensPerSecond', 'evaluatedTokensPerSecond'],
  ...['documentsPerSecond', 'impressionsPerSecond'],
];

/** All that is the same whenever it is measured. */
const numbersOf = (outcome: Outcome): unknown =>
  JSON.parse(
    JSON.stringify(outcome, (key, value: unknown) =>
      [...ofTime, ...perSecond].includes(key) ? undefined : value,
    ),
  );

describe.each([
  ['classification', classification],
  ['recommendation, two models', recommendation],
  ['summarization', summarization],
])('%s', (_task, train) => {
  test('killed in any step, again and again, it comes to the numbers of an undisturbed run', async () => {
    const counted = dyingIn(0);
    const undisturbed = await train({ architecture: counted.architecture });
    expect(undisturbed.resumed).toBe(0);
    const passes = counted.passes();
    for (const share of [0.3, 0.85]) {
      const folder = temporaryFolder();
      const checkpoints = placeIn(folder);
      const half = dyingIn(Math.ceil(passes * share));
      await expect(train({ architecture: half.architecture, checkpoints })).rejects.toThrow('killed');
      const again = dyingIn(Math.ceil((passes * (1 - share)) / 2) + 1);
      const second = await train({ architecture: again.architecture, checkpoints }).catch(() => null);
      const outcome = second ?? (await train({ architecture: whole, checkpoints }));
      // Once, and again where the second was killed after its first step.
      expect([1, 2]).toContain(outcome.resumed);
      expect(numbersOf(outcome)).toEqual(numbersOf(undisturbed));
    }
  }, 120_000);
});

describe('the checkpoint of a cell', () => {
  const killed = async () => {
    const folder = temporaryFolder();
    const { architecture } = dyingIn(12);
    await expect(classification({ architecture, checkpoints: placeIn(folder) })).rejects.toThrow('killed');
    const [name = ''] = readdirSync(folder);
    return { folder, file: join(folder, name) };
  };

  test('is one whole file, and no tensor is left behind where it is written and read', async () => {
    const { folder } = await killed();
    expect(readdirSync(folder)).toEqual(['00000000000000aa-1.safetensors']);
    const before = tf.memory().numTensors;
    await classification({ architecture: whole, checkpoints: placeIn(folder) });
    expect(tf.memory().numTensors).toBe(before);
  });

  test('adds the time of earlier processes', async () => {
    const { folder } = await killed();
    const file = join(folder, '00000000000000aa-1.safetensors');
    // After those of the epochs.
    const kept = Number([...readFileSync(file, 'latin1').matchAll(/"seconds\\":([\d.]+)/g)].at(-1)?.[1]);
    expect(kept).toBeGreaterThan(0);
    const begin = performance.now();
    const outcome = await classification({ architecture: whole, checkpoints: placeIn(folder) });
    const here = (performance.now() - begin) / 1000;
    expect(outcome.seconds).toBeGreaterThan(kept);
    expect(outcome.seconds).toBeLessThan(kept + here);
    const ofEpochs = outcome.curve.reduce((sum, { seconds }) => sum + seconds, 0);
    expect(ofEpochs).toBeLessThanOrEqual(outcome.seconds ?? 0);
  });

  test('is not written by a cell that takes less than the time between two', async () => {
    const folder = temporaryFolder();
    const checkpoints = { ...placeIn(folder), everySeconds: 1000 };
    const { architecture } = dyingIn(12);
    await expect(classification({ architecture, checkpoints })).rejects.toThrow('killed');
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    [
      'cut short',
      (file: string) => {
        truncateSync(file, 100);
      },
      'is cut short',
    ],
    [
      'with another number',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes[bytes.length - 1] = bytes[bytes.length - 1]! ^ 1;
        writeFileSync(file, bytes);
      },
      'checksum',
    ],
    [
      'of another cell',
      (file: string) => {
        writeFileSync(
          file,
          readFileSync(file, 'latin1').replace('00000000000000aa', '00000000000000bb'),
          'latin1',
        );
      },
      'other cell',
    ],
    [
      'of other sources',
      (file: string) => {
        writeFileSync(file, readFileSync(file, 'latin1').replace('abab', 'cdcd'), 'latin1');
      },
      'other sources',
    ],
    [
      'that is further than it is',
      (file: string) => {
        writeFileSync(file, readFileSync(file, 'latin1').replace(/"epoch\\":\d/, '"epoch\\":9'), 'latin1');
      },
      'checksum',
    ],
  ])('%s is named in one message, and training starts again', async (_what, damage, words) => {
    const { folder, file } = await killed();
    damage(file);
    const events: CellEvent[] = [];
    const checkpoints = placeIn(folder);
    const outcome = await classification({ architecture: whole, checkpoints, events });
    const notes = events.flatMap((event) => (event.kind === 'note' ? [event.text] : []));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(file);
    expect(notes[0]).toContain(words);
    expect(notes[0]).toContain('starts again');
    expect(outcome.resumed).toBe(0);
    expect(numbersOf(outcome)).toEqual(numbersOf(await classification({ architecture: whole })));
  });

  test('costs a message and no result where nothing can be written', async () => {
    const file = join(temporaryFolder(), 'a file');
    writeFileSync(file, '');
    const events: CellEvent[] = [];
    const outcome = await classification({ architecture: whole, checkpoints: placeIn(file), events });
    expect(outcome.failure).toBeNull();
    expect(events.filter(({ kind }) => kind === 'note')).toHaveLength(1);
  });
});
