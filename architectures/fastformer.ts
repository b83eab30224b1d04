/**
 * Fastformer: additive attention sums the tokens to one global query, then to one global key.
 *
 *     q = W_q x,  k = W_k x,  v = q
 *     alpha = softmax_n(s_q(q) / sqrt(d)),   g = sum_n alpha_n q_n          (equations 3 and 4)
 *     p_n = g * k_n
 *     beta  = softmax_n(s_k(p) / sqrt(d)),   e = sum_n beta_n p_n           (equations 5 and 6)
 *     y_n = W_t (e * v_n) + q_n
 *
 * all per head; s_q and s_k give one score a head and token. Wu et al., section 3.1.
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture } from './contract.js';
import { headPooling, scaleTokens } from './layers/additive-attention.js';
import { denseCost } from './layers/cost.js';
import { dense } from './layers/dense.js';
import { headSelector } from './layers/heads.js';
import { paddingBias } from './layers/masks.js';
import type { Scope } from './scope.js';

const options = z.strictObject({
  logits: z
    .enum(['whole', 'head'])
    .default('whole')
    .describe('what a head scores: the whole vector, with a bias (official code), or its own slice (paper)'),
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
  ],

  cost({ length, hidden, heads }, { logits, outputProjection }) {
    const dense = denseCost(length, hidden, hidden, outputProjection ? 4 : 3);
    const score = denseCost(length, hidden, heads, 2);
    return {
      parameters: dense.parameters + (logits === 'whole' ? score.parameters : 2 * hidden),
      multiplyAdds: dense.multiplyAdds + score.multiplyAdds + 2 * length * heads * hidden,
      activationBytes: 4 * (5 * length * hidden + 2 * length * heads),
    };
  },

  create(scope, { hidden, heads }, { logits, outputProjection }) {
    const score = logits === 'whole' ? wholeScore : headScore;
    const query = scope.dense('query', hidden, hidden);
    const queryScore = score(scope, 'query_att', hidden, heads);
    const key = scope.dense('key', hidden, hidden);
    const keyScore = score(scope, 'key_att', hidden, heads);
    const transform = scope.dense('transform', hidden, hidden);
    const output = outputProjection ? scope.dense('output', hidden, hidden) : null;

    return (x, { mask }) => {
      const bias = paddingBias(mask);
      const pool = (scores: Tensor3D, tokens: Tensor3D) => headPooling(scores, tokens, bias); // [B, 1, D]
      const q = query(x); // [B, N, D]
      const p = scaleTokens(key(x), pool(queryScore(q), q));
      const u = scaleTokens(q, pool(keyScore(p), p));
      const y = tf.add<Tensor3D>(transform(u), q);
      return output === null ? y : output(y);
    };
  },
} satisfies Architecture<typeof options>;

/** Scores of each head and token, [B, N, D] -> [B, N, H], divided by sqrt(d). */
type Score = (x: Tensor3D) => Tensor3D;

/** Every head sees all D features: `NAME.kernel` [D, H] and `NAME.bias` [H]. */
function wholeScore(scope: Scope, name: string, hidden: number, heads: number): Score {
  const score = scope.dense(name, hidden, heads);
  return (x) => tf.mul(score(x), Math.sqrt(heads / hidden));
}

/** A head sees its own d features: `NAME.kernel` [D], head h's vector at h * d; no bias. */
function headScore(scope: Scope, name: string, hidden: number, heads: number): Score {
  const vectors = scope.parameter(`${name}.kernel`, [hidden]);
  return (x) => {
    const kernel: Tensor = tf.mul(
      tf.reshape(vectors, [hidden, 1]),
      tf.transpose(headSelector(hidden, heads)),
    );
    return tf.mul(dense(x, kernel, null), Math.sqrt(heads / hidden));
  };
}
