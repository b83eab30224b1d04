/** The order of tokens by bucket, and by place within a bucket. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { padTokens } from './pad-tokens.js';

/**
 * Sorts by the key bucket * N + place, which no two tokens share.
 *
 * @param buckets - int32 [rows, rounds, N]
 * @param count - more than any bucket
 * @returns the place of the token that comes first, second, ..., int32 [rows, rounds, N]
 * @throws where count * N passes 2^31: the keys are 32-bit numbers
 */
export function sortByBucket(buckets: Tensor3D, count: number): Tensor3D {
  const [rows, rounds, length] = buckets.shape;
  if (count * length >= 2 ** 31)
    throw new Error(
      `${length} tokens in ${count} buckets are more than can be sorted: larger buckets are needed`,
    );
  // The sort is a descending one.
  const last = Int32Array.from({ length }, (_, place) => count * length - 1 - place);
  const scaled = tf.mul(tf.reshape(buckets, [rows * rounds, length]), tf.scalar(length, 'int32'));
  const keys = tf.sub<Tensor2D>(tf.tensor2d(last, [1, length], 'int32'), scaled);
  return tf.reshape(tf.topk(keys, length, true).indices, [rows, rounds, length]);
}

/**
 * Puts padding, and what is missing to a length, in one bucket after all others.
 *
 * @param buckets - int32 [rows, rounds, N], each below `last`
 * @param real - 1 = real, 0 = padding, [rows, N, 1]
 * @returns int32 [rows, rounds, length]
 */
export function paddingLast(buckets: Tensor3D, real: Tensor3D, length: number, last: number): Tensor3D {
  const [rows, rounds, tokens] = buckets.shape;
  const long = padTokens(tf.reshape(buckets, [rows * rounds, tokens]), length);
  const keep = tf.cast(tf.reshape(padTokens(real, length), [rows, 1, length]), 'int32');
  const elsewhere = tf.mul(tf.sub(tf.scalar(1, 'int32'), keep), tf.scalar(last, 'int32'));
  return tf.add(tf.mul(tf.reshape(long, [rows, rounds, length]), keep), elsewhere);
}
