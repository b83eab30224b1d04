/**
 * Tokens to one global vector, [B, N, D] -> [B, 1, D]: by additive attention as in Fastformer, or by the mean or the
 * maximum, which the paper holds it against.
 *
 * What is pooled is often a map of the tokens, z_n = g * (W x_n + b). A weighted sum of it is the map of the weighted sum,
 * since weights add up to 1, and a score of it is one of x_n:
 *
 *     sum_n a_n z_n = g * (W (sum_n a_n x_n) + b),   s . z_n + c = (W^T (g * s)) . x_n + s . (g * b) + c
 *
 * So z is needed for no token: each head reads the tokens themselves with the query W^T (g * s). Of a maximum this is not
 * true.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Cost, Sizes } from '../contract.js';
import type { Scope } from '../scope.js';
import {
  additiveAttentionCost,
  createScore,
  headPooling,
  ownSlices,
  scoreCost,
  scoresOf,
} from './additive-attention.js';
import type { Score, ScoreOptions } from './additive-attention.js';
import { addCosts, productCost } from './cost.js';
import { withGradient } from './custom-gradient.js';
import { dense } from './dense.js';
import { readTokens, readTokensCost } from './read-tokens.js';
import { forEachText, fromRows, toRows } from './rows.js';

export interface GlobalPoolingOptions extends ScoreOptions {
  readonly pooling: 'additive' | 'mean' | 'max';
}

/** z = g * (x W + b) */
export interface TokenMap {
  /** W, [D, D] */
  readonly kernel: Tensor;
  /** b, [D] */
  readonly bias: Tensor;
  /** g, [B, 1, D]; null = 1 */
  readonly gate: Tensor3D | null;
}

/** Gives the global vector, [B, 1, D]; the bias is that of `paddingBias`, [B, N]. */
export interface GlobalPooling {
  /** Of the tokens as they are. */
  readonly of: (x: Tensor3D, bias: Tensor2D) => Tensor3D;
  /** Of a map of the tokens, which no token is put through where there is a way round that. */
  readonly ofMap: (x: Tensor3D, map: TokenMap, bias: Tensor2D) => Tensor3D;
}

/** @param name - of the scores' parameters; the mean and the maximum have none */
export function createGlobalPooling(
  scope: Scope,
  name: string,
  sizes: Sizes,
  options: GlobalPoolingOptions,
): GlobalPooling {
  if (options.pooling === 'max')
    return { of: maxOfTokens, ofMap: (x, map, bias) => maxOfTokens(mapped(x, map), bias) };
  if (options.pooling === 'mean')
    return { of: meanOfTokens, ofMap: (x, map, bias) => mapped(meanOfTokens(x, bias), map) };
  const score = createScore(scope, name, sizes, options);
  return {
    of: (x, bias) => headPooling(score.of(x), x, bias),
    ofMap: (x, map, bias) => ownSlices(mapped(readMapped(x, map, score, bias), map)),
  };
}

const mapped = (x: Tensor3D, { kernel, bias, gate }: TokenMap): Tensor3D =>
  gated(dense(x, kernel, bias), gate);

const gated = (y: Tensor3D, gate: Tensor3D | null): Tensor3D => (gate === null ? y : tf.mul(y, gate));

/** Each head's weighted sum of the tokens, whose weights are by the scores of z: [B, H, D]. */
function readMapped(
  x: Tensor3D,
  { kernel, bias, gate }: TokenMap,
  score: Score,
  padding: Tensor2D,
): Tensor3D {
  const vectors = gated(tf.expandDims(tf.transpose(score.kernel()), 0), gate); // g * s of each head, [1 or B, H, D]
  const zero = gated(tf.reshape(bias, [1, 1, -1]), gate); // z of a token of zeros
  const queries = fromRows(tf.matMul(toRows(vectors), kernel as Tensor2D, false, true), vectors);
  const offsets = tf.transpose<Tensor3D>(score.of(zero), [0, 2, 1]); // [B, H, 1]
  const [batch] = x.shape;
  return readTokens(forEachText(queries, batch), forEachText(offsets, batch), x, padding);
}

/** Of `ofMap` but of the maximum. */
export function mappedPoolingCost(sizes: Sizes, options: GlobalPoolingOptions): Cost {
  const { length, hidden } = sizes;
  if (options.pooling === 'mean')
    return addCosts(productCost(1, length, hidden), productCost(1, hidden, hidden));
  const scored = scoresOf(sizes, options);
  return addCosts(
    scoreCost({ ...sizes, length: 1 }, options),
    productCost(scored, hidden, hidden, 2), // The queries, and what they read put through the map.
    readTokensCost(scored, length, hidden),
  );
}

/** Of `of`. */
export function globalPoolingCost(sizes: Sizes, options: GlobalPoolingOptions): Partial<Cost> {
  if (options.pooling === 'max') return {};
  if (options.pooling === 'mean') return productCost(1, sizes.length, sizes.hidden);
  return additiveAttentionCost(sizes, options);
}

/** The mean over real tokens: the softmax of the bias alone weighs them equally. */
const meanOfTokens: GlobalPooling['of'] = (x, bias) => {
  const [batch, length] = bias.shape;
  return tf.matMul(tf.reshape(tf.softmax(bias), [batch, 1, length]), x);
};

/** The maximum over real tokens of each feature; where several tokens have it, they share its gradient equally. */
const maxOfTokens: GlobalPooling['of'] = (x, bias) => {
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
