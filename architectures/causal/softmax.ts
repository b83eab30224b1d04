/** Softmax attention within bounded memory, each token over those before it and itself; the cache is all their keys and values. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';
import { createAttention, type KeysAndValues } from '../layers/attention.js';
import { causalBias, never } from '../layers/masks.js';
import type { CreateCausalAttention } from './contract.js';

/** Parameters: `query`, `key`, `value`, `output` [D, D], with biases. */
export const causalSoftmax: CreateCausalAttention = (scope, { length, hidden, heads }) => {
  const attention = createAttention(scope, hidden, heads);
  return {
    whole: (x) => {
      const [batch, taken] = x.shape;
      const noPadding = tf.zeros<tf.Rank.R3>([batch * heads, taken, 1]);
      return attention.attend(x, attention.read(x), noPadding, causalBias(taken));
    },
    // Keys and values, each [R * H, length, d].
    emptyCache: (rows) => Array.from({ length: 2 }, () => tf.zeros([rows * heads, length, hidden / heads])),
    step: (x, place, cache) => {
      const [keys, values] = cache as readonly [Tensor3D, Tensor3D];
      const written = write({ keys, values }, attention.read(x), place);
      return {
        out: attention.attend(x, written, laterBias(place, x.shape[0] * heads)),
        cache: [written.keys, written.values],
      };
    },
  };
};

/** -1e30 for what comes after the place: [rows, length, 1]. */
function laterBias(place: Tensor1D, rows: number): Tensor3D {
  const before = tf.cumsum(place, 0, true); // 1 after the place
  return tf.tile(tf.reshape<tf.Rank.R3>(tf.mul(before, never), [1, place.size, 1]), [rows, 1, 1]);
}

/** The new token's keys and values at their place. */
function write(cache: KeysAndValues, added: KeysAndValues, place: Tensor1D): KeysAndValues {
  const here: Tensor = tf.reshape(place, [1, -1, 1]);
  const put = (old: Tensor3D, one: Tensor3D) =>
    tf.add<Tensor3D>(tf.mul(old, tf.sub(1, here)), tf.mul(one, here));
  return { keys: put(cache.keys, added.keys), values: put(cache.values, added.values) };
}
