/**
 * How one global vector g [B, 1, D] meets every token x_n [B, N, D]; figure 3 of the Fastformer paper compares the
 * first three.
 *
 *     product:      y_n = g * x_n
 *     add:          y_n = g + x_n
 *     concatenate:  y_n = W [x_n, g] + b
 *     mlp:          y_n = W_2 gelu(W [x_n, g] + b) + b_2
 *     gated:        y_n = s * x_n + (1 - s) * g   with s = sigmoid(W [x_n, g] + b)
 *
 * W [x_n, g] is computed as W_x x_n + W_g g, so that g is multiplied once and not for every token.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Cost, Sizes } from '../contract.js';
import type { Scope } from '../scope.js';
import { addCosts, denseCost } from './cost.js';
import { withGradient } from './custom-gradient.js';
import { gelu } from './gelu.js';

export const interactionNames = ['product', 'add', 'concatenate', 'mlp', 'gated'] as const;
export type InteractionName = (typeof interactionNames)[number];

/** [B, N, D], [B, 1, D] -> [B, N, D] */
type Interaction = (x: Tensor3D, g: Tensor3D) => Tensor3D;

/** @param name - of the parameters: `NAME_token` [D, D] + bias, `NAME_global` [D, D], `NAME_out` [D, D] + bias of `mlp` */
export function createInteraction(
  scope: Scope,
  name: string,
  hidden: number,
  kind: InteractionName,
): Interaction {
  if (kind === 'product') return scaleTokens;
  if (kind === 'add') return shiftTokens;
  const token = scope.dense(`${name}_token`, hidden, hidden);
  const global = scope.dense(`${name}_global`, hidden, hidden, { bias: false });
  const joint: Interaction = (x, g) => shiftTokens(token(x), global(g));
  if (kind === 'concatenate') return joint;
  if (kind === 'mlp') {
    const out = scope.dense(`${name}_out`, hidden, hidden);
    return (x, g) => out(gelu(joint(x, g)));
  }
  return (x, g) => {
    const gate = tf.sigmoid(joint(x, g));
    const difference = shiftTokens(x, tf.neg(g));
    return shiftTokens(tf.mul(gate, difference), g);
  };
}

export function interactionCost({ length, hidden }: Sizes, kind: InteractionName): Partial<Cost> {
  if (kind === 'product' || kind === 'add') return {};
  const global = denseCost(1, hidden, hidden);
  return addCosts(denseCost(length, hidden, hidden, kind === 'mlp' ? 2 : 1), {
    ...global,
    parameters: hidden * hidden,
  });
}

/** x * g. dg is the sum over tokens of dy * x. */
export const scaleTokens: Interaction = (x, g) =>
  withGradient<Tensor3D>(
    [x, g],
    () => ({ value: tf.mul<Tensor3D>(x, g), saved: [x, g] }),
    (dy, saved) => {
      const [tokens, vector] = saved as [Tensor3D, Tensor3D];
      return [tf.mul(dy, vector), sumTokens(tf.mul(dy, tokens))];
    },
  );

/** x + g. dg is the sum over tokens of dy. */
export const shiftTokens: Interaction = (x, g) =>
  withGradient<Tensor3D>(
    [x, g],
    () => ({ value: tf.add<Tensor3D>(x, g), saved: [] }),
    (dy) => [dy, sumTokens(dy)],
  );

/** [B, N, D] -> [B, 1, D], as a product with a row of ones: faster than `tf.sum` over an axis that is not the last. */
function sumTokens(x: Tensor3D): Tensor3D {
  const ones: Tensor3D = tf.ones([x.shape[0], 1, x.shape[1]]);
  return tf.matMul(ones, x);
}
