/**
 * Tokens to one global vector, [B, N, D] -> [B, 1, D]: by additive attention as in Fastformer, or by the mean or the
 * maximum, which the paper holds it against.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Cost, Sizes } from '../contract.js';
import type { Scope } from '../scope.js';
import { additiveAttentionCost, createScore, headPooling } from './additive-attention.js';
import type { ScoreOptions } from './additive-attention.js';
import { productCost } from './cost.js';
import { withGradient } from './custom-gradient.js';

export interface GlobalPoolingOptions extends ScoreOptions {
  readonly pooling: 'additive' | 'mean' | 'max';
}

/** @param bias - of `paddingBias`, [B, N] */
type GlobalPooling = (x: Tensor3D, bias: Tensor2D) => Tensor3D;

/** @param name - of the scores' parameters; the mean and the maximum have none */
export function createGlobalPooling(
  scope: Scope,
  name: string,
  sizes: Sizes,
  options: GlobalPoolingOptions,
): GlobalPooling {
  if (options.pooling === 'mean') return meanOfTokens;
  if (options.pooling === 'max') return maxOfTokens;
  const score = createScore(scope, name, sizes, options);
  return (x, bias) => headPooling(score(x), x, bias);
}

export function globalPoolingCost(sizes: Sizes, options: GlobalPoolingOptions): Partial<Cost> {
  if (options.pooling === 'max') return {};
  if (options.pooling === 'mean') return productCost(1, sizes.length, sizes.hidden);
  return additiveAttentionCost(sizes, options);
}

/** The mean over real tokens: the softmax of the bias alone weighs them equally. */
const meanOfTokens: GlobalPooling = (x, bias) => {
  const [batch, length] = bias.shape;
  return tf.matMul(tf.reshape(tf.softmax(bias), [batch, 1, length]), x);
};

/** The maximum over real tokens of each feature; where several tokens have it, they share its gradient equally. */
const maxOfTokens: GlobalPooling = (x, bias) => {
  const [batch, length] = bias.shape;
  const places = tf.reshape<tf.Rank.R3>(bias, [batch, length, 1]);
  return withGradient<Tensor3D>(
    [x],
    () => {
      const value = tf.max<Tensor3D>(tf.add(x, places), 1, true);
      return { value, saved: [x, places, value] };
    },
    (dy, saved) => {
      const [tokens, added, most] = saved as [Tensor3D, Tensor3D, Tensor3D];
      const chosen = tf.cast(tf.equal(tf.add(tokens, added), most), 'float32');
      return [tf.mul(chosen, tf.div(dy, tf.sum(chosen, 1, true)))];
    },
  );
};
