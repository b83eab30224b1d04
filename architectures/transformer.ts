/**
 * Transformer: softmax attention of every token to every token.
 *
 *     head_h = softmax(Q_h K_h^T / sqrt(d)) V_h,   y = concat(head_1 .. head_H) W_O
 *
 * Vaswani et al., "Attention Is All You Need", section 3.2.
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture } from './contract.js';
import { addCosts, denseCost, productCost } from './layers/cost.js';
import { mergeHeads, splitHeads } from './layers/heads.js';
import { biasOfKeys } from './layers/masks.js';
import { softmaxAttention } from './layers/softmax-attention.js';

const options = z.strictObject({
  attention: z
    .enum(['sliced', 'textbook'])
    .default('sliced')
    .describe('one function, two ways: N x N weights a slice at a time and computed again, or all kept'),
  outputProjection: z.boolean().default(true).describe('a dense layer W_O after the heads are joined'),
});

export const transformer = {
  name: 'transformer',
  title: 'Transformer',
  citation: {
    authors: 'Vaswani et al.',
    title: 'Attention Is All You Need',
    year: 2017,
    url: 'https://arxiv.org/abs/1706.03762',
  },
  complexity: 'O(N²·D)',
  options,
  supports: {
    causal: false,
    crossAttention: false,
    lengthBoundAtBuild: false,
    permutationEquivariant: true,
  },
  deviations: ['no dropout on the attention weights: the same dropout places for every architecture'],

  cost({ length, hidden, heads }, { attention, outputProjection }) {
    const size = hidden / heads;
    // Sliced, the padding bias rides along as one more feature of the scores.
    const features = attention === 'sliced' ? size + 1 : size;
    return addCosts(
      denseCost(length, hidden, hidden, outputProjection ? 4 : 3),
      productCost(length, features, length, heads),
      productCost(length, length, size, heads),
    );
  },

  create(scope, { hidden, heads }, { attention, outputProjection }) {
    const query = scope.dense('query', hidden, hidden);
    const key = scope.dense('key', hidden, hidden);
    const value = scope.dense('value', hidden, hidden);
    const output = outputProjection ? scope.dense('output', hidden, hidden) : null;
    const attend = attention === 'sliced' ? softmaxAttention : textbookAttention;

    return (x, { mask }) => {
      const context = attend(
        splitHeads(query(x), heads), // [B * H, N, d]
        splitHeads(key(x), heads),
        splitHeads(value(x), heads),
        biasOfKeys(mask, heads),
      );
      const merged = mergeHeads(context, heads); // [B, N, D]
      return output === null ? merged : output(merged);
    };
  },
} satisfies Architecture<typeof options>;

/** What `softmaxAttention` computes, operation by operation: the tape keeps all N x N weights until the step has ended. */
const textbookAttention: typeof softmaxAttention = (query, key, value, keyBias) => {
  const scores = tf.div<Tensor3D>(tf.matMul(query, key, false, true), Math.sqrt(query.shape[2]));
  const weights = tf.softmax(tf.add<Tensor3D>(scores, tf.transpose(keyBias, [0, 2, 1])));
  return tf.matMul(weights, value);
};
