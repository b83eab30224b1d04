/**
 * A cell: one measured thing, fully described. Two cells that describe the same thing have the same id.
 */
import { z } from 'zod';
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

export const cellSchema = z.discriminatedUnion('kind', [trainedSchema, baselineSchema, speedSchema]);

export type Cell = z.infer<typeof cellSchema>;
export type TrainedCell = z.infer<typeof trainedSchema>;
export type BaselineCell = z.infer<typeof baselineSchema>;
export type SpeedCell = z.infer<typeof speedSchema>;
export type EncoderSizes = z.infer<typeof encoderSizesSchema>;
export type Training = z.infer<typeof trainingSchema>;
export type DatasetChoice = z.infer<typeof datasetChoiceSchema>;

/** A line for a person: `fastformer on imdb, seed 1`. */
export function describeCell(cell: Cell): string {
  if (cell.kind === 'speed') {
    const what = `${cell.architecture} ${cell.mode} at length ${cell.encoder.length}`;
    return cell.largestUnder === undefined
      ? `${what}, round ${cell.seed}`
      : `${what}, batch ${cell.batch} under ${(cell.largestUnder / 2 ** 30).toFixed(1)} GB`;
  }
  return `${cell.architecture} on ${cell.dataset.name}, seed ${cell.seed}`;
}
