/** Summarization on the native backend: the decoder's promises, and a training whose steps are graphs. */
import { describe, expect, test } from 'vitest';
import { causalAttentionNames } from '../../architectures/causal/contract.js';
import type { Architecture } from '../../architectures/contract.js';
import { architectures } from '../../architectures/index.js';
import type { BackendInfo } from '../../harness/backends/index.js';
import type { SummarizerCell } from '../../harness/cell.js';
import type { Outcome } from '../../harness/record.js';
import { trainSummarizer } from '../../harness/train-summarizer.js';
import { findPairDataset } from '../../tasks/datasets/pair-datasets.js';
import type { PairData } from '../../tasks/summarization/data.js';
import { loadPairs, numberPairs } from '../../tasks/summarization/load.js';
import { useBackend } from '../support/backend.js';
import { decoderSuite } from '../support/decoder-suite.js';
import { sharedData } from '../tasks/datasets/read-all.js';

decoderSuite('tensorflow');

const cell: SummarizerCell = {
  task: 'summarization',
  kind: 'summarizer',
  architecture: 'fastformer',
  options: {},
  dataset: { name: 'mail-subjects', options: {}, train: 32, validation: null, test: null },
  summarizer: {
    sourceLength: 64,
    targetLength: 24,
    encoderLayers: 1,
    decoderLayers: 1,
    hidden: 64,
    heads: 4,
    feedForward: 64,
    dropout: 0,
    norm: 'pre',
    positions: true,
    copy: true,
  },
  training: {
    batchSize: 16,
    learningRate: 5e-3,
    warmupSteps: 10,
    maxEpochs: 130,
    vocabulary: 600,
    labelSmoothing: 0,
    clipNorm: 1,
  },
  decoding: { beams: 5, lengthPenalty: 1, minLength: 1, maxLength: 24, blockTrigrams: false },
  seed: 1,
  backend: 'tensorflow',
  execution: 'auto',
  precision: 'float32',
};

describe('training a summarizer', () => {
  const info = useBackend('tensorflow');

  /** By heart: what it learned is what it is asked for. */
  async function learnByHeart(own: SummarizerCell, folders: readonly string[] = []): Promise<Outcome> {
    const pairs = await loadPairs({
      dataset: findPairDataset(own.dataset.name),
      folders,
      choice: { ...own.dataset, validation: 1, test: 1 },
    });
    const { train } = pairs;
    const same: PairData = { ...pairs, validation: train, test: train };
    const { sourceLength, targetLength } = own.summarizer;
    const { vocabulary } = own.training;
    const data = numberPairs(same, { vocabulary, sourceLength, targetLength });
    const found = architectures.find(({ name }) => name === 'fastformer') as unknown as Architecture;
    return trainSummarizer(
      { cell: own, architecture: found, data, backend: info as BackendInfo },
      () => undefined,
    );
  }

  test.each(causalAttentionNames)(
    'learns 32 mails by heart: beam search writes their subjects, ROUGE-1 at least 0.9 (%s decoder)',
    async (attention) => {
      const own = attention === 'softmax' ? {} : { decoderAttention: attention };
      const outcome = await learnByHeart({ ...cell, summarizer: { ...cell.summarizer, ...own } });
      expect(outcome.failure).toBeNull();
      expect(outcome.execution).toBe('graph');
      expect(outcome.metrics['rouge1']).toBeGreaterThanOrEqual(0.9);
    },
  );

  const folder = sharedData('learning 32 stories of CNN/DailyMail by heart');

  test.runIf(folder !== null)('learns 32 stories by heart: beam search writes their highlights', async () => {
    const outcome = await learnByHeart(
      {
        ...cell,
        dataset: { ...cell.dataset, name: 'cnn-dailymail' },
        summarizer: { ...cell.summarizer, targetLength: 128, hidden: 128, feedForward: 128 },
        training: { ...cell.training, learningRate: 3e-3, maxEpochs: 60, vocabulary: 2_000 },
        decoding: { ...cell.decoding, maxLength: 128 },
      },
      folder === null ? [] : [folder],
    );
    expect(outcome.failure).toBeNull();
    expect(outcome.metrics['rouge1']).toBeGreaterThanOrEqual(0.9);
  });
});
