/** A tiny classification task: the class is which of two words stands in a text. */
import { stream } from '../../architectures/random.js';
import type { TrainedCell } from '../../harness/cell.js';
import type { ClassificationData, Examples } from '../../tasks/classification/data.js';

const words = 12;

export function wordTask(counts: { train: number; validation: number; test: number }): ClassificationData {
  const random = stream(1, 'word task');
  const below = (limit: number) => (random.next() >>> 0) % limit;
  const examples = (count: number, split: string): Examples => {
    const labels = Int32Array.from({ length: count }, () => below(2));
    const tokens = Array.from(labels, (label) => {
      const text = Int32Array.from({ length: 4 + below(12) }, () => 4 + below(words - 4));
      text[below(text.length)] = 2 + label;
      return text;
    });
    return { labels, tokens, ids: tokens.map((_, i) => `${split}/${i}`) };
  };
  return {
    classes: ['first', 'second'],
    vocabulary: { size: words, words: Array.from({ length: words }, (_, i) => `word ${i}`) },
    train: examples(counts.train, 'train'),
    validation: examples(counts.validation, 'validation'),
    test: examples(counts.test, 'test'),
    label: 'made up',
    sha256: '0'.repeat(64),
    standIn: true,
    counts,
    duplicates: 0,
    majorityAccuracy: 0.5,
    meanLength: 10,
  };
}

/** A cell for it, small enough for a second. */
export function wordCell(training: Partial<TrainedCell['training']> = {}, seed = 1): TrainedCell {
  return {
    task: 'classification',
    kind: 'encoder',
    architecture: 'fastformer',
    options: {},
    dataset: { name: 'made-up', options: {}, train: null, validation: null, test: null },
    encoder: {
      length: 12,
      layers: 1,
      hidden: 16,
      heads: 2,
      feedForward: 16,
      dropout: 0.1,
      norm: 'post',
      positions: true,
      shareLayers: false,
      pooling: 'additive',
    },
    training: {
      batchSize: 16,
      learningRate: 1e-2,
      maxEpochs: 4,
      vocabulary: words,
      clipNorm: null,
      weightDecay: 0,
      ...training,
    },
    seed,
    backend: 'wasm',
    execution: 'auto',
    precision: 'float32',
  };
}
