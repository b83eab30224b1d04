/**
 * Reformer: a token attends to those whose vectors point in a similar direction, found by hashing.
 *
 *     q = W_qk x,   k = q / |q|,   v = W_v x
 *     bucket_r(i) = argmax([R_r q_i; -R_r q_i])                    for rounds r = 1 .. R
 *     y_i = sum_r softmax_r(L_ri) softmax_j(q_i . k_j / sqrt(d)) v_j,    j in the chunks round i, sorted by bucket
 *
 * all per head. Kitaev, Kaiser and Levskaya, section 2. The sorted attention is in layers/sorted-attention.ts.
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture, Given, MixerContext, Sizes } from './contract.js';
import { angularHash, bucketFactors, mostColumns, rotationColumns } from './layers/angular-hash.js';
import { addCosts, attentionCost, denseCost } from './layers/cost.js';
import { attentionWithLogSumCost } from './layers/attention-with-log-sum.js';
import { mergeHeads, splitHeads } from './layers/heads.js';
import { biasOfKeys } from './layers/masks.js';
import { padTokens } from './layers/pad-tokens.js';
import { sliceAxis } from './layers/slices.js';
import { sortedAttention, unsortedAttention } from './layers/sorted-attention.js';
import { paddingLast, sortByBucket } from './layers/sorted-order.js';
import { drawNormals } from './random.js';
import type { Scope } from './scope.js';

const options = z.strictObject({
  bucketSize: z
    .number()
    .int()
    .min(1)
    .max(1024)
    .default(64)
    .describe('tokens of a chunk: about those of a bucket'),
  rounds: z.number().int().min(1).max(16).default(4).describe('how often tokens are hashed and sorted anew'),
  causal: z.boolean().default(false).describe('a token attends to none after it'),
  outputProjection: z.boolean().default(true).describe('a dense layer after the heads are joined'),
});
type Options = z.infer<typeof options>;

export const reformer = {
  name: 'reformer',
  title: 'Reformer',
  citation: {
    authors: 'Kitaev, Kaiser and Levskaya',
    title: 'Reformer: The Efficient Transformer',
    year: 2020,
    url: 'https://arxiv.org/abs/2001.04451',
  },
  complexity: 'O(N·log N·D)',
  options,
  supports: {
    // With `causal` no score of a later token counts, but later tokens still decide who stands in which chunk.
    causal: false,
    crossAttention: false,
    lengthBoundAtBuild: false,
    permutationEquivariant: false,
  },
  deviations: [
    'rotations are drawn once for a model, so that a step repeats; public implementations draw them anew in every step',
    'more than 64 buckets are the product of two hashes, as in the authors’ code, so that hashing stays cheap',
    'padding stands after all buckets, so that it never takes the place of a token in a chunk; in public implementations it is hashed like a token',
    'a padded token attends to itself alone, as in a public implementation',
    'scores are divided by the square root of the head size, as in the paper and one public implementation; another leaves that out',
    'texts that fit in one chunk are attended to as a whole, without hashing',
    'option causal hides later tokens, but chunks are made of all tokens, later ones too, as in the paper: not causal in the strict sense',
    'no reversible residual layers and no chunked feed-forward: the same encoder for every architecture',
  ],

  cost({ length, hidden, heads }, { bucketSize, rounds, outputProjection }) {
    const dense = denseCost(length, hidden, hidden, outputProjection ? 3 : 2);
    const projections = { ...dense, parameters: dense.parameters - 2 * hidden }; // two of them have no bias
    const chunks = Math.ceil(length / bucketSize);
    if (chunks === 1) return addCosts(projections, attentionCost(length, length, hidden, heads));
    const columns = rotationColumns(bucketFactors(chunks)) * rounds;
    return addCosts(
      projections,
      {
        parameters: 0,
        multiplyAdds: length * hidden * columns,
        activationBytes: 4 * heads * length * columns,
      },
      attentionWithLogSumCost(heads * rounds * chunks, bucketSize, 2 * bucketSize, hidden / heads),
    );
  },

  create(scope, sizes, settings) {
    const { hidden, heads } = sizes;
    const vectors = scope.dense('query_key', hidden, hidden, { bias: false });
    const value = scope.dense('value', hidden, hidden, { bias: false });
    const output = settings.outputProjection ? scope.dense('output', hidden, hidden) : null;
    const rotations = createRotations(scope, sizes, settings);

    return (x, context) => {
      const [qk, v] = [splitHeads(vectors(x), heads), splitHeads(value(x), heads)]; // [B * H, N, d]
      const merged = mergeHeads(attend(qk, v, heads, settings, context, rotations), heads);
      return output === null ? merged : output(merged);
    };
  },

  core(inputs, settings, context) {
    return attend(inputs['qk'] as Tensor3D, inputs['v'] as Tensor3D, 1, settings, context, null);
  },
} satisfies Architecture<typeof options>;

/** Drawn once, N(0, 1), for all heads: [d, rounds, columns], enough for the longest input. */
function createRotations(scope: Scope, { length, hidden, heads }: Sizes, settings: Options): Tensor3D {
  const columns = mostColumns(Math.max(2, Math.ceil(length / settings.bucketSize)));
  const shape = [hidden / heads, settings.rounds, columns];
  return scope.constant('rotations', shape, (random) =>
    drawNormals(random, tf.util.sizeFromShape(shape), 1),
  ) as Tensor3D;
}

/**
 * The mechanism between the dense layers.
 *
 * @param qk - [B * H, N, d]
 * @param v - [B * H, N, d]
 * @param rotations - null where they are given
 * @returns [B * H, N, d]; of padding, its own value
 */
function attend(
  qk: Tensor3D,
  v: Tensor3D,
  heads: number,
  { bucketSize, causal }: Options,
  { mask, given }: MixerContext,
  rotations: Tensor3D | null,
): Tensor3D {
  const length = qk.shape[1];
  const chunks = Math.ceil(length / bucketSize);
  const real = tf.reshape<tf.Rank.R3>(tf.tile(mask, [1, heads]), [-1, length, 1]);
  if (chunks === 1) {
    return ownWherePadded(unsortedAttention(qk, v, biasOfKeys(mask, heads), causal), v, real);
  }
  const whole = <T extends Tensor>(x: T): T => padTokens(x, chunks * bucketSize);
  const places = placesOf(qk, real, chunks, bucketSize, { ...(rotations && { rotations }), ...given });
  const bias = biasOfKeys(whole(mask), heads);
  const mixed = sortedAttention(whole(qk), whole(v), bias, places, bucketSize, causal);
  return ownWherePadded(sliceAxis(mixed, 1, 0, length), v, real);
}

/** Hashes and sorts; `given` has the rotations, or else the buckets, [B * H, rounds, N]. */
function placesOf(qk: Tensor3D, real: Tensor3D, chunks: number, bucketSize: number, given: Given): Tensor3D {
  const rotations = given['rotations'] as Tensor3D;
  const factors = bucketFactors(chunks, rotations.shape[2]);
  const count = factors.reduce((product, factor) => product * factor, 1);
  const fixed = given['buckets'] as Tensor3D | undefined;
  // Those who give buckets give them to padding too.
  const placed = fixed === undefined ? real : tf.onesLike(real);
  const buckets = fixed ?? angularHash(qk, rotations, factors);
  return sortByBucket(paddingLast(buckets, placed, chunks * bucketSize, count), count + 1);
}

/** Padding keeps its own value. */
const ownWherePadded = (mixed: Tensor3D, own: Tensor3D, real: Tensor3D): Tensor3D =>
  tf.add(tf.mul(mixed, real), tf.mul(own, tf.sub(1, real)));
