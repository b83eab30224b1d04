/**
 * Additive attention: one score a head and token, and each head's weighted sum of the tokens (equations 3 and 4 of
 * Fastformer). In a few large products, without moving heads to an axis of their own.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Cost, Sizes } from '../contract.js';
import type { Scope } from '../scope.js';
import { addCosts, denseCost, productCost } from './cost.js';
import { dense } from './dense.js';
import { headSelector } from './heads.js';

export interface ScoreOptions {
  /** Each head scores the whole vector, with a bias, or its own slice of it, without. */
  readonly logits: 'whole' | 'head';
  /** One vector of weights for all heads. */
  readonly shareHeads: boolean;
}

/** Scores divided by sqrt(d), [B, N, D] -> [B, N, H], or [B, N, 1] where one score is that of all heads. */
type Score = (x: Tensor3D) => Tensor3D;

/**
 * | logits | shareHeads | parameters |
 * |---|---|---|
 * | whole | no | `NAME.kernel` [D, H], `NAME.bias` [H] |
 * | whole | yes | `NAME.kernel` [D, 1], `NAME.bias` [1] |
 * | head | no | `NAME.kernel` [D], head h's vector at h * d |
 * | head | yes | `NAME.kernel` [d] |
 */
export function createScore(scope: Scope, name: string, sizes: Sizes, options: ScoreOptions): Score {
  const { hidden, heads } = sizes;
  const scale = Math.sqrt(heads / hidden);
  if (options.logits === 'whole') {
    const score = scope.dense(name, hidden, options.shareHeads ? 1 : heads);
    return (x) => tf.mul(score(x), scale);
  }
  const vectors = scope.parameter(`${name}.kernel`, [options.shareHeads ? hidden / heads : hidden]);
  return (x) => {
    const own: Tensor = options.shareHeads ? tf.tile(vectors, [heads]) : vectors;
    const kernel: Tensor = tf.mul(tf.reshape(own, [hidden, 1]), tf.transpose(headSelector(hidden, heads)));
    return tf.mul(dense(x, kernel, null), scale);
  };
}

/** Of the scores and of the sum that they weigh. */
export function additiveAttentionCost({ length, hidden, heads }: Sizes, options: ScoreOptions): Cost {
  const scored = options.logits === 'whole' && options.shareHeads ? 1 : heads;
  const score = denseCost(length, hidden, scored);
  const vectors = options.shareHeads ? hidden / heads : hidden;
  return addCosts(
    { ...score, parameters: options.logits === 'whole' ? score.parameters : vectors },
    productCost(scored, length, hidden),
  );
}

/**
 * Each head's weighted sum of its own slice of the tokens.
 *
 * All heads weigh all D features in one product, [B, H, N] . [B, N, D], and each keeps its own slice: H times the
 * multiply-adds of the sum itself, still small beside a dense layer, and no transposed copy of the tokens.
 *
 * @param logits - one score a head and token, [B, N, H]
 * @param tokens - [B, N, D]
 * @param bias - added to the scores of each token, [B, N]; a constant
 * @returns the global vector, [B, 1, D]
 */
export function headPooling(logits: Tensor3D, tokens: Tensor3D, bias: Tensor2D): Tensor3D {
  const [batch, length, heads] = logits.shape;
  const scores = tf.add(tf.transpose(logits, [0, 2, 1]), tf.reshape(bias, [batch, 1, length]));
  const sums = tf.matMul(tf.softmax(scores), tokens); // [B, H, D]
  const own = tf.mul(sums, headSelector(tokens.shape[2], heads));
  return tf.sum(own, 1, true);
}
