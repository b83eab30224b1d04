/**
 * The encoder: the same shell round every mixer.
 *
 *     token embedding + learned positions -> norm -> dropout
 *     -> layers x [ mixer, dropout, residual, norm -> feed-forward with gelu, dropout, residual, norm ]
 *     -> attention pooling
 *
 * Norms after the residual as in BERT and the official Fastformer (`post`), or before the mixer (`pre`).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { Architecture, Mixer, MixerContext, Sizes } from './contract.js';
import { dropout } from './layers/dropout.js';
import { embedding } from './layers/embedding.js';
import { createFeedForward } from './layers/feed-forward.js';
import { createTokenPooling } from './layers/token-pooling.js';
import type { Scope } from './scope.js';

/** Of the layer norms, as in BERT and the official Fastformer. */
export const epsilon = 1e-12;

export interface EncoderOptions extends Sizes {
  readonly layers: number;
  /** Width of the feed-forward layer. */
  readonly feedForward: number;
  /** Share of values dropped in training. */
  readonly dropout: number;
  readonly norm: 'post' | 'pre';
  /** Learned absolute positions, or none. */
  readonly positions: boolean;
  /** One set of weights for all layers. */
  readonly shareLayers: boolean;
  readonly pooling: 'additive' | 'linear';
}

/** An encoder's sizes but for how its tokens become one vector. */
export type LayerSizes = Omit<EncoderOptions, 'pooling'>;

/** What a step tells the encoder beside the tokens. */
export interface EncoderContext {
  readonly training: boolean;
  /** int32 [1] */
  readonly seed: Tensor1D;
}

/** The encoder without its pooling: for what reads all of its tokens. */
export interface TokenEncoder {
  readonly hidden: number;
  /** [B, N] ids and mask -> [B, N, D], before the layers: positions, norm and dropout included. */
  embed(ids: Tensor2D, context: EncoderContext): Tensor3D;
  /** The same for vectors in place of ids, [B, N, D]. */
  embedVectors(vectors: Tensor3D, context: EncoderContext): Tensor3D;
  /** [B, N, D] -> [B, N, D] through all layers. */
  layers(x: Tensor3D, mask: Tensor2D, context: EncoderContext): Tensor3D;
}

export interface Encoder extends TokenEncoder {
  /** [B, N, D] -> [B, D] */
  pool(x: Tensor3D, mask: Tensor2D): Tensor2D;
}

/**
 * @param options - of the architecture, parsed
 * @param vocabulary - rows of the token table; 0 for an encoder of vectors
 */
export function createEncoder<Options extends z.ZodObject>(
  scope: Scope,
  architecture: Architecture<Options>,
  options: z.infer<Options>,
  sizes: EncoderOptions,
  vocabulary: number,
): Encoder {
  return {
    ...createTokenEncoder(scope, architecture, options, sizes, vocabulary),
    pool: createTokenPooling(scope, sizes.hidden, sizes.pooling),
  };
}

/** As `createEncoder`. */
export function createTokenEncoder<Options extends z.ZodObject>(
  scope: Scope,
  architecture: Architecture<Options>,
  options: z.infer<Options>,
  sizes: LayerSizes,
  vocabulary: number,
): TokenEncoder {
  const { hidden, length } = sizes;
  const words = vocabulary > 0 ? scope.parameter('word_embedding.table', [vocabulary, hidden]) : null;
  const layers = Array.from({ length: sizes.layers }, (_, i) =>
    createEncoderLayer(scope.child(`layers.${sizes.shareLayers ? 0 : i}`), architecture, options, sizes),
  );
  const places = sizes.positions ? scope.parameter('position_embedding.table', [length, hidden]) : null;
  const norm = scope.layerNorm('embed_norm', hidden, epsilon);

  const embedVectors: Encoder['embedVectors'] = (vectors, context) => {
    const taken = vectors.shape[1];
    const placed =
      places === null ? vectors : tf.add<Tensor3D>(vectors, tf.slice(places, [0, 0], [taken, hidden]));
    return dropout(norm(placed), sizes.dropout, 'embedding', context);
  };
  return {
    hidden,
    embedVectors,
    embed: (ids, context) => {
      if (words === null) throw new Error('this encoder was built for vectors: it has no token table');
      return embedVectors(embedding(words, ids), context);
    },
    layers: (x, mask, context) =>
      layers.reduce((tokens, layer, i) => layer(tokens, { mask, ...context }, `layers.${i}`), x),
  };
}

/** @param name - of the layer, which keeps its dropout apart from other layers', shared weights or not */
export type EncoderLayer = (x: Tensor3D, context: MixerContext, name: string) => Tensor3D;

/** One layer: the mixer and the feed-forward network, each with dropout, residual and norm. */
export function createEncoderLayer<Options extends z.ZodObject>(
  scope: Scope,
  architecture: Architecture<Options>,
  options: z.infer<Options>,
  sizes: LayerSizes,
): EncoderLayer {
  const { hidden, feedForward } = sizes;
  const mixer: Mixer = architecture.create(scope, sizes, options);
  const mixerNorm = scope.layerNorm('output_norm', hidden, epsilon);
  const network = createFeedForward(scope, hidden, feedForward);
  const feedForwardNorm = scope.layerNorm('ffn_norm', hidden, epsilon);

  return (x, context, name) => {
    const drop = (y: Tensor3D, place: string) => dropout(y, sizes.dropout, `${name}.${place}`, context);
    if (sizes.norm === 'pre') {
      const mixed = tf.add<Tensor3D>(x, drop(mixer(mixerNorm(x), context), 'mixer'));
      return tf.add<Tensor3D>(mixed, drop(network(feedForwardNorm(mixed)), 'ffn'));
    }
    const mixed = mixerNorm(tf.add<Tensor3D>(x, drop(mixer(x, context), 'mixer')));
    return feedForwardNorm(tf.add<Tensor3D>(mixed, drop(network(mixed), 'ffn')));
  };
}
