/**
 * Fastformer: additive attention sums the tokens to one global query, then to one global key.
 *
 *     q = W_q x,  k = W_k x,  v = q
 *     alpha = softmax_n(s_q(q) / sqrt(d)),   g = sum_n alpha_n q_n          (equations 3 and 4)
 *     p_n = g * k_n
 *     beta  = softmax_n(s_k(p) / sqrt(d)),   e = sum_n beta_n p_n           (equations 5 and 6)
 *     y_n = W_t (e * v_n) + q_n
 *
 * all per head; s_q and s_k give one score a head and token. Wu et al., section 3.1. The options vary one part each, as
 * the paper's figures 3 and 4 do.
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture } from './contract.js';
import { addCosts, denseCost } from './layers/cost.js';
import { createGlobalPooling, globalPoolingCost } from './layers/global-pooling.js';
import { denseOfHeads, denseOfHeadsCost } from './layers/heads.js';
import { createInteraction, interactionCost, interactionNames } from './layers/interactions.js';
import { paddingBias } from './layers/masks.js';

const options = z.strictObject({
  pooling: z
    .enum(['additive', 'mean', 'max'])
    .default('additive')
    .describe('how tokens become one global vector: additive attention, or their mean or maximum'),
  interaction: z
    .enum(interactionNames)
    .default('product')
    .describe('how the global query meets each key, and the global key each value'),
  shareQueryValue: z.boolean().default(true).describe('v = q; false gives values a dense layer of their own'),
  shareHeads: z
    .boolean()
    .default(false)
    .describe('one score and one transform [d, d] for all heads ("head-wise sharing")'),
  logits: z
    .enum(['whole', 'head'])
    .default('whole')
    .describe('what a head scores: the whole vector, with a bias (official code), or its own slice (paper)'),
  residual: z.enum(['query', 'none']).default('query').describe('what is added after the transform'),
  outputProjection: z
    .boolean()
    .default(true)
    .describe('a dense layer after the mixer: true in the official code, false in the paper'),
});

export const fastformer = {
  name: 'fastformer',
  title: 'Fastformer',
  citation: {
    authors: 'Wu, Wu, Qi, Huang and Xie',
    title: 'Fastformer: Additive Attention Can Be All You Need',
    year: 2021,
    url: 'https://arxiv.org/abs/2108.09084',
  },
  complexity: 'O(N·D)',
  options,
  supports: {
    causal: false,
    crossAttention: false,
    lengthBoundAtBuild: false,
    permutationEquivariant: true,
  },
  deviations: [
    'defaults are the official code: each head scores the whole vector and a dense layer follows; logits=head and outputProjection=false are the paper',
    'layers have their own weights, as in the official code; the paper shares them (shareLayers of the encoder)',
    'interaction=concatenate: the paper does not say how the concatenated vector is brought back to D; here by a dense layer [2D, D]. mlp and gated are not in the paper',
    'shareHeads: the paper does not say which weights heads share; here the scores and the transform, since heads with one query and key map would be equal',
  ],

  cost(sizes, { pooling, interaction, shareQueryValue, shareHeads, logits, outputProjection }) {
    const { length, hidden } = sizes;
    const pool = globalPoolingCost(sizes, { pooling, logits, shareHeads });
    const meet = interactionCost(sizes, interaction);
    const transform = shareHeads ? denseOfHeadsCost(sizes) : denseCost(length, hidden, hidden);
    const others = 2 + (shareQueryValue ? 0 : 1) + (outputProjection ? 1 : 0);
    return addCosts(denseCost(length, hidden, hidden, others), pool, meet, pool, meet, transform);
  },

  create(scope, sizes, settings) {
    const { hidden, heads } = sizes;
    const query = scope.dense('query', hidden, hidden);
    const poolQueries = createGlobalPooling(scope, 'query_att', sizes, settings);
    const key = scope.dense('key', hidden, hidden);
    const meetKeys = createInteraction(scope, 'key_interaction', hidden, settings.interaction);
    const poolKeys = createGlobalPooling(scope, 'key_att', sizes, settings);
    const value = settings.shareQueryValue ? null : scope.dense('value', hidden, hidden);
    const meetValues = createInteraction(scope, 'value_interaction', hidden, settings.interaction);
    const transform = settings.shareHeads
      ? denseOfHeads(scope, 'transform', hidden / heads)
      : scope.dense('transform', hidden, hidden);
    const output = settings.outputProjection ? scope.dense('output', hidden, hidden) : null;

    return (x, { mask }) => {
      const bias = paddingBias(mask);
      const q = query(x); // [B, N, D]
      const p = meetKeys(key(x), poolQueries(q, bias));
      const u = meetValues(value === null ? q : value(x), poolKeys(p, bias));
      const r = transform(u);
      const y = settings.residual === 'query' ? tf.add<Tensor3D>(r, q) : r;
      return output === null ? y : output(y);
    };
  },
} satisfies Architecture<typeof options>;
