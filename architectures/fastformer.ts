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
 *
 * As written, that is four products [D, D] a token, with the dense layer that follows. But q, k and p only meet sums of
 * tokens, and a weighted sum of W x_n is W times that of x_n (`global-pooling.ts`): no key is needed. And once e is known,
 * y is an affine map of x, the same for all tokens of a text: one matrix (`one-matrix.ts`), worth its making from D tokens
 * on. So a long text costs one product [D, D] a token. form=textbook is as written; the function is the same.
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture, Sizes } from './contract.js';
import { addCosts, denseCost, productCost } from './layers/cost.js';
import { dense } from './layers/dense.js';
import { createGlobalPooling, globalPoolingCost, mappedPoolingCost } from './layers/global-pooling.js';
import { denseOfHeads, denseOfHeadsCost } from './layers/heads.js';
import { createInteraction, interactionCost, interactionNames } from './layers/interactions.js';
import { paddingBias } from './layers/masks.js';
import { applyImages, imagesOfDense } from './layers/one-matrix.js';

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
  form: z
    .enum(['pooled', 'textbook'])
    .default('pooled')
    .describe(
      'one function, two ways: products are made after the sums over tokens where that is less work, or for every token',
    ),
});

type Options = z.infer<typeof options>;

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
    'form=pooled makes products in another order than the official code, and fewer: times of the code as published are those of form=textbook',
    'shareHeads: the paper does not say which weights heads share; here the scores and the transform, since heads with one query and key map would be equal',
  ],

  cost(sizes, settings) {
    const { hidden, length } = sizes;
    const { sumsFirst, oneMatrix } = orderOf(length, sizes, settings);
    const rows = oneMatrix ? hidden + 1 : length;
    const pool = sumsFirst ? mappedPoolingCost(sizes, settings) : globalPoolingCost(sizes, settings);
    const meet = interactionCost(sizes, settings.interaction);
    const transform = settings.shareHeads
      ? denseOfHeadsCost({ ...sizes, length: rows })
      : denseCost(rows, hidden, hidden);
    return addCosts(
      denseCost(oneMatrix ? 0 : length, hidden, hidden, settings.shareQueryValue ? 1 : 2), // Queries and values.
      denseCost(sumsFirst ? 0 : length, hidden, hidden), // Keys.
      ...[pool, pool, meet, meet, transform],
      settings.outputProjection ? denseCost(rows, hidden, hidden) : {},
      oneMatrix ? productCost(length, hidden, hidden) : {},
    );
  },

  create(scope, sizes, settings) {
    const { hidden, heads } = sizes;
    const query = scope.denseParameters('query', hidden, hidden);
    const poolQueries = createGlobalPooling(scope, 'query_att', sizes, settings);
    const key = scope.denseParameters('key', hidden, hidden);
    const meetKeys = createInteraction(scope, 'key_interaction', hidden, settings.interaction);
    const poolKeys = createGlobalPooling(scope, 'key_att', sizes, settings);
    const value = settings.shareQueryValue ? query : scope.denseParameters('value', hidden, hidden);
    const meetValues = createInteraction(scope, 'value_interaction', hidden, settings.interaction);
    const transform = settings.shareHeads
      ? denseOfHeads(scope, 'transform', hidden / heads)
      : scope.dense('transform', hidden, hidden);
    const output = settings.outputProjection ? scope.dense('output', hidden, hidden) : null;
    const join = (q: Tensor3D, v: Tensor3D, e: Tensor3D): Tensor3D => {
      const r = transform(meetValues(v, e));
      const y = settings.residual === 'query' ? tf.add<Tensor3D>(r, q) : r;
      return output === null ? y : output(y);
    };

    return (x, { mask }) => {
      const [batch, length] = x.shape;
      const bias = paddingBias(mask);
      const { sumsFirst, oneMatrix } = orderOf(length, sizes, settings);
      const keyOfSums = () =>
        poolKeys.ofMap(x, { ...key, gate: poolQueries.ofMap(x, { ...query, gate: null }, bias) }, bias);
      if (oneMatrix) {
        const q = imagesOfDense(query, batch); // [B, D + 1, D]
        return applyImages(x, join(q, value === query ? q : imagesOfDense(value, batch), keyOfSums()));
      }
      const q = dense(x, query.kernel, query.bias); // [B, N, D]
      const v = value === query ? q : dense(x, value.kernel, value.bias);
      const keyOfTokens = () =>
        poolKeys.of(meetKeys(dense(x, key.kernel, key.bias), poolQueries.of(q, bias)), bias);
      return join(q, v, sumsFirst ? keyOfSums() : keyOfTokens());
    };
  },
} satisfies Architecture<typeof options>;

/** In which order products are made, and so how many. */
interface Order {
  /** The global vectors by sums over the tokens themselves: no key of any token. */
  readonly sumsFirst: boolean;
  /** All that follows as one matrix a text: no query and value of any token. */
  readonly oneMatrix: boolean;
}

/**
 * Sums first take 3 H products [1, D] [D, D] a text in place of one a token; a bit more than that, for what is done beside
 * products, must be saved. One matrix takes 2 (D + 1) a text and one a token in place of three a token.
 */
function orderOf(length: number, { hidden, heads }: Sizes, { form, interaction, pooling }: Options): Order {
  const sumsFirst =
    form === 'pooled' && interaction === 'product' && pooling !== 'max' && length >= 4 * heads;
  return { sumsFirst, oneMatrix: sumsFirst && length >= hidden };
}
