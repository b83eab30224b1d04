/** The pointer of the summarizer: where in the document the next subword stands, and whether it is copied. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { paddingBias } from '../../architectures/layers/masks.js';
import type { Scope } from '../../architectures/scope.js';

export interface Pointer {
  /** k of each place: [B, N, D] tokens of the memory, [B, N, D] embeddings of the document -> [B, N, D]. */
  keys(memory: Tensor3D, words: Tensor3D): Tensor3D;
  /**
   * log P of the target's subwords.
   * @param likely - log P_vocabulary of them, [B * T]
   * @param out - h, [B, T, D]
   */
  mix(
    likely: Tensor1D,
    out: Tensor3D,
    keys: Tensor3D,
    batch: { readonly source: Tensor2D; readonly mask: Tensor2D; readonly target: Tensor2D },
  ): Tensor1D;
  /** For rows that are written, R = B * beams: `gate` [R, 1], the share of the vocabulary, and `pointer` [R, N]. */
  point(out: Tensor3D, keys: Tensor3D, mask: Tensor2D): { gate: Tensor2D; pointer: Tensor2D };
}

/** Keeps the logarithm of a probability that is 0 finite. */
const tiny = 1e-20;

/** Parameters: `query`, `key`, `before` [D, D] and `gate` [D, 1], with biases. */
export function createPointer(scope: Scope, hidden: number): Pointer {
  const query = scope.dense('query', hidden, hidden);
  const key = scope.dense('key', hidden, hidden);
  const before = scope.dense('before', hidden, hidden);
  const gate = scope.dense('gate', hidden, 1);
  /** a, [B, T, N] */
  const weights = (out: Tensor3D, keys: Tensor3D, mask: Tensor2D): Tensor3D => {
    const scores = tf.matMul<Tensor3D>(tf.mul(query(out), 1 / Math.sqrt(hidden)), keys, false, true);
    return tf.softmax(tf.add<Tensor3D>(scores, tf.expandDims(paddingBias(mask), 1)));
  };
  return {
    keys: (memory, words) => tf.add(key(memory), before(shifted(words))),
    mix: (likely, out, keys, { source, mask, target }) => {
      const same = tf.equal(tf.expandDims(target, 2), tf.expandDims(source, 1)); // [B, T, N]
      const copied = tf.sum(tf.mul(weights(out, keys, mask), tf.cast(same, 'float32')), 2); // [B, T]
      const own = tf.reshape<tf.Rank.R1>(tf.sigmoid(gate(out)), [-1]);
      const both = tf.add(
        tf.mul(own, tf.exp(likely)),
        tf.mul(tf.sub(1, own), tf.reshape<tf.Rank.R1>(copied, [-1])),
      );
      return tf.log(tf.add<Tensor1D>(both, tiny));
    },
    point: (out, keys, mask) => {
      const [rows, , width] = out.shape;
      const [batch, length] = mask.shape;
      const places = weights(tf.reshape(out, [batch, rows / batch, width]), keys, mask);
      return {
        gate: tf.reshape(tf.sigmoid(gate(out)), [rows, 1]),
        pointer: tf.reshape(places, [rows, length]),
      };
    },
  };
}

/** Each place gets what stands before it, the first one zeros. */
function shifted(x: Tensor3D): Tensor3D {
  const [batch, length, width] = x.shape;
  const zeros = tf.zeros<tf.Rank.R3>([batch, 1, width]);
  return tf.concat([zeros, tf.slice(x, [0, 0, 0], [batch, length - 1, width])], 1);
}
