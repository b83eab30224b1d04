/**
 * Performer for a decoder (Choromanski et al., arXiv 2009.14794, section 2.5.1 and appendix B.1): random features, summed
 * over the tokens so far.
 *
 *     y_t = sum_{s <= t} (phi(q_t) . phi_t(k_s)) v_s / sum_{s <= t} phi(q_t) . phi_t(k_s)
 *     phi_t(k) = exp(w . k d^(-1/4) - |k|^2 d^(-1/2) / 2 - c_t) + 1e-4
 *
 * per head, with one random projection w in training and in writing. c_t, which keeps exponentials below 1, is the largest
 * w . k d^(-1/4) of the tokens so far. Published code takes that of all tokens, and so, by the 1e-4, lets a token see those
 * after it. Here token t gets what `performer.ts` gives the last of the tokens up to t: as c grows the sums of
 * exponentials shrink by exp(c_t-1 - c_t), while those of 1e-4, kept apart, stay.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { causalSums, counted, type Decay, meanOf, noDecay } from '../layers/causal-sums.js';
import { mergeHeads, splitHeads } from '../layers/heads.js';
import { causalBias, never } from '../layers/masks.js';
import { largestProducts, queryPeak, softmaxFeatures, softmaxFloor } from '../layers/random-features.js';
import { drawProjection } from '../layers/random-projection.js';
import { sliceAxis } from '../layers/slices.js';
import { usualFeatures } from '../performer.js';
import type { CreateCausalAttention } from './contract.js';
import { recurrent } from './recurrent.js';

/** Parameters: `query`, `key`, `value`, `output` [D, D], with biases; constant: `projection` [f, d]. */
export const causalPerformer: CreateCausalAttention = (scope, { hidden, heads }) => {
  const size = hidden / heads;
  const features = usualFeatures(size);
  const query = scope.dense('query', hidden, hidden);
  const key = scope.dense('key', hidden, hidden);
  const value = scope.dense('value', hidden, hidden);
  const output = scope.dense('output', hidden, hidden);
  const projection = scope.constant('projection', [features, size], (random) =>
    drawProjection(random, features, size),
  ) as Tensor2D;
  return recurrent(
    (x, cache) => {
      const [state, floorState, peakBefore] = cache as readonly [Tensor3D, Tensor3D, Tensor3D];
      const keys = splitHeads(key(x), heads); // [R * H, C, d]
      const content = counted(splitHeads(value(x), heads));
      const q = softmaxFeatures(splitHeads(query(x), heads), projection, queryPeak);
      const peaks = runningMaximum(largestProducts(keys, projection), peakBefore); // c, [R * H, C, 1]
      const k = softmaxFeatures(keys, projection, () => peaks, 0);
      const high = causalSums({ query: q, key: k, content }, state, decayOf(peaks, peakBefore));
      const floor = causalSums(
        { query: tf.mul(tf.sum(q, 2, true), softmaxFloor), key: tf.onesLike(peaks), content },
        floorState,
        noDecay(x.shape[1]),
      );
      const y = meanOf(tf.add<Tensor3D>(high.sums, floor.sums));
      const last = sliceAxis(peaks, 1, x.shape[1] - 1, 1);
      return { out: output(mergeHeads(y, heads)), cache: [high.state, floor.state, last] };
    },
    // Sums of exponentials, sums of 1, and c.
    (rows) => [
      tf.zeros([rows * heads, features, size + 1]),
      tf.zeros([rows * heads, 1, size + 1]),
      tf.fill([rows * heads, 1, 1], never),
    ],
  );
};

/** The largest so far, [rows, C, 1]. @param before - of the tokens before these, [rows, 1, 1] */
function runningMaximum(x: Tensor3D, before: Tensor3D): Tensor3D {
  const seen = tf.add(tf.transpose(x, [0, 2, 1]), causalBias(x.shape[1])); // [rows, C, C]
  return tf.maximum(tf.max(seen, 2, true), before);
}

/** exp(c_s - c_t), which is at most 1. */
const decayOf = (peaks: Tensor3D, before: Tensor3D): Decay => ({
  within: tf.exp(tf.add(tf.sub(tf.transpose(peaks, [0, 2, 1]), peaks), causalBias(peaks.shape[1]))),
  ofState: tf.exp(tf.sub(before, peaks)),
});
