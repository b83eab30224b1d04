/**
 * Random features whose products approximate the softmax kernel, exp(q . k / sqrt(d)) (Choromanski et al., arXiv
 * 2009.14794, section 2). With w_i the rows of a random projection and s = d^(-1/4):
 *
 *     softmax:  phi_i(x) = exp(s w_i . x - s^2 |x|^2 / 2 - c) + 1e-4
 *     relu:     phi_i(x) = max(0, s w_i . x) + 1e-3
 *
 * c keeps the exponential below 1: for a query its own largest s w_i . x, for keys the largest of all that count. It
 * is a constant for the gradient. The paper's factor f^(-1/2) is left out: it cancels between numerator and denominator.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';
import { fromRows, toRows } from './rows.js';

export const softmaxFloor = 1e-4;
const reluFloor = 1e-3;

/** What is subtracted in the exponent, from the largest s w_i . x of each token: both [rows, N, 1]. */
type Peak = (largest: Tensor3D) => Tensor3D;

/** Each query's own. */
export const queryPeak: Peak = (largest) => largest;

/**
 * The largest over the keys that count. A key that does not count, and is larger, has its own: it stays finite, however
 * large its content.
 *
 * @param counted - 1 for a key that counts, else 0, [rows, N, 1]
 */
export const keyPeak =
  (counted: Tensor3D): Peak =>
  (largest) => {
    const among = tf.add(largest, tf.mul(tf.sub(1, counted), -1e30));
    return tf.maximum(largest, tf.max(among, 1, true));
  };

/**
 * @param x - [rows, N, d]
 * @param projection - w_i, [f, d]; a constant
 * @param floor - what is added after the exponential
 * @returns [rows, N, f], none below the floor
 */
export function softmaxFeatures(
  x: Tensor3D,
  projection: Tensor2D,
  peak: Peak,
  floor = softmaxFloor,
): Tensor3D {
  const scale = x.shape[2] ** -0.25;
  return featuresOf(x, tf.mul(projection, scale), {
    activate: (products) => {
      const halfSquare = tf.mul(tf.sum(tf.square(x), 2, true), scale ** 2 / 2);
      const offset = tf.add(halfSquare, peak(tf.max(products, 2, true)));
      return tf.add(tf.exp(tf.sub(products, offset)), floor);
    },
    // d exp(u - s^2 |x|^2 / 2) = exp(..) (du - s^2 x . dx)
    derive: (dy, features, tokens, backproject) => {
      const dProducts = tf.mul<Tensor3D>(dy, tf.sub(features, floor));
      const shrink = tf.mul(tf.sum(dProducts, 2, true), scale ** 2);
      return tf.sub(backproject(dProducts), tf.mul(tokens, shrink));
    },
  });
}

/** The largest s w_i . x of each token, [rows, N, 1]; a constant. */
export const largestProducts = (x: Tensor3D, projection: Tensor2D): Tensor3D =>
  withGradient<Tensor3D>(
    [],
    () => ({ value: tf.max(scaledProducts(x, tf.mul(projection, x.shape[2] ** -0.25)), 2, true), saved: [] }),
    () => [],
  );

/** As `softmaxFeatures`, for the kernel of a rectifier. */
export function reluFeatures(x: Tensor3D, projection: Tensor2D): Tensor3D {
  return featuresOf(x, tf.mul(projection, x.shape[2] ** -0.25), {
    activate: (products) => tf.add(tf.relu(products), reluFloor),
    derive: (dy, features, _tokens, backproject) =>
      backproject(tf.mul(dy, tf.step(tf.sub(features, reluFloor)))),
  });
}

interface Activation {
  /** [rows, N, f] products to features. */
  readonly activate: (products: Tensor3D) => Tensor3D;
  /** The gradient of x, from that of the features; `backproject` maps a gradient of products to one of x. */
  readonly derive: (
    dy: Tensor3D,
    features: Tensor3D,
    x: Tensor3D,
    backproject: (dy: Tensor3D) => Tensor3D,
  ) => Tensor3D;
}

/** s w_i . x: [rows, N, f] */
const scaledProducts = (x: Tensor3D, scaled: Tensor2D): Tensor3D =>
  fromRows(tf.matMul<Tensor2D>(toRows(x), scaled, false, true), x);

/** Keeps x and the features for the backward pass, and nothing between them. */
function featuresOf(x: Tensor3D, projection: Tensor2D, { activate, derive }: Activation): Tensor3D {
  return withGradient<Tensor3D>(
    [x],
    () => {
      const features = activate(scaledProducts(x, projection));
      return { value: features, saved: [x, features, projection] };
    },
    (dy, saved) => {
      const [tokens, features, weights] = saved as [Tensor3D, Tensor3D, Tensor2D];
      const backproject = (dProducts: Tensor3D): Tensor3D =>
        fromRows(tf.matMul<Tensor2D>(toRows(dProducts), weights), tokens);
      return [derive(dy, features, tokens, backproject)];
    },
  );
}
