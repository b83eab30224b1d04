/**
 * Poolingformer: attention to a small window, then to a larger one whose keys and values are pooled.
 *
 *     Y_i = softmax over { j : |i - j| <= w1 } of (q_i . k_j / sqrt(d)) . v_j                     level 1
 *     Z_i = softmax over { p : window p overlaps i - w2 .. i + w2 } of (q'_i . K_p / sqrt(d)) . V_p    level 2
 *     y_i = Y_i + Z_i
 *
 * all per head; q' = W_q' Y, and K_p and V_p pool W_k' Y and W_v' Y over the tokens p * stride to p * stride + kernel - 1.
 * Zhang et al., section 3.
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture } from './contract.js';
import { addCosts, denseCost } from './layers/cost.js';
import { maskTokens } from './layers/global-tokens.js';
import { mergeHeads, splitHeads } from './layers/heads.js';
import { windowAttention, windowAttentionCost } from './layers/window-attention.js';
import { gridOf, maxPooling, weightedPooling, windowMask, windowTokens } from './layers/window-pooling.js';
import type { Grid } from './layers/window-pooling.js';
import { keysOf } from './layers/windows.js';
import type { Window } from './layers/windows.js';
import { paddingBias } from './layers/masks.js';
import type { Scope } from './scope.js';

const windowSize = z.number().int().min(2).max(4096).multipleOf(2);

const options = z.strictObject({
  window: windowSize
    .default(256)
    .describe('tokens of the pooled window, both sides together and without the token itself: even'),
  localWindow: windowSize.default(16).describe('the same of the first level, which is not pooled'),
  poolKernel: z.number().int().min(1).max(64).default(5).describe('tokens that are pooled to one'),
  poolStride: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe('tokens from one pooled group to the next; at most poolKernel'),
  pooling: z
    .enum(['mean', 'max', 'dynamic'])
    .default('mean')
    .describe('dynamic: a weighted mean, with weights from the token in the middle of the group'),
  outputProjection: z.boolean().default(true).describe('a dense layer after the two levels are added'),
});
type Options = z.infer<typeof options>;

export const poolingformer = {
  name: 'poolingformer',
  title: 'Poolingformer',
  citation: {
    authors: 'Zhang et al.',
    title: 'Poolingformer: Long Document Modeling with Pooling Attention',
    year: 2021,
    url: 'https://arxiv.org/abs/2105.04371',
  },
  complexity: 'O(N·D·w)',
  options,
  supports: {
    causal: false,
    crossAttention: false,
    lengthBoundAtBuild: false,
    permutationEquivariant: false,
  },
  deviations: [
    'there is no public code: groups of tokens begin at every multiple of the stride, the same for all queries, and a query sees every group that its window touches',
    'every layer has both levels; the paper gives the second one to some of the layers',
    'the Fastformer paper gives one window only (256): the larger one here; the smaller one is Longformer’s',
    'mean pooling by default; dynamic is a reading of the paper’s lightweight dynamic convolution: one set of weights for all heads, from the middle token of the first level',
    'mean and dynamic pooling come before the projections of keys and values, which gives the same numbers with less work',
    'no dropout on the attention weights: the same dropout places for every architecture',
  ],

  cost(sizes, chosen) {
    const { length, hidden } = sizes;
    const { pooling, poolKernel, poolStride, outputProjection } = chosen;
    const pooled = keysOf(length, poolStride);
    return addCosts(
      denseCost(length, hidden, hidden, outputProjection ? 5 : 4), // query, key, value, query2, output
      denseCost(pooling === 'max' ? length : pooled, hidden, hidden, 2),
      ...(pooling === 'dynamic' ? [denseCost(pooled, hidden, poolKernel, 2)] : []),
      windowAttentionCost(sizes, localWindow(chosen), 0),
      windowAttentionCost(sizes, pooledWindow(chosen), 0),
    );
  },

  create(scope, { hidden, heads }, chosen) {
    if (chosen.poolStride > chosen.poolKernel) {
      throw new Error(
        `poolingformer: poolStride ${chosen.poolStride} is larger than poolKernel ${chosen.poolKernel}: tokens between the groups would be lost`,
      );
    }
    const [query, key, value] = ['query', 'key', 'value'].map((name) =>
      scope.dense(name, hidden, hidden),
    ) as Three;
    const query2 = scope.dense('query2', hidden, hidden);
    const pool = createPooling(scope, hidden, chosen);
    const output = chosen.outputProjection ? scope.dense('output', hidden, hidden) : null;
    const split = (x: Tensor3D): Tensor3D => splitHeads(x, heads);
    const join = (x: Tensor3D, mask: Tensor2D): Tensor3D => maskTokens(mergeHeads(x, heads), mask);

    return (x, { mask }) => {
      const near = { key: split(key(x)), value: split(value(x)), open: mask };
      const first = join(windowAttention(split(query(x)), near, null, localWindow(chosen)), mask); // Y
      const pooled = pool(first, mask);
      const far = { key: split(pooled.key), value: split(pooled.value), open: pooled.open };
      const second = join(windowAttention(split(query2(first)), far, null, pooledWindow(chosen)), mask); // Z
      const y = tf.add<Tensor3D>(first, second);
      return output === null ? y : output(y);
    };
  },
} satisfies Architecture<typeof options>;

type Dense = ReturnType<Scope['dense']>;
type Three = [Dense, Dense, Dense];

const localWindow = (chosen: Options): Window => ({ reach: chosen.localWindow / 2, kernel: 1, stride: 1 });

const pooledWindow = ({ window, poolKernel, poolStride }: Options): Window => ({
  reach: window / 2,
  kernel: poolKernel,
  stride: poolStride,
});

/** Keys and values of the second level, [B, P, D], and which of the P groups have a real token, [B, P]. */
type Pooling = (y: Tensor3D, mask: Tensor2D) => { key: Tensor3D; value: Tensor3D; open: Tensor2D };

