/**
 * A cell: one measured thing, fully described. Two cells that describe the same thing have the same id.
 */
import { z } from 'zod';
import { decodingSchema, summarizerSizesSchema, summarizerTrainingSchema } from './summarizer-sizes.js';
import { tokenizerNames } from '../tasks/text/tokenize.js';

const count = z.int().positive();
const jsonValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const options = z.record(z.string(), jsonValue);

/** The shell round every mixer; the same for all architectures of one comparison. */
export const encoderSizesSchema = z.strictObject({
  /** N: longest sequence, in tokens. */
  length: count.max(65_536),
  layers: count.max(64),
  /** D. */
  hidden: count.max(4_096),
  heads: count.max(256),
  /** Width of the feed-forward layer. */
  feedForward: count.max(16_384),
  dropout: z.number().min(0).max(0.9),
  norm: z.enum(['post', 'pre']),
  /** Learned absolute positions, or none. */
  positions: z.boolean(),
  /** One set of weights for all layers. */
  shareLayers: z.boolean(),
  /** Tokens to one vector: `additive` scores with a tanh layer, as the paper; `linear` with one dense layer. */
  pooling: z.enum(['additive', 'linear']),
});

/** How texts become tokens, where the dataset leaves that open; `word-punctuation` without it. */
const tokenizer = z.enum(tokenizerNames).optional();

export const trainingSchema = z.strictObject({
  batchSize: count,
  learningRate: z.number().positive(),
  maxEpochs: count,
  /** Most frequent words kept, beside padding and unknown. */
  vocabulary: count,
  /** Gradients are scaled down to this global norm; null = not clipped. */
  clipNorm: z.number().positive().nullable(),
  /** Decoupled, as in AdamW. */
  weightDecay: z.number().min(0),
  tokenizer,
  /** Vectors that the token table starts from; random without them. A file's name and checksum, never a path. */
  wordVectors: z.strictObject({ name: z.string().min(1), sha256: z.string() }).optional(),
});

export const datasetChoiceSchema = z.strictObject({
  name: z.string().min(1),
  options,
  /** Examples used of each split; null = all there are. */
  train: count.nullable(),
  validation: count.nullable(),
  test: count.nullable(),
});

const seed = z.int().min(1);

/** `auto`: as one graph where the backend can and the number of steps pays. Older cells ran eagerly. */
export const executionSchema = z.enum(['auto', 'graph', 'eager']).default('eager');
/** Of matrix products; everything else is float32. */
export const precisionSchema = z.enum(['float32', 'bfloat16']).default('float32');

/** An encoder trained to classify texts. */
const trainedSchema = z.strictObject({
  task: z.literal('classification'),
  kind: z.literal('encoder'),
  architecture: z.string().min(1),
  options,
  dataset: datasetChoiceSchema,
  encoder: encoderSizesSchema,
  training: trainingSchema,
  seed,
  backend: z.string().min(1),
  execution: executionSchema,
  precision: precisionSchema,
});

/** A floor that an encoder should pass: `architecture` holds its name, `naive-bayes` or `chance`. */
const baselineSchema = z.strictObject({
  task: z.literal('classification'),
  kind: z.literal('baseline'),
  architecture: z.string().min(1),
  dataset: datasetChoiceSchema,
  vocabulary: count,
  tokenizer,
  seed,
  backend: z.literal('none'),
});

/** Time and memory of one step on random tokens. */
const speedSchema = z.strictObject({
  task: z.literal('speed'),
  kind: z.literal('speed'),
  architecture: z.string().min(1),
  options,
  encoder: encoderSizesSchema,
  mode: z.enum(['inference', 'training']),
  /** Sequences in a batch: tokens of a step = batch x length. */
  batch: count,
  vocabulary: count,
  classes: count,
  /** Steps that are thrown away before the first sample, at least. */
  warmup: z.int().min(1),
  /** At most, when times do not settle; `warmup` without it. */
  warmupLimit: count.optional(),
  /** Timed steps. */
  samples: count,
  /** Of parameters and tokens; counts the rounds, each a process of its own. */
  seed,
  backend: z.string().min(1),
  execution: executionSchema,
  precision: precisionSchema,
  /** Bytes: a try in the search for the largest batch that fits into them, and part of no sweep. */
  largestUnder: count.optional(),
});

/** Vectors from a file: its name and checksum, never a path. */
const vectorFile = z.strictObject({ name: z.string().min(1), sha256: z.string() });

export const recommenderSizesSchema = z.strictObject({
  /** Tokens read of a title. */
  titleLength: count.max(1_024),
  /** Latest clicked news that are read of a user. */
  history: count.max(1_024),
  /** Width of a word's vector. */
  wordSize: count.max(4_096),
  /** D: width of a news vector and of a user vector. */
  hidden: count.max(4_096),
  heads: count.max(256),
  /** Mixers of each encoder. */
  layers: count.max(64),
  dropout: z.number().min(0).max(0.9),
  /** Whether a vector for the topic is added to each news vector. */
  category: z.boolean(),
});

