/**
 * Linear Transformer: the softmax is replaced by a product of features, so that keys and values are summed once.
 *
 *     phi(x) = elu(x) + 1
 *     y_n = phi(q_n) (sum_m phi(k_m) v_m^T) / (phi(q_n) . sum_m phi(k_m) + 1e-6)         (equations 5 and 7)
 *
 * per head. Katharopoulos et al., section 3.2. Two relatives in circulation are options:
 *
 *     unnormalised:  Y = phi(Q) (phi(K)^T V) / sqrt(N)
 *     softmax:       Y = softmax_features(Q) / sqrt(d) (softmax_tokens(K)^T V)     (Shen et al., arXiv 1812.01243)
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture } from './contract.js';
import { addCosts, denseCost, productCost } from './layers/cost.js';
import { withGradient } from './layers/custom-gradient.js';
import { mergeHeads, splitHeads } from './layers/heads.js';
import {
  countedByHead,
  linearAttention,
  linearAttentionCost,
  zeroPadding,
} from './layers/linear-attention.js';
import { paddingBias } from './layers/masks.js';

/** Of the denominator, as in the authors' code: a row of padding alone gives 0. */
export const epsilon = 1e-6;

const options = z.strictObject({
  form: z
    .enum(['normalised', 'unnormalised', 'softmax'])
    .default('normalised')
    .describe(
      'normalised: elu + 1 and a denominator (paper); unnormalised: elu + 1, divided by the root of the length; softmax: queries over features, keys over tokens',
    ),
  bias: z.boolean().default(true).describe('query, key and value have a bias'),
  outputProjection: z.boolean().default(true).describe('a dense layer after the heads are joined'),
});

export const linear = {
  name: 'linear',
  title: 'Linear Transformer',
  citation: {
    authors: 'Katharopoulos, Vyas, Pappas and Fleuret',
    title: 'Transformers are RNNs: Fast Autoregressive Transformers with Linear Attention',
    year: 2020,
    url: 'https://arxiv.org/abs/2006.16236',
  },
  complexity: 'O(N·D²)',
  options,
  supports: {
    causal: false,
    crossAttention: false,
    lengthBoundAtBuild: false,
    permutationEquivariant: true,
  },
  deviations: [
    'no dropout on the attention weights, which do not exist here: the same dropout places for every architecture',
    'not causal: the paper is about both forms, this is the one of an encoder; a summarizer’s decoder may have the other (decoderAttention)',
  ],

  cost({ length, hidden, heads }, { form, bias, outputProjection }) {
    const size = hidden / heads;
    return addCosts(
      denseCost(length, hidden, hidden, outputProjection ? 4 : 3),
      { parameters: bias ? 0 : -3 * hidden },
      form === 'normalised'
        ? linearAttentionCost(length, heads, size, size)
        : addCosts(productCost(size, length, size, heads), productCost(length, size, size, heads)),
    );
  },

  create(scope, { hidden, heads }, { form, bias, outputProjection }) {
    const query = scope.dense('query', hidden, hidden, { bias });
    const key = scope.dense('key', hidden, hidden, { bias });
    const value = scope.dense('value', hidden, hidden, { bias });
    const output = outputProjection ? scope.dense('output', hidden, hidden) : null;
    const attend = forms[form];

    return (x, { mask }) => {
      const values = splitHeads(zeroPadding(value(x), mask), heads); // [B * H, N, d]
      const y = mergeHeads(attend(query(x), key(x), values, mask, heads), heads);
      return output === null ? y : output(y);
    };
  },
} satisfies Architecture<typeof options>;

/**
 * @param query - [B, N, D]
 * @param key - [B, N, D]
 * @param values - [B * H, N, d], 0 on padding, so that no padded key takes part
 * @returns [B * H, N, d]
 */
type Form = (query: Tensor3D, key: Tensor3D, values: Tensor3D, mask: Tensor2D, heads: number) => Tensor3D;

const normalised: Form = (query, key, values, mask, heads) => {
  const [q, k] = [splitHeads(eluFeatures(query), heads), splitHeads(eluFeatures(key), heads)];
  return linearAttention(q, k, values, countedByHead(mask, heads), epsilon);
};

/** N is the length of the batch, padding included. */
const unnormalised: Form = (query, key, values, _mask, heads) => {
  const [q, k] = [splitHeads(eluFeatures(query), heads), splitHeads(eluFeatures(key), heads)];
  const state = tf.mul<Tensor3D>(tf.matMul<Tensor3D>(k, values, true, false), 1 / Math.sqrt(key.shape[1]));
  return tf.matMul(q, state);
};

const softmax: Form = (query, key, values, mask, heads) => {
  const [batch, length, hidden] = query.shape;
  const size = hidden / heads;
  const q = tf.softmax(tf.reshape(query, [batch, length, heads, size])); // over features
  const bias = tf.reshape(paddingBias(mask), [batch, 1, length]);
  const k = tf.softmax(tf.add(tf.transpose(key, [0, 2, 1]), bias)); // over tokens: [B, D, N]
  const state = tf.matMul<Tensor3D>(tf.reshape(k, [batch * heads, size, length]), values);
  const perHead = splitHeads(tf.reshape(q, [batch, length, hidden]), heads);
  return tf.matMul(perHead, tf.mul<Tensor3D>(state, 1 / Math.sqrt(size)));
};

const forms: Readonly<Record<z.infer<typeof options>['form'], Form>> = { normalised, unnormalised, softmax };

/** phi(x) = elu(x) + 1, which is x + 1 above 0 and exp(x) below; its derivative is min(phi, 1). */
export function eluFeatures(x: Tensor3D): Tensor3D {
  return withGradient<Tensor3D>(
    [x],
    () => {
      const features = tf.add<Tensor3D>(tf.elu(x), 1);
      return { value: features, saved: [features] };
    },
    (dy, saved) => {
      const [features] = saved as [Tensor3D];
      return [tf.mul(dy, tf.minimum(features, 1))];
    },
  );
}
