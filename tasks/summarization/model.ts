/**
 * The summarizer: an encoder of any architecture, a decoder, one table of subwords for both and for the scores.
 *
 *     m = encode(document),   h_t = decode(y_1 .. y_t-1, m),   P_vocabulary = softmax(h_t E^T + b)
 *
 * With `copy` also a pointer to the document (See et al., "Get To The Point", 2017, equations 8 and 9):
 *
 *     a_t = softmax_j(q(h_t) . k_j / sqrt(D)),   g_t = sigmoid(w . h_t + c),
 *     P(y) = g_t P_vocabulary(y) + (1 - g_t) sum of a_tj over j where the document has y
 *
 * where k_j reads m_j and, unlike theirs, also the subword before place j: to go on with what was copied last is then
 * one product away, which a model of a thousand documents would else not learn. The vocabulary is of bytes and what
 * they join to, so no document holds a subword that it lacks.
 *
 * Loss: the mean over the target's subwords of -(1 - e) log P(y) - e mean_v log P_vocabulary(v), e = label smoothing
 * (Szegedy et al. 2016).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { Architecture } from '../../architectures/contract.js';
import {
  createDecoder,
  type Decoder,
  type DecoderSizes,
  type DecoderStep,
} from '../../architectures/decoder.js';
import { createTokenEncoder, type EncoderContext, type LayerSizes } from '../../architectures/encoder.js';
import { embedding } from '../../architectures/layers/embedding.js';
import { logitsOf, tokenScores } from '../../architectures/layers/token-scores.js';
import type { Scope } from '../../architectures/scope.js';
import { createPointer, type Pointer } from './pointer.js';
import { packCache, packMemory, unpackCache, unpackMemory } from './step-tensors.js';

export interface SummarizerSizes {
  /** `length` is the longest document. */
  readonly encoder: LayerSizes;
  readonly decoder: Pick<DecoderSizes, 'layers' | 'length' | 'attention'>;
  /** Whether subwords may be copied from the document. */
  readonly copy: boolean;
  readonly vocabulary: number;
  readonly labelSmoothing: number;
}

/** int32, padded with 0. */
export type PairTensors = {
  /** [B, N] */
  readonly source: Tensor2D;
  /** [B, T] */
  readonly before: Tensor2D;
  /** [B, T] */
  readonly target: Tensor2D;
};

/** Tensors by name, so that a compiled step takes them. */
export type Named = Readonly<Record<string, Tensor>>;

export interface Summarizer {
  /** Mean over the target's subwords. */
  loss(batch: PairTensors, context: EncoderContext): Scalar;
  /** log P of each subword of the targets, without smoothing, 0 where there is padding: [B, T]. */
  logLikelihood(batch: PairTensors): Tensor2D;
  /** [B, N] documents to what every step reads. */
  encode(source: Tensor2D): Named;
  emptyCache(rows: number): Named;
  /**
   * One subword further.
   * @param inputs - a `DecoderStep`, what `encode` gave and the last step's cache, all by name
   * @returns `scores` [R, V], log P_vocabulary; with `copy` also `gate` [R, 1] and `pointer` [R, N]; the cache
   */
  step(inputs: Named): Named;
}

/** Parameters: the encoder's, `decoder.*`, `output.bias`, with `copy` also `pointer.*`. */
export function createSummarizer<Options extends z.ZodObject>(
  scope: Scope,
  architecture: Architecture<Options>,
  options: z.infer<Options>,
  sizes: SummarizerSizes,
): Summarizer {
  const { encoder: encoderSizes, vocabulary } = sizes;
  const encoder = createTokenEncoder(scope, architecture, options, encoderSizes, vocabulary);
  const table = scope.parameter('word_embedding.table', [vocabulary, encoderSizes.hidden]);
  const bias = scope.parameter('output.bias', [vocabulary], { fill: 0 });
  const decoder = createDecoder(scope.child('decoder'), { ...encoderSizes, ...sizes.decoder }, table);
  const pointer = sizes.copy ? createPointer(scope.child('pointer'), encoderSizes.hidden) : null;
  const model: Parts = { sizes, encoder, decoder, pointer, table, bias };
  return {
    loss: (batch, context) => {
      const { likely, spread, real } = score(model, batch, context);
      const e = sizes.labelSmoothing;
      const each = tf.add(tf.mul(likely, 1 - e), tf.mul(spread, e));
      return tf.neg(tf.div<Scalar>(tf.sum(tf.mul(each, real)), tf.maximum(tf.sum(real), 1)));
    },
    logLikelihood: (batch) => {
      const { likely, real } = score(model, batch, still());
      return tf.reshape(tf.mul(likely, real), batch.target.shape);
    },
    encode: (source) => {
      const memory = encode(model, source, still());
      const keys = pointer?.keys(memory.tokens, embedding(table, source)) ?? null;
      return packMemory(decoder.readMemory(memory.tokens, memory.mask), keys);
    },
    emptyCache: (rows) => packCache(decoder.emptyCache(rows)),
    step: (inputs) => answerStep(model, inputs),
  };
}

interface Parts {
  readonly sizes: SummarizerSizes;
  readonly encoder: ReturnType<typeof createTokenEncoder>;
  readonly decoder: Decoder;
  readonly pointer: Pointer | null;
  readonly table: Tensor;
  readonly bias: Tensor;
}

/** Outside of training; what is drawn then is nothing. */
const still = (): EncoderContext => ({ training: false, seed: tf.tensor1d([1], 'int32') });

function encode({ encoder }: Parts, source: Tensor2D, context: EncoderContext) {
  const mask = tf.cast<Tensor2D>(tf.greater(source, 0), 'float32');
  return { tokens: encoder.layers(encoder.embed(source, context), mask, context), mask };
}

/** Of each of the B * T subwords of the targets: log P, the mean log P_vocabulary, and whether it is no padding. */
function score(model: Parts, { source, before, target }: PairTensors, context: EncoderContext) {
  const { decoder, pointer, table, bias } = model;
  const { tokens, mask } = encode(model, source, context);
  const out = decoder.whole(before, decoder.readMemory(tokens, mask), context); // [B, T, D]
  const [batch, length, hidden] = out.shape;
  const rows = tf.reshape<tf.Rank.R2>(out, [batch * length, hidden]);
  const labels = tf.reshape<tf.Rank.R1>(target, [-1]);
  const scores = tokenScores(rows, table, bias, labels); // [B * T, 2]
  const column = (i: number) => tf.reshape<tf.Rank.R1>(tf.slice(scores, [0, i], [batch * length, 1]), [-1]);
  const real = tf.cast<Tensor1D>(tf.greater(labels, 0), 'float32');
  if (pointer === null) return { likely: column(0), spread: column(1), real };
  const keys = pointer.keys(tokens, embedding(table, source));
  const likely = pointer.mix(column(0), out, keys, { source, mask, target });
  return { likely, spread: column(1), real };
}

function answerStep({ decoder, pointer, table, bias }: Parts, inputs: Named): Named {
  const memory = unpackMemory(inputs);
  const given = inputs as Named & DecoderStep;
  const { out, cache } = decoder.step(given, memory.decoder, unpackCache(inputs), still());
  const rows = tf.reshape<tf.Rank.R2>(out, [out.shape[0], out.shape[2]]);
  const scores = tf.logSoftmax(logitsOf(rows, table, bias));
  const beside =
    pointer === null || memory.pointerKeys === null
      ? {}
      : pointer.point(out, memory.pointerKeys, memory.decoder.mask);
  return { scores, ...beside, ...packCache(cache) };
}
