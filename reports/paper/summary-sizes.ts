/** How large summarization is: the sizes of each preset, and what a dataset has of its own. */
import type { DecodingSizes, SummarizerSizes, SummarizerTraining } from '../../harness/summarizer-sizes.js';
import type { PresetName } from './presets.js';

export interface SummarizationSizes {
  readonly summarizer: SummarizerSizes;
  readonly training: SummarizerTraining;
  readonly decoding: DecodingSizes;
  /** What a dataset has in place of these. */
  readonly own: Readonly<
    Record<
      string,
      {
        readonly summarizer?: Partial<SummarizerSizes>;
        readonly training?: Partial<SummarizerTraining>;
        readonly decoding?: Partial<DecodingSizes>;
      }
    >
  >;
  /** Of each split; null = all there are. */
  readonly documents: {
    readonly train: number | null;
    readonly validation: number | null;
    readonly test: number | null;
  };
  /** At most, of those at hand; null = all. */
  readonly datasets: number | null;
  readonly seeds: number;
  /** Architectures and floors; null = all that are asked for. */
  readonly only: readonly string[] | null;
}

/** Five beams, as the paper; the rest is usual (See et al. 2017, Paulus et al. 2017). */
const beams = { beams: 5, lengthPenalty: 1, blockTrigrams: true } as const;
const seq2seq = { dropout: 0.1, norm: 'pre', positions: true, copy: true } as const;
/** Subjects: a few words of a mail whose start tells most. Chosen by the validation mails. */
const subjects = {
  summarizer: { sourceLength: 96, targetLength: 24, dropout: 0.3, feedForward: 64 },
  training: {
    batchSize: 32,
    learningRate: 5e-3,
    warmupSteps: 50,
    maxEpochs: 10,
    vocabulary: 4_000,
    labelSmoothing: 0,
  },
  decoding: { minLength: 3, maxLength: 20 },
} as const;

const smoke: SummarizationSizes = {
  summarizer: {
    sourceLength: 64,
    targetLength: 16,
    encoderLayers: 1,
    decoderLayers: 1,
    hidden: 32,
    heads: 4,
    feedForward: 32,
    ...seq2seq,
  },
  training: {
    batchSize: 8,
    learningRate: 1e-2,
    warmupSteps: 5,
    maxEpochs: 3,
    vocabulary: 500,
    labelSmoothing: 0.1,
    clipNorm: 1,
  },
  decoding: { ...beams, beams: 2, minLength: 2, maxLength: 8 },
  own: {},
  documents: { train: 160, validation: 20, test: 10 },
  datasets: 1,
  seeds: 1,
  only: ['fastformer', 'lead-1', 'lead-3', 'lead-10'],
};

const quick: SummarizationSizes = {
  summarizer: {
    sourceLength: 128,
    targetLength: 48,
    encoderLayers: 1,
    decoderLayers: 1,
    hidden: 64,
    heads: 4,
    feedForward: 64,
    ...seq2seq,
  },
  training: {
    batchSize: 16,
    learningRate: 2e-3,
    warmupSteps: 20,
    maxEpochs: 2,
    vocabulary: 2_000,
    labelSmoothing: 0.1,
    clipNorm: 1,
  },
  decoding: { ...beams, minLength: 10, maxLength: 40 },
  own: { 'mail-subjects': subjects },
  documents: { train: 400, validation: 50, test: 50 },
  datasets: 1,
  seeds: 1,
  only: null,
};

const laptop: SummarizationSizes = {
  summarizer: {
    sourceLength: 256,
    targetLength: 80,
    encoderLayers: 1,
    decoderLayers: 1,
    hidden: 64,
    heads: 4,
    feedForward: 128,
    ...seq2seq,
  },
  training: {
    batchSize: 16,
    learningRate: 2e-3,
    warmupSteps: 50,
    maxEpochs: 4,
    vocabulary: 4_000,
    labelSmoothing: 0.1,
    clipNorm: 1,
  },
  decoding: { ...beams, minLength: 30, maxLength: 80 },
  own: {
    'mail-subjects': subjects,
    // 77 articles: more epochs of smaller batches.
    pubmed: {
      summarizer: { sourceLength: 512 },
      training: { batchSize: 8, warmupSteps: 20, maxEpochs: 15 },
      decoding: { minLength: 60 },
    },
  },
  documents: { train: null, validation: null, test: null },
  datasets: null,
  seeds: 1,
  only: null,
};

const paper: SummarizationSizes = {
  summarizer: {
    sourceLength: 2_048,
    targetLength: 128,
    encoderLayers: 4,
    decoderLayers: 4,
    hidden: 256,
    heads: 16,
    feedForward: 256,
    ...seq2seq,
    dropout: 0.2,
  },
  training: {
    batchSize: 32,
    learningRate: 1e-3,
    warmupSteps: 4_000,
    maxEpochs: 3,
    vocabulary: 30_000,
    labelSmoothing: 0.1,
    clipNorm: 1,
  },
  decoding: { ...beams, minLength: 35, maxLength: 120 },
  own: {
    'mail-subjects': subjects,
    pubmed: {
      summarizer: { sourceLength: 4_096, encoderLayers: 2, targetLength: 320 },
      decoding: { minLength: 100, maxLength: 300 },
    },
  },
  documents: { train: null, validation: null, test: null },
  datasets: null,
  seeds: 5,
  only: null,
};

export const summarizationSizes: Readonly<Record<PresetName, SummarizationSizes>> = {
  smoke,
  quick,
  laptop,
  paper,
};
