/**
 * Fastformer for a decoder: what the global query and key are for all tokens, running means are for those so far.
 *
 *     q = W_q x,  k = W_k x
 *     g_t = sum_{s <= t} alpha_ts q_s,   alpha_ts = exp(s_q(q_s) / sqrt(d)) / sum_{r <= t} exp(s_q(q_r) / sqrt(d))
 *     p_t = g_t * k_t
 *     e_t = sum_{s <= t} beta_ts p_s,    beta_ts likewise with s_k(p_s)
 *     y_t = W_o (W_t (e_t * q_t) + q_t)
 *
 * all per head, with the scores and layers of the official code, as in `fastformer.ts`. The paper has a decoder and does
 * not say how it attends. Each p_s meets the global query of its own time, not of the latest: else every step would read
 * all tokens again. So a step keeps two means and the logarithms of two sums of weights.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { createScore } from '../layers/additive-attention.js';
import { emptyMean, type RunningMean, runningMean } from '../layers/running-mean.js';
import type { CreateCausalAttention } from './contract.js';
import { recurrent } from './recurrent.js';

/** Parameters: those of `fastformer` as it is, `query`, `query_att`, `key`, `key_att`, `transform`, `output`. */
export const causalFastformer: CreateCausalAttention = (scope, sizes) => {
  const { hidden, heads } = sizes;
  const options = { logits: 'whole', shareHeads: false } as const;
  const query = scope.dense('query', hidden, hidden);
  const scoreQueries = createScore(scope, 'query_att', sizes, options);
  const key = scope.dense('key', hidden, hidden);
  const scoreKeys = createScore(scope, 'key_att', sizes, options);
  const transform = scope.dense('transform', hidden, hidden);
  const output = scope.dense('output', hidden, hidden);
  return recurrent(
    (x, cache) => {
      const [queries, keys] = unpack(cache as readonly Tensor3D[]);
      const q = query(x); // [R, C, D]
      const global = runningMean(scoreQueries.of(q), q, queries);
      const p = tf.mul<Tensor3D>(key(x), global.means);
      const meeting = runningMean(scoreKeys.of(p), p, keys);
      const y = tf.add<Tensor3D>(transform(tf.mul<Tensor3D>(meeting.means, q)), q);
      return { out: output(y), cache: [...pack(global.next), ...pack(meeting.next)] };
    },
    (rows) => [...pack(emptyMean(rows, hidden, heads)), ...pack(emptyMean(rows, hidden, heads))],
  );
};

const pack = ({ mean, logWeight }: RunningMean): Tensor3D[] => [mean, logWeight];

function unpack(cache: readonly Tensor3D[]): [RunningMean, RunningMean] {
  const [mean, logWeight, otherMean, otherLogWeight] = cache as [Tensor3D, Tensor3D, Tensor3D, Tensor3D];
  return [
    { mean, logWeight },
    { mean: otherMean, logWeight: otherLogWeight },
  ];
}
