/**
 * How large: the sizes of each preset, as plain data.
 *
 * `smoke` proves the path, `quick` is the default, `laptop` narrows the intervals enough to order things, `paper` has
 * the paper's own sizes (its Table 9; the feed-forward width is the official code's).
 */
import type { EncoderSizes, RecommenderSizes, RecommenderTraining, Training } from '../../harness/cell.js';
import { summarizationSizes, type SummarizationSizes } from './summary-sizes.js';

export const presetNames = ['smoke', 'quick', 'laptop', 'paper'] as const;
export type PresetName = (typeof presetNames)[number];

/** Sizes of a trained encoder. */
interface AccuracySizes {
  readonly encoder: EncoderSizes;
  readonly training: Training;
  /** Texts of each split; null = all there are. */
  readonly examples: {
    readonly train: number | null;
    readonly validation: number | null;
    readonly test: number | null;
  };
}

/** Sizes of news recommendation. */
interface RecommendationSizes {
  readonly recommender: Omit<RecommenderSizes, 'category'>;
  /** What NRMS has in place of these, beside its 20 heads. */
  readonly nrms: Pick<RecommenderSizes, 'hidden' | 'wordSize'>;
  readonly training: RecommenderTraining;
  /** Of each split; null = all there are. */
  readonly impressions: {
    readonly train: number | null;
    readonly validation: number | null;
    readonly test: number | null;
  };
  /** Whether words start from GloVe where it is installed. */
  readonly wordVectors: boolean;
  /** At most, of those asked for. */
  readonly seeds: number;
  /** Of the ensemble; 1 = none. */
  readonly members: number;
}

/** Sizes of the speed sweep; the batch of a length is `tokens / length`. */
interface SpeedSizes {
  readonly encoder: Omit<EncoderSizes, 'length'>;
  /** Whether what has a textbook form is timed in it, too. */
  readonly textbookForms: boolean;
  readonly lengths: readonly number[];
  readonly tokens: number;
  readonly vocabulary: number;
  readonly classes: number;
  /** Steps that are thrown away: at least, and at most when times do not settle. */
  readonly warmup: number;
  readonly warmupLimit: number;
  readonly samples: number;
  /** Processes that each cell is timed in, whatever the seeds of accuracy are. */
  readonly rounds: number;
}

export interface Preset {
  readonly name: PresetName;
  readonly title: string;
  readonly seeds: number;
  readonly accuracy: AccuracySizes;
  readonly recommendation: RecommendationSizes;
  readonly summarization: SummarizationSizes;
  /** Of the datasets and seeds at hand, how many the ablations take, the first ones; null = all. Sizes are those of accuracy. */
  readonly ablations: { readonly datasets: number | null; readonly seeds: number | null };
  readonly speed: SpeedSizes;
}

/** The same for every preset: the official code's shell. */
const shell = {
  dropout: 0.2,
  norm: 'post',
  positions: true,
  shareLayers: false,
  pooling: 'additive',
} as const;
/** Timed without dropout: the mask's random numbers are no part of an architecture. */
const timedShell = { ...shell, dropout: 0 } as const;
const optimizer = { learningRate: 1e-3, clipNorm: null, weightDecay: 0 } as const;

const smoke: Preset = {
  name: 'smoke',
  title: 'proves the path; the numbers mean nothing',
  seeds: 2,
  accuracy: {
    encoder: { length: 64, layers: 1, hidden: 32, heads: 4, feedForward: 32, ...shell },
    training: { batchSize: 16, maxEpochs: 1, vocabulary: 2_000, ...optimizer },
    examples: { train: 240, validation: 60, test: 120 },
  },
  recommendation: {
    recommender: {
      titleLength: 12,
      history: 10,
      wordSize: 32,
      hidden: 32,
      heads: 4,
      layers: 1,
      dropout: 0.2,
    },
    nrms: { hidden: 40, wordSize: 32 },
    training: { batchSize: 16, learningRate: 1e-3, maxEpochs: 1, vocabulary: 2_000, negatives: 4 },
    impressions: { train: 100, validation: 40, test: 60 },
    wordVectors: false,
    seeds: 1,
    members: 2,
  },
  summarization: summarizationSizes.smoke,
  ablations: { datasets: 1, seeds: 1 },
  speed: {
    textbookForms: false,
    encoder: { layers: 1, hidden: 64, heads: 4, feedForward: 64, ...timedShell },
    lengths: [128, 512],
    tokens: 1_024,
    vocabulary: 1_000,
    classes: 5,
    warmup: 1,
    warmupLimit: 8,
    samples: 3,
    rounds: 1,
  },
};