export const recommenderTrainingSchema = z.strictObject({
  /** Clicks in a batch. */
  batchSize: count,
  learningRate: z.number().positive(),
  maxEpochs: count,
  vocabulary: count,
  /** K: candidates of the same impression that were not clicked, for each that was. */
  negatives: count.max(100),
  tokenizer,
  wordVectors: vectorFile.optional(),
  /** Vectors of whole articles, not trained: the news encoder is a dense layer on them. */
  newsVectors: vectorFile.optional(),
});

/** A news encoder and a user encoder, trained to rank what was clicked first. */
const recommenderSchema = z.strictObject({
  task: z.literal('recommendation'),
  kind: z.literal('recommender'),
  /** Of both encoders. */
  architecture: z.string().min(1),
  options,
  /** Counts are of impressions. */
  dataset: datasetChoiceSchema,
  recommender: recommenderSizesSchema,
  training: recommenderTrainingSchema,
  /** Models of an ensemble, whose scores are averaged; their seeds are `seed`, `seed + 1`, ... */
  members: count.max(20),
  seed,
  backend: z.string().min(1),
  execution: executionSchema,
  precision: precisionSchema,
});

/** A ranking that a recommender should pass: `architecture` holds its name, such as `click-rate`. */
const rankingFloorSchema = z.strictObject({
  task: z.literal('recommendation'),
  kind: z.literal('ranking-floor'),
  architecture: z.string().min(1),
  dataset: datasetChoiceSchema,
  seed,
  backend: z.literal('none'),
});

/** An encoder and a decoder, trained to write summaries. */
const summarizerSchema = z.strictObject({
  task: z.literal('summarization'),
  kind: z.literal('summarizer'),
  /** Of the encoder. */
  architecture: z.string().min(1),
  options,
  /** Counts are of documents. */
  dataset: datasetChoiceSchema,
  summarizer: summarizerSizesSchema,
  training: summarizerTrainingSchema,
  decoding: decodingSchema,
  seed,
  backend: z.string().min(1),
  execution: executionSchema,
  precision: precisionSchema,
});

/** Summaries that no model wrote: `architecture` holds the rule's name, such as `lead`. */
const summaryFloorSchema = z.strictObject({
  task: z.literal('summarization'),
  kind: z.literal('summary-floor'),
  architecture: z.string().min(1),
  dataset: datasetChoiceSchema,
  seed,
  backend: z.literal('none'),
});

export const cellSchema = z.discriminatedUnion('kind', [
  trainedSchema,
  baselineSchema,
  speedSchema,
  recommenderSchema,
  rankingFloorSchema,
  summarizerSchema,
  summaryFloorSchema,
]);

export type Cell = z.infer<typeof cellSchema>;
export type TrainedCell = z.infer<typeof trainedSchema>;
export type BaselineCell = z.infer<typeof baselineSchema>;
export type SpeedCell = z.infer<typeof speedSchema>;
export type RecommenderCell = z.infer<typeof recommenderSchema>;
export type RankingFloorCell = z.infer<typeof rankingFloorSchema>;
/** What learns nothing by gradients: a lower bound that a model should pass. */
export type FloorCell = BaselineCell | RankingFloorCell | SummaryFloorCell;
export type SummarizerCell = z.infer<typeof summarizerSchema>;
export type SummaryFloorCell = z.infer<typeof summaryFloorSchema>;
export type EncoderSizes = z.infer<typeof encoderSizesSchema>;
export type Training = z.infer<typeof trainingSchema>;
export type RecommenderSizes = z.infer<typeof recommenderSizesSchema>;
export type RecommenderTraining = z.infer<typeof recommenderTrainingSchema>;
export type DatasetChoice = z.infer<typeof datasetChoiceSchema>;

/** A line for a person: `fastformer on imdb, seed 1`. */
export function describeCell(cell: Cell): string {
  if (cell.kind === 'speed') {
    const step = `${cell.architecture} ${cell.mode} at length ${cell.encoder.length}`;
    return cell.largestUnder === undefined
      ? `${step}, round ${cell.seed}`
      : `${step}, batch ${cell.batch} under ${(cell.largestUnder / 2 ** 30).toFixed(1)} GB`;
  }
  const variant =
    cell.kind === 'recommender'
      ? describeVariant(cell)
      : cell.kind === 'summarizer'
        ? describeDecoder(cell)
        : '';
  return `${cell.architecture}${variant} on ${cell.dataset.name}, seed ${cell.seed}`;
}

/** ` (linear decoder)`, where its self-attention is not softmax attention. */
const describeDecoder = ({ summarizer: { decoderAttention } }: SummarizerCell): string =>
  decoderAttention === undefined ? '' : ` (${decoderAttention} decoder)`;

/** ` (20 heads, topics, ensemble of 3)`: what tells recommenders of one architecture apart. */
function describeVariant({ recommender, training, members }: RecommenderCell): string {
  const parts = [
    `${recommender.heads} heads`,
    ...(recommender.category ? ['topics'] : []),
    ...(training.newsVectors === undefined ? [] : ['given vectors']),
    ...(members > 1 ? [`ensemble of ${members}`] : []),
  ];
  return ` (${parts.join(', ')})`;
}

export const isFloorKind = (kind: Cell['kind']): boolean =>
  kind === 'baseline' || kind === 'ranking-floor' || kind === 'summary-floor';

export const isFloor = (cell: Cell): cell is FloorCell => isFloorKind(cell.kind);
