/** Attention pooling: [B, N, D] tokens to one vector [B, D]. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Scope } from '../scope.js';
import { paddingBias } from './masks.js';

export type TokenPooling = (x: Tensor3D, mask: Tensor2D) => Tensor2D;

/**
 * a = softmax_n(s(x)), y = sum_n a_n x_n, over real tokens; a row of padding alone gives 0.
 *
 * @param kind - s(x) = w . tanh(W x + b) + c (`additive`: the paper, parameters pool_fc1 and pool_fc2), or w . x + c (`linear`)
 */
export function createTokenPooling(scope: Scope, hidden: number, kind: 'additive' | 'linear'): TokenPooling {
  const inner = kind === 'additive' ? scope.dense('pool_fc1', hidden, hidden) : null;
  const outer = scope.dense('pool_fc2', hidden, 1);
  return (x, mask) => {
    const [batch, length] = x.shape;
    const scores = outer(inner === null ? x : tf.tanh(inner(x))); // [B, N, 1]
    const flat = tf.add(tf.reshape(scores, [batch, length]), paddingBias(mask));
    const weights = tf.mul(tf.softmax(flat), mask);
    return tf.reshape(tf.matMul(tf.reshape(weights, [batch, 1, length]), x), [batch, hidden]);
  };
}
