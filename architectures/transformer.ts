/**
 * Transformer: softmax attention of every token to every token.
 *
 *     head_h = softmax(Q_h K_h^T / sqrt(d)) V_h,   y = concat(head_1 .. head_H) W_O
 *
 * Vaswani et al., "Attention Is All You Need", section 3.2.
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture } from './contract.js';
import { denseCost } from './layers/cost.js';
import { mergeHeads, splitHeads } from './layers/heads.js';
import { paddingBias } from './layers/masks.js';
import { softmaxAttention } from './layers/softmax-attention.js';

const options = z.strictObject({
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

  cost({ length, hidden, heads }, { outputProjection }) {
    const projections = denseCost(length, hidden, hidden, outputProjection ? 4 : 3);
    return {
      parameters: projections.parameters,
      // Scores and weighted values; the padding bias rides along as one more feature a head.
      multiplyAdds: projections.multiplyAdds + length * length * (2 * hidden + heads),
      activationBytes: 4 * (4 * length * hidden + heads * length * length),
    };
  },

  create(scope, { hidden, heads }, { outputProjection }) {
    const query = scope.dense('query', hidden, hidden);
    const key = scope.dense('key', hidden, hidden);
    const value = scope.dense('value', hidden, hidden);
    const output = outputProjection ? scope.dense('output', hidden, hidden) : null;

    return (x, { mask }) => {
      const bias = biasOfKeys(mask, heads);
      const context = softmaxAttention(
        splitHeads(query(x), heads), // [B * H, N, d]
        splitHeads(key(x), heads),
        splitHeads(value(x), heads),
        bias,
      );
      const merged = mergeHeads(context, heads); // [B, N, D]
      return output === null ? merged : output(merged);
    };
  },
} satisfies Architecture<typeof options>;

/** The padding bias of each key, the same for all heads of a sequence: [B * H, N, 1]. */
function biasOfKeys(mask: Tensor2D, heads: number): Tensor3D {
  const [batch, length] = mask.shape;
  const bias = tf.reshape(paddingBias(mask), [batch, 1, length]);
  return tf.reshape(tf.tile(bias, [1, heads, 1]), [batch * heads, length, 1]);
}
