/** Sizes of a summarizer, its training and its search: parts of a cell. */
import { z } from 'zod';
import { causalAttentionNames } from '../architectures/causal/contract.js';

const count = z.int().positive();

export const summarizerSizesSchema = z.strictObject({
  /** Subwords read of a document. */
  sourceLength: count.max(65_536),
  /** Subwords of a summary, its end included. */
  targetLength: count.max(4_096),
  encoderLayers: count.max(64),
  decoderLayers: count.max(64),
  /** The decoder's self-attention; `softmax` without it. */
  decoderAttention: z.enum(causalAttentionNames).exclude(['softmax']).optional(),
  /** D. */
  hidden: count.max(4_096),
  heads: count.max(256),
  feedForward: count.max(16_384),
  dropout: z.number().min(0).max(0.9),
  norm: z.enum(['post', 'pre']),
  positions: z.boolean(),
  /** Whether subwords may be copied from the document. */
  copy: z.boolean(),
});

export const summarizerTrainingSchema = z.strictObject({
  /** Documents in a batch. */
  batchSize: count,
  /** Of Adam, at its highest. */
  learningRate: z.number().positive(),
  /** Steps in which the rate rises from 0; then it falls to 0 in a line at the last step. */
  warmupSteps: z.int().min(0),
  maxEpochs: count,
  /** Subwords, the bytes and special ones included. */
  vocabulary: count.min(260).max(2 ** 20 - 1),
  labelSmoothing: z.number().min(0).max(0.5),
  clipNorm: z.number().positive().nullable(),
});

export const decodingSchema = z.strictObject({
  /** 1 = greedy. */
  beams: count.max(64),
  lengthPenalty: z.number().min(0).max(5),
  /** Subwords before the end may come, and at most. */
  minLength: z.int().min(0),
  maxLength: count,
  blockTrigrams: z.boolean(),
});

export type SummarizerSizes = z.infer<typeof summarizerSizesSchema>;
export type SummarizerTraining = z.infer<typeof summarizerTrainingSchema>;
export type DecodingSizes = z.infer<typeof decodingSchema>;