/**
 * A weighted mean with weights that add up to 1 commutes with a dense layer: there, the few pooled tokens are projected.
 * A maximum does not.
 */
function createPooling(scope: Scope, hidden: number, { pooling, poolKernel, poolStride }: Options): Pooling {
  const key = scope.dense('key2', hidden, hidden);
  const value = scope.dense('value2', hidden, hidden);
  const dynamic = pooling === 'dynamic';
  const keyWeights = dynamic ? dynamicWeights(scope, 'key2_pool', hidden, poolKernel) : meanWeights;
  const valueWeights = dynamic ? dynamicWeights(scope, 'value2_pool', hidden, poolKernel) : meanWeights;

  return (y, mask) => {
    const grid = gridOf(mask.shape[1], poolKernel, poolStride);
    const real = windowMask(mask, grid); // [B, P, kernel]
    const open: Tensor2D = tf.max(real, 2);
    if (pooling === 'max')
      return { key: maxPooling(key(y), real, grid), value: maxPooling(value(y), real, grid), open };
    const forKeys = weightedPooling(y, keyWeights(y, real, grid), grid);
    const forValues = dynamic ? weightedPooling(y, valueWeights(y, real, grid), grid) : forKeys;
    return { key: key(forKeys), value: value(forValues), open };
  };
}

/** How much each token of a group counts: [B, P, kernel], 0 for padding, else adding up to 1 over a group. */
type Weights = (y: Tensor3D, real: Tensor3D, grid: Grid) => Tensor3D;

const meanWeights: Weights = (_, real) => tf.div(real, tf.maximum(tf.sum(real, 2, true), 1));

/** The softmax of `NAME`, D -> kernel, of the token in the middle, which is 0 where it is padding. */
function dynamicWeights(scope: Scope, name: string, hidden: number, kernel: number): Weights {
  const logits = scope.dense(name, hidden, kernel);
  return (y, real, grid) => {
    const middle = windowTokens(y, grid)[Math.floor((kernel - 1) / 2)] as Tensor3D;
    const bias = tf.reshape(paddingBias(tf.reshape(real, [-1, kernel])), real.shape);
    return tf.softmax(tf.add<Tensor3D>(logits(middle), bias));
  };
}
