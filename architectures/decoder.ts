/**
 * The decoder of a sequence-to-sequence model (Vaswani et al., arXiv 1706.03762, section 3.1), in the encoder's shell:
 *
 *     token embedding + learned positions -> norm -> dropout
 *     -> layers x [ causal self-attention, cross-attention to the memory, feed-forward: each with dropout, residual, norm ]
 *
 * Attention is softmax attention within bounded memory. The same layers run in two ways: over a whole target, where each
 * token sees those before it; and a token at a time over cached keys and values, for the same numbers.
 *
 * T is the target's length, M that of the memory, R the rows that are written at once: `beams` for each of B memories.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { epsilon, type EncoderContext, type LayerSizes } from './encoder.js';
import { dropout } from './layers/dropout.js';
import { embedding } from './layers/embedding.js';
import { createFeedForward } from './layers/feed-forward.js';
import { mergeHeads, splitHeads } from './layers/heads.js';
import { biasOfKeys, never } from './layers/masks.js';
import { takeRows } from './layers/select-rows.js';
import { softmaxAttention } from './layers/softmax-attention.js';
import type { Scope } from './scope.js';

/** `length` is the longest target. */
export type DecoderSizes = Omit<LayerSizes, 'shareLayers'>;

/** Keys and values, each [rows * H, length, d]. */
interface KeysAndValues {
  readonly keys: Tensor3D;
  readonly values: Tensor3D;
}

/** What every step reads: keys and values of the memory, a pair a layer, and its padding. */
export interface DecoderMemory {
  readonly layers: readonly KeysAndValues[];
  /** [B, M], 1 = real */
  readonly mask: Tensor2D;
}

/** Keys and values of the tokens written so far, a pair a layer; each [R * H, T, d]. */
export type DecoderCache = readonly KeysAndValues[];

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
  const { hidden, heads, length } = sizes;
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
    emptyCache: (rows) =>
      layers.map(() => ({
        keys: tf.zeros([rows * heads, length, hidden / heads]),
        values: tf.zeros([rows * heads, length, hidden / heads]),
      })),
    step: (step, memory, cache, context) => {
      const here = tf.reshape(step.place, [1, length]);
      let out = embed(step.ids, (all) => tf.matMul(here, all), context);
      const next = layers.map((layer, i) => {
        const own = reorder(cache[i] as KeysAndValues, step.parents);
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
function reorder({ keys, values }: KeysAndValues, parents: Tensor2D): KeysAndValues {
  const [rows] = parents.shape;
  const take = (x: Tensor3D) => tf.reshape<tf.Rank.R3>(takeRows(tf.reshape(x, [rows, -1]), parents), x.shape);
  return { keys: take(keys), values: take(values) };
}

/** One layer, in both ways. */
function createDecoderLayer(scope: Scope, sizes: DecoderSizes) {
  const { hidden, heads } = sizes;
  const own = createAttention(scope.child('self'), hidden, heads);
  const cross = createAttention(scope.child('cross'), hidden, heads);
  const shell = createShell(scope, sizes);
  return {
    cross,
    whole: (x: Tensor3D, memory: KeysAndValues, mask: Tensor2D, context: EncoderContext, name: string) => {
      const [batch, length] = x.shape;
      const noPadding = tf.zeros<tf.Rank.R3>([batch * heads, length, 1]);
      const self: Part = (y) => own.attend(y, own.read(y), noPadding, causalBias(length));
      const beside: Part = (y) => cross.attend(y, memory, biasOfKeys(mask, heads));
      return shell(x, self, beside, name, context);
    },
    step: (
      x: Tensor3D, // [R, 1, D]
      place: Tensor1D,
      cache: KeysAndValues,
      memory: KeysAndValues,
      mask: Tensor2D,
      context: EncoderContext,
    ) => {
      const [rows] = x.shape;
      let written = cache;
      const self: Part = (y) => {
        written = write(cache, own.read(y), place);
        return own.attend(y, written, laterBias(place, rows * heads));
      };
      // The rows of one memory are its queries: its keys are in memory once.
      const beside: Part = (y) => {
        const queries = tf.reshape<tf.Rank.R3>(y, [mask.shape[0], -1, hidden]);
        return tf.reshape(cross.attend(queries, memory, biasOfKeys(mask, heads)), y.shape);
      };
      const out = shell(x, self, beside, 'decoder', context);
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

function createAttention(scope: Scope, hidden: number, heads: number) {
  const [query, key, value, output] = ['query', 'key', 'value', 'output'].map((name) =>
    scope.dense(name, hidden, hidden),
  ) as [Part, Part, Part, Part];
  return {
    read: (x: Tensor3D): KeysAndValues => ({
      keys: splitHeads(key(x), heads),
      values: splitHeads(value(x), heads),
    }),
    attend: (x: Tensor3D, { keys, values }: KeysAndValues, keyBias: Tensor3D, pairBias?: Tensor3D) =>
      output(
        mergeHeads(softmaxAttention(splitHeads(query(x), heads), keys, values, keyBias, pairBias), heads),
      ),
  };
}

/** -1e30 for a key after the query: [1, T, T]. */
function causalBias(length: number): Tensor3D {
  const values = new Float32Array(length * length);
  for (let row = 0; row < length; row++) values.fill(never, row * length + row + 1, (row + 1) * length);
  return tf.tensor3d(values, [1, length, length]);
}

/** -1e30 for what comes after the place: [rows, T, 1]. */
function laterBias(place: Tensor1D, rows: number): Tensor3D {
  const length = place.size;
  const before = tf.cumsum(place, 0, true); // 1 after the place
  return tf.tile(tf.reshape<tf.Rank.R3>(tf.mul(before, never), [1, length, 1]), [rows, 1, 1]);
}

/** The new token's keys and values at their place. */
function write(cache: KeysAndValues, added: KeysAndValues, place: Tensor1D): KeysAndValues {
  const here = tf.reshape<tf.Rank.R3>(place, [1, -1, 1]);
  const put = (old: Tensor3D, one: Tensor3D) =>
    tf.add<Tensor3D>(tf.mul(old, tf.sub(1, here)), tf.mul(one, here));
  return { keys: put(cache.keys, added.keys), values: put(cache.values, added.values) };
}
