/**
 * Orthogonal random projections (Choromanski et al., arXiv 2009.14794, section 2.4): rows in blocks of d, orthogonal
 * within a block, each of them N(0, I) by itself.
 *
 * A block is a matrix G of independent normal numbers, made orthogonal, each row then as long as the row of G was. Made
 * orthogonal by Gram and Schmidt or by the polar decomposition, the block is uniform over all rotations and reflections and
 * independent of the lengths of G's rows.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { drawNormals, hash } from '../random.js';

/** f rows of size d, one after another, drawn once: Gram and Schmidt in plain loops. */
export function drawProjection(random: RandomGenerator, features: number, size: number): Float32Array {
  const rows: Float64Array[] = [];
  const values = new Float32Array(features * size);
  for (let row = 0; row < features; row++) {
    const drawn = Float64Array.from(drawNormals(random, size, 1));
    const length = norm(drawn);
    const block = rows.slice(row - (row % size));
    // Twice: what rounding left of the others after the first time goes.
    for (const other of [...block, ...block]) subtractAlong(drawn, other);
    const unit = drawn.map((value) => value / norm(drawn));
    rows.push(unit);
    values.set(
      unit.map((value) => value * length),
      row * size,
    );
  }
  return values;
}

const norm = (vector: Float64Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0));

/** Takes the part of `vector` along `unit` away. */
function subtractAlong(vector: Float64Array, unit: Float64Array): void {
  const along = vector.reduce((sum, value, i) => sum + value * (unit[i] ?? 0), 0);
  for (const [i, value] of unit.entries()) vector[i] = (vector[i] ?? 0) - along * value;
}

/** A round takes a small singular value to 3 / 2 of itself: after 40, one of 1e-6 has become 1. */
const rounds = 40;

/**
 * The same, drawn from a seed that is a tensor, so that a compiled step draws anew each time: the polar factor by the
 * iteration of Newton and Schulz, X <- (3 X - X X^T X) / 2.
 *
 * @param name - of the place in the model: two places with one name would draw the same
 * @returns [features, size]
 */
export function redrawProjection(seed: Tensor1D, name: string, features: number, size: number): Tensor2D {
  return tf.tidy(() => {
    const blocks = Math.ceil(features / size);
    const drawn: Tensor3D = tf
      .engine()
      .runKernel('NormalDraw', { seed }, { shape: [blocks, size, size], stream: hash(name) });
    const squares = tf.sum(tf.square(drawn), 2, true); // [blocks, d, 1]
    const identity: Tensor = tf.mul(tf.eye(size), 1.5);
    let factor = tf.div<Tensor3D>(drawn, tf.sqrt(tf.sum(squares, 1, true)));
    for (let round = 0; round < rounds; round++) {
      const excess = tf.mul(tf.matMul(factor, factor, false, true), -0.5);
      factor = tf.matMul(tf.add<Tensor3D>(excess, identity), factor);
    }
    const rows = tf.reshape(tf.mul(factor, tf.sqrt(squares)), [blocks * size, size]);
    return tf.slice<tf.Rank.R2, Tensor2D>(rows as Tensor2D, [0, 0], [features, size]);
  });
}
