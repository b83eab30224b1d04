/**
 * The decoder of a sequence-to-sequence model (Vaswani et al., arXiv 1706.03762, section 3.1), in the encoder's shell:
 *
 *     token embedding + learned positions -> norm -> dropout
 *     -> layers x [ causal self-attention, cross-attention to the memory, feed-forward: each with dropout, residual, norm ]
 *
 * Cross-attention is softmax attention; self-attention is one of `causal/`. The same layers run in two ways: over a whole
 * target, where each token sees those before it; and a token at a time over what is kept of those, for the same numbers.
 *
 * T is the target's length, M that of the memory, R the rows that are written at once: `beams` for each of B memories.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Cache, CausalAttentionName } from './causal/contract.js';
import { causalAttentions } from './causal/index.js';
import { epsilon, type EncoderContext, type LayerSizes } from './encoder.js';
import { createAttention, type KeysAndValues } from './layers/attention.js';
import { dropout } from './layers/dropout.js';
import { embedding } from './layers/embedding.js';
import { createFeedForward } from './layers/feed-forward.js';
import { biasOfKeys } from './layers/masks.js';
import { takeRows } from './layers/select-rows.js';
import type { Scope } from './scope.js';

/** `length` is the longest target, `attention` that of its tokens to those before them. */
export type DecoderSizes = Omit<LayerSizes, 'shareLayers'> & { readonly attention: CausalAttentionName };

/** What every step reads: keys and values of the memory, a pair a layer, and its padding. */
export interface DecoderMemory {
  readonly layers: readonly KeysAndValues[];
  /** [B, M], 1 = real */
  readonly mask: Tensor2D;
}

/** What each layer keeps of the tokens written so far. */
export type DecoderCache = readonly Cache[];

export interface DecoderStep {
  /** The token before the one to be written, int32 [R, 1]. */
  readonly ids: Tensor2D;
  /** 1 at its place, 0 elsewhere, [T]. */
  readonly place: Tensor1D;
  /** Row of the last step that each row goes on from, int32 [R, 1]. */
  readonly parents: Tensor2D;
}

export interface Decoder {
  /** [B, M, D] to what all steps read. */
  readMemory(memory: Tensor3D, mask: Tensor2D): DecoderMemory;
  /** @param ids - int32 [B, T] @returns [B, T, D]; token t depends on the tokens up to t */
  whole(ids: Tensor2D, memory: DecoderMemory, context: EncoderContext): Tensor3D;
  /** Before the first step. */
  emptyCache(rows: number): DecoderCache;
  /** @returns the written token's vector, [R, 1, D], and the cache with it */
  step(
    step: DecoderStep,
    memory: DecoderMemory,
    cache: DecoderCache,
    context: EncoderContext,
  ): { readonly out: Tensor3D; readonly cache: DecoderCache };
}

/** @param table - of the tokens, [vocabulary, D]; the encoder's may be shared */
export function createDecoder(scope: Scope, sizes: DecoderSizes, table: Tensor): Decoder {
  const { hidden, length } = sizes;
  const places = sizes.positions ? scope.parameter('position_embedding.table', [length, hidden]) : null;
  const norm = scope.layerNorm('embed_norm', hidden, epsilon);
  const layers = Array.from({ length: sizes.layers }, (_, i) =>
    createDecoderLayer(scope.child(`layers.${i}`), sizes),
  );
  const embed = (ids: Tensor2D, rows: (all: Tensor) => Tensor, context: EncoderContext): Tensor3D => {
    const words = embedding(table, ids);
    const placed = places === null ? words : tf.add<Tensor3D>(words, rows(places));
    return dropout(norm(placed), sizes.dropout, 'decoder.embedding', context);
  };
  return {
    readMemory: (memory, mask) => ({ layers: layers.map(({ cross }) => cross.read(memory)), mask }),
    whole: (ids, memory, context) => {
      const [, taken] = ids.shape;
      const start = embed(ids, (all) => tf.slice(all, [0, 0], [taken, hidden]), context);
      return layers.reduce(
        (x, layer, i) => layer.whole(x, readLayer(memory, i), memory.mask, context, `decoder.${i}`),
        start,
      );
    },
    emptyCache: (rows) => layers.map(({ self }) => self.emptyCache(rows)),
    step: (step, memory, cache, context) => {
      const here = tf.reshape(step.place, [1, length]);
      let out = embed(step.ids, (all) => tf.matMul(here, all), context);
      const next = layers.map((layer, i) => {
        const own = reorder(cache[i] as Cache, step.parents);
        const done = layer.step(out, step.place, own, readLayer(memory, i), memory.mask, context);
        out = done.out;
        return done.cache;
      });
      return { out, cache: next };
    },
  };
}

const readLayer = ({ layers }: DecoderMemory, i: number): KeysAndValues => layers[i] as KeysAndValues;

/** Each row takes the cache of the row that it goes on from. */
function reorder(cache: Cache, parents: Tensor2D): Cache {
  const [rows] = parents.shape;
  return cache.map((x) => tf.reshape(takeRows(tf.reshape(x, [rows, -1]), parents), x.shape));
}

/** One layer, in both ways. */
function createDecoderLayer(scope: Scope, sizes: DecoderSizes) {
  const { hidden, heads } = sizes;
  const self = causalAttentions[sizes.attention](scope.child('self'), sizes);
  const cross = createAttention(scope.child('cross'), hidden, heads);
  const shell = createShell(scope, sizes);
  return {
    self,
    cross,
    whole: (x: Tensor3D, memory: KeysAndValues, mask: Tensor2D, context: EncoderContext, name: string) => {
      const before: Part = (y) => self.whole(y, context);
      const beside: Part = (y) => cross.attend(y, memory, biasOfKeys(mask, heads));
      return shell(x, before, beside, name, context);
    },
    step: (
      x: Tensor3D, // [R, 1, D]
      place: Tensor1D,
      cache: Cache,
      memory: KeysAndValues,
      mask: Tensor2D,
      context: EncoderContext,
    ) => {
      let written = cache;
      const before: Part = (y) => {
        const done = self.step(y, place, cache);
        written = done.cache;
        return done.out;
      };
      // The rows of one memory are its queries: its keys are in memory once.
      const beside: Part = (y) => {
        const queries = tf.reshape<tf.Rank.R3>(y, [mask.shape[0], -1, hidden]);
        return tf.reshape(cross.attend(queries, memory, biasOfKeys(mask, heads)), y.shape);
      };
      const out = shell(x, before, beside, 'decoder', context);
      return { out, cache: written };
    },
  };
}

/** Self-attention, cross-attention and the feed-forward network, one after the other, each in its residual. */
function createShell(scope: Scope, { hidden, feedForward, dropout: rate, norm: placement }: DecoderSizes) {
  const network = createFeedForward(scope, hidden, feedForward);
  const norm = (name: string): Part => scope.layerNorm(name, hidden, epsilon);
  const norms = { self: norm('self_norm'), cross: norm('cross_norm'), ffn: norm('ffn_norm') };
  return (x: Tensor3D, self: Part, cross: Part, name: string, context: EncoderContext): Tensor3D => {
    const around = (at: Tensor3D, part: Part, place: keyof typeof norms) => {
      const own = norms[place];
      const out = part(placement === 'pre' ? own(at) : at);
      const sum = tf.add<Tensor3D>(at, dropout(out, rate, `${name}.${place}`, context));
      return placement === 'pre' ? sum : own(sum);
    };
    return around(around(around(x, self, 'self'), cross, 'cross'), network, 'ffn');
  };
}

type Part = (x: Tensor3D) => Tensor3D;
