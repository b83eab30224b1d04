/**
 * Angular locality-sensitive hashing (Andoni et al., arXiv 1509.02897; Kitaev et al., arXiv 2001.04451, section 2):
 *
 *     h(x) = argmax([x R; -x R])
 *
 * puts vectors of nearly one direction in one of 2 * columns(R) buckets. Many buckets are the product of two smaller
 * hashes: with one, the columns of R, and so the cost of a token, would grow with the length.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';

/** Up to so many buckets come of one rotation. */
const largestFactor = 64;

/**
 * Even numbers whose product is the number of buckets, about one a chunk: one number, or two where chunks are many.
 *
 * @param columns - that the rotations have; fewer buckets where they are not enough
 */
export function bucketFactors(chunks: number, columns = Infinity): readonly number[] {
  const wanted = even(chunks);
  const factors = wanted <= largestFactor ? [wanted] : [even(Math.sqrt(wanted)), even(Math.sqrt(wanted))];
  return rotationColumns(factors) <= columns ? factors : [2 * columns];
}

const even = (count: number): number => 2 * Math.ceil(count / 2);

export const rotationColumns = (factors: readonly number[]): number =>
  factors.reduce((sum, factor) => sum + factor / 2, 0);

/** The most columns that an input of up to so many chunks needs. */
export const mostColumns = (chunks: number): number =>
  Math.max(
    rotationColumns(bucketFactors(Math.min(chunks, largestFactor))),
    rotationColumns(bucketFactors(chunks)),
  );

/**
 * @param x - [rows, N, d]
 * @param rotations - [d, rounds, columns], at least as many columns as the factors need
 * @returns a number from 0 to the product of the factors - 1, int32 [rows, rounds, N]
 */
export function angularHash(x: Tensor3D, rotations: Tensor3D, factors: readonly number[]): Tensor3D {
  const [rows, length, size] = x.shape;
  const rounds = rotations.shape[1];
  const columns = rotationColumns(factors);
  const used = tf.slice(rotations, [0, 0, 0], [size, rounds, columns]);
  const flat = tf.matMul(tf.reshape(x, [rows * length, size]), tf.reshape(used, [size, rounds * columns]));
  const turned = tf.reshape(flat, [rows * length, rounds, columns]);
  let bucket: Tensor | null = null;
  let start = 0;
  for (const factor of factors) {
    const part = tf.slice(turned, [0, 0, start], [rows * length, rounds, factor / 2]);
    const nearest = tf.argMax(tf.concat([part, tf.neg(part)], 2), 2);
    bucket = bucket === null ? nearest : tf.add(tf.mul(bucket, tf.scalar(factor, 'int32')), nearest);
    start += factor / 2;
  }
  return tf.transpose(tf.reshape(bucket ?? tf.zeros([0]), [rows, length, rounds]), [0, 2, 1]);
}
