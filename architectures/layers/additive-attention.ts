/**
 * The steps of additive attention that Fastformer repeats: tokens are weighed per head, summed to one global vector, and
 * that vector scales every token. All in a few large products, without moving heads to an axis of their own.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';
import { headSelector } from './heads.js';

/**
 * Each head's weighted sum of its own slice of the tokens (equations 3 and 4 of Fastformer).
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

/**
 * y = x * g: every token times one vector. dg is the sum over tokens of dy * x, as a product with a row of ones.
 *
 * @param x - [B, N, D]
 * @param g - [B, 1, D]
 */
export function scaleTokens(x: Tensor3D, g: Tensor3D): Tensor3D {
  return withGradient<Tensor3D>(
    [x, g],
    () => ({ value: tf.mul<Tensor3D>(x, g), saved: [x, g] }),
    (dy, saved) => {
      const [tokens, vector] = saved as [Tensor3D, Tensor3D];
      const ones: Tensor = tf.ones([tokens.shape[0], 1, tokens.shape[1]]);
      return [tf.mul(dy, vector), tf.matMul(ones, tf.mul<Tensor3D>(dy, tokens))];
    },
  );
}
