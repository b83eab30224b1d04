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

/** One score a head, or one for all heads: H is then 1. All divided by sqrt(d). */
export interface Score {
  /** [B, N, D] -> [B, N, H] */
  readonly of: (x: Tensor3D) => Tensor3D;
  /** The matrix that `of` multiplies by, [D, H]. */
  readonly kernel: () => Tensor2D;
}

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
  const scaled = <T extends Tensor>(x: T): T => tf.mul<T>(x, Math.sqrt(heads / hidden));
  if (options.logits === 'whole') {
    const { kernel, bias } = scope.denseParameters(name, hidden, options.shareHeads ? 1 : heads);
    const matrix = () => scaled(kernel as Tensor as Tensor2D);
    return { of: (x) => dense(x, matrix(), scaled<Tensor>(bias)), kernel: matrix };
  }
  const vectors = scope.parameter(`${name}.kernel`, [options.shareHeads ? hidden / heads : hidden]);
  const matrix = (): Tensor2D => {
    const own: Tensor = options.shareHeads ? tf.tile(vectors, [heads]) : vectors;
    return scaled(tf.mul(tf.reshape(own, [hidden, 1]), tf.transpose(headSelector(hidden, heads))));
  };
  return { of: (x) => dense(x, matrix(), null), kernel: matrix };
}

/** Of the scores and of the sum that they weigh. */
export function additiveAttentionCost(sizes: Sizes, options: ScoreOptions): Cost {
  const { length, hidden } = sizes;
  const scored = scoresOf(sizes, options);
  return addCosts(scoreCost(sizes, options), productCost(scored, length, hidden));
}

/** Of the scores of `length` tokens, and their parameters. */
export function scoreCost({ length, hidden, heads }: Sizes, options: ScoreOptions): Cost {
  const score = denseCost(length, hidden, scoresOf({ heads }, options));
  const vectors = options.shareHeads ? hidden / heads : hidden;
  return { ...score, parameters: options.logits === 'whole' ? score.parameters : vectors };
}

/** How many scores a token has. */
export const scoresOf = ({ heads }: Pick<Sizes, 'heads'>, { logits, shareHeads }: ScoreOptions): number =>
  logits === 'whole' && shareHeads ? 1 : heads;

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
  const [batch, length] = logits.shape;
  const scores = tf.add(tf.transpose(logits, [0, 2, 1]), tf.reshape(bias, [batch, 1, length]));
  return ownSlices(tf.matMul(tf.softmax(scores), tokens));
}

/** Of each head's sum of all features its own slice: [B, H, D], or [B, 1, D] from one score for all, -> [B, 1, D]. */
export function ownSlices(sums: Tensor3D): Tensor3D {
  const [, heads, hidden] = sums.shape;
  return tf.sum(tf.mul(sums, headSelector(hidden, heads)), 1, true);
}
