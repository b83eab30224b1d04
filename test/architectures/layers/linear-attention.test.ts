/** Linear attention and random features, differentiated by hand, against the same in plain TensorFlow.js operations. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { linearAttention } from '../../../architectures/layers/linear-attention.js';
import {
  keyPeak,
  queryPeak,
  reluFeatures,
  softmaxFeatures,
} from '../../../architectures/layers/random-features.js';
import { normals } from '../../../architectures/random.js';
import type { BackendName } from '../../../harness/backends/index.js';
import { useBackend } from '../../support/backend.js';

const random = (shape: number[], name: string): Tensor3D =>
  tf.tensor<tf.Rank.R3>(normals(tf.util.sizeFromShape(shape), 1, 1, name), shape as Tensor3D['shape']);

type Run = (...inputs: Tensor3D[]) => Tensor;

/** Output and every gradient of two functions agree. */
function expectSame(actual: Run, expected: Run, inputs: Tensor3D[]): void {
  const both = [actual, expected].map((run) => {
    const weigh = (...given: Tensor[]): Scalar => {
      const y = run(...(given as Tensor3D[]));
      return tf.sum(tf.mul(y, random(y.shape, 'weights')));
    };
    return [run(...inputs), ...tf.grads(weigh)(inputs)];
  });
  const [left = [], right = []] = both;
  left.forEach((value, i) => {
    const wanted = right[i] as Tensor;
    const largest = Math.max(1, ...tf.abs(wanted).dataSync());
    const difference = Math.max(...tf.abs(tf.sub(value, wanted)).dataSync()) / largest;
    expect(difference, i === 0 ? 'output' : `gradient ${i - 1}`).toBeLessThan(1e-5);
  });
}

describe.each<BackendName>(['wasm', 'cpu'])('on %s', (backend) => {
  useBackend(backend);
  const counted = () => tf.tensor3d([1, 1, 0, 1, 1, 1, 1, 0], [2, 4, 1]);

  it('linearAttention is the weighted mean of the values of keys that count', () => {
    tf.tidy(() => {
      const [q, k] = [tf.exp(random([2, 3, 5], 'q')), tf.exp(random([2, 4, 5], 'k'))];
      const v = random([2, 4, 2], 'v');
      const zeroed = (value: Tensor3D) => tf.mul<Tensor3D>(value, counted());
      const pairs: Run = (query, key, value) => {
        const scores = tf.matMul<Tensor3D>(query, key, false, true);
        const weights = tf.mul<Tensor3D>(scores, tf.transpose(counted(), [0, 2, 1]));
        const total = tf.add(tf.sum(weights, 2, true), 0.1);
        return tf.matMul(tf.div<Tensor3D>(weights, total), zeroed(value));
      };
      const run: Run = (query, key, value) => linearAttention(query, key, zeroed(value), counted(), 0.1);
      expectSame(run, pairs, [q, k, v]);
    });
  });

  it('softmaxFeatures and reluFeatures are the published formulas, whose largest exponent is a constant', () => {
    tf.tidy(() => {
      const projection = tf.reshape<tf.Rank.R2>(random([7, 3], 'projection'), [7, 3]);
      const x = random([2, 4, 3], 'x');
      const products = (tokens: Tensor): Tensor3D =>
        tf.mul(
          tf.reshape(tf.matMul<Tensor2D>(tf.reshape(tokens, [8, 3]), projection, false, true), [2, 4, 7]),
          3 ** -0.25,
        );
      const features =
        (peak: Tensor): Run =>
        (tokens) => {
          const half = tf.mul(tf.sum(tf.square(tokens), 2, true), 0.5 / Math.sqrt(3));
          return tf.add(tf.exp(tf.sub(tf.sub(products(tokens), half), peak)), 1e-4);
        };
      const own = tf.max(products(x), 2, true);
      expectSame((t) => softmaxFeatures(t, projection, queryPeak), features(own), [x]);
      const hidden = tf.mul(tf.sub(1, counted()), -1e9);
      const shared = tf.maximum(own, tf.max(tf.add(own, hidden), 1, true));
      expectSame((t) => softmaxFeatures(t, projection, keyPeak(counted())), features(shared), [x]);
      const rectified: Run = (t) => tf.add(tf.relu(products(t)), 1e-3);
      expectSame((t) => reluFeatures(t, projection), rectified, [x]);
    });
  });
});
