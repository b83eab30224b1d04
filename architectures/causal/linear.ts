/**
 * Linear attention for a decoder (Katharopoulos et al., arXiv 2006.16236, equations 9 to 12 and 16 to 20): the form that
 * the paper is named for.
 *
 *     y_t = phi(q_t) S_t / (phi(q_t) . z_t + 1e-6),   S_t = sum_{s <= t} phi(k_s) v_s^T,   z_t = sum_{s <= t} phi(k_s)
 *
 * per head, phi(x) = elu(x) + 1. Token t gets what `linear.ts` gives the last of the tokens up to t.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { causalSums, counted, meanOf, noDecay } from '../layers/causal-sums.js';
import { mergeHeads, splitHeads } from '../layers/heads.js';
import { eluFeatures, epsilon } from '../linear.js';
import type { CreateCausalAttention } from './contract.js';
import { recurrent } from './recurrent.js';

/** Parameters: `query`, `key`, `value`, `output` [D, D], with biases. */
export const causalLinear: CreateCausalAttention = (scope, { hidden, heads }) => {
  const query = scope.dense('query', hidden, hidden);
  const key = scope.dense('key', hidden, hidden);
  const value = scope.dense('value', hidden, hidden);
  const output = scope.dense('output', hidden, hidden);
  const size = hidden / heads;
  return recurrent(
    (x, cache) => {
      const [before] = cache as readonly [Tensor3D];
      const inputs = {
        query: splitHeads(eluFeatures(query(x)), heads), // [R * H, C, d]
        key: splitHeads(eluFeatures(key(x)), heads),
        content: counted(splitHeads(value(x), heads)),
      };
      const { sums, state } = causalSums(inputs, before, noDecay(x.shape[1]));
      return { out: output(mergeHeads(meanOf(sums, epsilon), heads)), cache: [state] };
    },
    // [S, z]
    (rows) => [tf.zeros([rows * heads, size, size + 1])],
  );
};