const quick: Preset = {
  name: 'quick',
  title: 'small models and samples, every table and figure',
  seeds: 3,
  accuracy: {
    encoder: { length: 256, layers: 1, hidden: 64, heads: 4, feedForward: 64, ...shell },
    training: { batchSize: 32, maxEpochs: 2, vocabulary: 8_000, ...optimizer },
    examples: { train: 1_000, validation: 200, test: 600 },
  },
  recommendation: {
    recommender: {
      titleLength: 16,
      history: 20,
      wordSize: 64,
      hidden: 64,
      heads: 4,
      layers: 1,
      dropout: 0.2,
    },
    nrms: { hidden: 80, wordSize: 64 },
    training: { batchSize: 32, learningRate: 1e-3, maxEpochs: 1, vocabulary: 8_000, negatives: 4 },
    impressions: { train: 1_000, validation: 200, test: 500 },
    wordVectors: false,
    seeds: 1,
    members: 1,
  },
  summarization: summarizationSizes.quick,
  ablations: { datasets: 1, seeds: null },
  speed: {
    textbookForms: true,
    encoder: { layers: 1, hidden: 256, heads: 16, feedForward: 256, ...timedShell },
    lengths: [128, 512, 2_048],
    tokens: 2_048,
    vocabulary: 8_000,
    classes: 5,
    warmup: 2,
    warmupLimit: 6,
    samples: 5,
    rounds: 1,
  },
};

const laptop: Preset = {
  name: 'laptop',
  title: 'two layers and more test texts; ablations on the first dataset',
  seeds: 3,
  accuracy: {
    encoder: { length: 256, layers: 2, hidden: 64, heads: 4, feedForward: 64, ...shell },
    training: { batchSize: 32, maxEpochs: 3, vocabulary: 10_000, ...optimizer },
    examples: { train: 2_000, validation: 500, test: 2_000 },
  },
  // A larger learning rate than the paper's, for two epochs on a few thousand impressions.
  recommendation: {
    recommender: {
      titleLength: 16,
      history: 30,
      wordSize: 100,
      hidden: 100,
      heads: 10,
      layers: 1,
      dropout: 0.2,
    },
    nrms: { hidden: 100, wordSize: 100 },
    training: { batchSize: 64, learningRate: 2e-3, maxEpochs: 2, vocabulary: 20_000, negatives: 4 },
    impressions: { train: null, validation: null, test: null },
    wordVectors: true,
    seeds: 1,
    members: 2,
  },
  summarization: summarizationSizes.laptop,
  ablations: { datasets: 1, seeds: null },
  speed: {
    textbookForms: true,
    encoder: { layers: 2, hidden: 256, heads: 16, feedForward: 256, ...timedShell },
    lengths: [128, 256, 512, 1_024, 2_048],
    tokens: 16_384,
    vocabulary: 20_000,
    classes: 18,
    warmup: 2,
    warmupLimit: 12,
    samples: 10,
    rounds: 5,
  },
};

const paper: Preset = {
  name: 'paper',
  title: "the paper's own sizes, all architectures at the Transformer's length",
  seeds: 5,
  accuracy: {
    encoder: { length: 512, layers: 2, hidden: 256, heads: 16, feedForward: 256, ...shell },
    training: { batchSize: 64, maxEpochs: 3, vocabulary: 30_000, ...optimizer },
    examples: { train: null, validation: null, test: null },
  },
  recommendation: {
    recommender: {
      titleLength: 48,
      history: 50,
      wordSize: 256,
      hidden: 256,
      heads: 16,
      layers: 1,
      dropout: 0.2,
    },
    nrms: { hidden: 400, wordSize: 300 },
    training: { batchSize: 64, learningRate: 1e-4, maxEpochs: 3, vocabulary: 60_000, negatives: 4 },
    impressions: { train: null, validation: null, test: null },
    wordVectors: true,
    seeds: 5,
    members: 5,
  },
  summarization: summarizationSizes.paper,
  ablations: { datasets: null, seeds: null },
  speed: {
    textbookForms: true,
    encoder: { layers: 2, hidden: 256, heads: 16, feedForward: 256, ...timedShell },
    lengths: [128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536],
    tokens: 65_536,
    vocabulary: 30_000,
    classes: 18,
    warmup: 2,
    warmupLimit: 12,
    samples: 10,
    rounds: 5,
  },
};

export const presets: Readonly<Record<PresetName, Preset>> = { smoke, quick, laptop, paper };
