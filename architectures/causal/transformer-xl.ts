/**
 * Transformer-XL for a decoder (Dai et al., arXiv 1901.02860, sections 3.2 and 3.3): a token sees its segment up to itself
 * and the memory before that, by scores that know distances.
 *
 * A whole target goes through the mixer of `transformer-xl.ts`. A step keeps the keys and values of the tokens that the
 * last place of a segment sees, the latest at the end: each then has one distance at all places, and only what is hidden
 * changes with the place.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { addVector } from '../layers/add-vector.js';
import { dense } from '../layers/dense.js';
import { mergeHeadsFirst, splitHeadsFirst } from '../layers/heads.js';
import { never } from '../layers/masks.js';
import { relativeAttention } from '../layers/relative-attention.js';
import { planSegments } from '../layers/segments.js';
import { sinusoids } from '../layers/sinusoids.js';
import { sliceAxis } from '../layers/slices.js';
import type { Scope } from '../scope.js';
import type { Sizes } from '../contract.js';
import { transformerXl } from '../transformer-xl.js';
import type { CausalAttention } from './contract.js';

/**
 * Parameters: those of the mixer, with u and w of each layer's own.
 *
 * @param given - lengths of a segment and its memory; without them, the mixer's defaults
 */
export function causalTransformerXl(
  scope: Scope,
  sizes: Sizes,
  given: { readonly segment?: number; readonly memory?: number } = {},
): CausalAttention {
  const { hidden, heads, length } = sizes;
  const options = transformerXl.options.parse(given);
  // The mixer takes u and w from the model's scope, where an encoder of this architecture has its own.
  const mixer = transformerXl.create({ ...scope, model: scope }, sizes, options);
  const parts = partsOf(scope, sizes);
  const plan = planSegments(length, options.segment, options.memory);
  const kept = plan.memory + plan.size; // W
  const hiddenAt = hiddenByPlace(length, kept, options);
  return {
    whole: (x, context) => {
      const [batch, taken] = x.shape;
      return mixer(x, { ...context, mask: tf.ones([batch, taken]) });
    },
    // Keys and values, [R, W, D].
    emptyCache: (rows) => [tf.zeros([rows, kept, hidden]), tf.zeros([rows, kept, hidden])],
    step: (x, place, cache) => {
      const [keys, values] = cache as readonly [Tensor3D, Tensor3D];
      const { query, key, value } = parts.read(x);
      const own = [append(keys, key), append(values, value)] as const;
      const hide = tf.matMul(tf.reshape(place, [1, length]), tf.tensor2d(hiddenAt, [length, kept]));
      const context = relativeAttention({
        content: byHead(addVector(query, parts.contentBias), heads), // [H, R, 1, d]
        position: byHead(addVector(query, parts.positionBias), heads),
        key: byHead(own[0], heads),
        value: byHead(own[1], heads),
        distances: splitHeadsFirst(tf.expandDims(parts.distances(kept), 0), heads), // [H, W + 1, d]
        keyBias: tf.zeros([heads, x.shape[0], kept, 1]),
        pairBias: tf.reshape(hide, [1, 1, kept]),
      });
      const joined = tf.reshape<tf.Rank.R3>(context, [heads * x.shape[0], 1, hidden / heads]);
      return { out: parts.output(mergeHeadsFirst(joined, heads)), cache: own };
    },
  };
}

/** The mixer's parameters, by name. */
function partsOf(scope: Scope, { hidden, heads }: Sizes) {
  const kernel = scope.parameter('qkv.kernel', [hidden, 3 * hidden]);
  const relative = scope.dense('r', hidden, hidden, { bias: false });
  const bias = (name: string) => scope.parameter(name, [heads, hidden / heads]);
  return {
    read: (x: Tensor3D) => {
      const product = dense(x, kernel, null); // [R, 1, 3D]
      const part = (index: number) => sliceAxis(product, 2, index * hidden, hidden);
      return { query: part(0), key: part(1), value: part(2) };
    },
    /** From the oldest token down to one after the latest, [W + 1, D]. */
    distances: (kept: number) =>
      relative(
        sinusoids(
          Array.from({ length: kept + 1 }, (_, i) => kept - 1 - i),
          hidden,
        ),
      ),
    contentBias: bias('r_w_bias'),
    positionBias: bias('r_r_bias'),
    output: scope.dense('output', hidden, hidden, { bias: false }),
  };
}

/** Of W kept tokens at each place, -1e30 for those before the memory of its segment, or before the beginning: [length * W]. */
function hiddenByPlace(
  length: number,
  kept: number,
  { segment, memory }: { readonly segment: number; readonly memory: number },
): Float32Array {
  return Float32Array.from({ length: length * kept }, (_, i) => {
    const place = Math.floor(i / kept);
    const token = place - (kept - 1 - (i % kept));
    const first = Math.max(0, Math.floor(place / segment) * segment - memory);
    return token < first ? never : 0;
  });
}

/** The latest at the end, the oldest goes. */
const append = (kept: Tensor3D, latest: Tensor3D): Tensor3D =>
  tf.concat([sliceAxis(kept, 1, 1, kept.shape[1] - 1), latest], 1);

/** [R, N, D] -> [H, R, N, d] */
const byHead = (x: Tensor3D, heads: number): Tensor4D =>
  tf.reshape(splitHeadsFirst(x, heads), [heads, x.shape[0], x.shape[1], x.shape[2] / heads]);
