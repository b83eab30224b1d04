/** The kinds of causal self-attention in plain loops and float64: every token reads all tokens up to itself anew. */
import type { CausalAttentionName } from '../../architectures/causal/contract.js';
import { transformerXl } from '../../architectures/transformer-xl.js';
import { plainAttention } from './plain-attention.js';
import { at, dot, sum, times } from './plain-loops.js';
import type { Matrix, Weights } from './plain-loops.js';
import { plainTransformerXl } from './plain-transformer-xl.js';

/** @param weights - with a constant `projection` where the kind has one */
export type PlainCausal = (x: Matrix, weights: Weights, heads: number) => Matrix;

const denseOf =
  (weights: Weights) =>
  (x: Matrix, name: string): Matrix =>
    times(x, weights.matrix(`${name}.kernel`), weights.vector(`${name}.bias`));

/** Of one head: the weights of keys up to a query, which need not sum to 1. */
type PairWeights = (query: readonly number[], keys: Matrix) => number[];

/** Attention by weights of pairs: q, k, v, heads side by side, o. */
const byPairs =
  (weigh: (weights: Weights) => PairWeights, epsilon: number): PlainCausal =>
  (x, weights, heads) => {
    const dense = denseOf(weights);
    const [q, k, v] = [dense(x, 'query'), dense(x, 'key'), dense(x, 'value')];
    const size = at(x, 0).length / heads;
    const own = (row: readonly number[], h: number) => row.slice(h * size, (h + 1) * size);
    const mixed = x.map((_, t) =>
      Array.from({ length: heads }, (__, h) => {
        const seen = k.slice(0, t + 1).map((row) => own(row, h));
        const pairs = weigh(weights)(own(at(q, t), h), seen);
        return own(at(v, 0), h).map(
          (___, i) => sum(pairs.map((pair, s) => pair * at(own(at(v, s), h), i))) / (sum(pairs) + epsilon),
        );
      }).flat(),
    );
    return dense(mixed, 'output');
  };

const phi = (x: number): number => (x > 0 ? x + 1 : Math.exp(x));

/** phi with the largest exponent of the keys up to the query. */
const favor =
  (weights: Weights): PairWeights =>
  (query, keys) => {
    const scale = query.length ** -0.25;
    const exponents = (x: readonly number[]) => weights.matrix('projection').map((w) => scale * dot(w, x));
    const features = (x: readonly number[], peak: number) =>
      exponents(x).map((u) => Math.exp(u - (scale ** 2 * dot(x, x)) / 2 - peak) + 1e-4);
    const own = features(query, Math.max(...exponents(query)));
    const peak = Math.max(...keys.flatMap(exponents));
    return keys.map((key) => dot(own, features(key, peak)));
  };

const softmax: PlainCausal = (x, weights, heads) => {
  const dense = denseOf(weights);
  const sees = (query: number, key: number) => key <= query;
  return dense(plainAttention(dense(x, 'query'), dense(x, 'key'), dense(x, 'value'), heads, sees), 'output');
};

/** The mean of the rows up to each, weighted per head by exp(score / sqrt(d)), after the largest is subtracted. */
function runningMeans(rows: Matrix, scores: Matrix, heads: number): Matrix {
  const size = at(rows, 0).length / heads;
  return rows.map((row, t) =>
    row.map((_, i) => {
      const own = scores.slice(0, t + 1).map((score) => at(score, Math.floor(i / size)) / Math.sqrt(size));
      const weights = own.map((score) => Math.exp(score - Math.max(...own)));
      return sum(weights.map((weight, s) => weight * at(at(rows, s), i))) / sum(weights);
    }),
  );
}

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row, t) => row.map((value, i) => value * at(at(b, t), i)));

const fastformer: PlainCausal = (x, weights, heads) => {
  const dense = denseOf(weights);
  const q = dense(x, 'query');
  const p = product(dense(x, 'key'), runningMeans(q, dense(q, 'query_att'), heads));
  const r = dense(product(runningMeans(p, dense(p, 'key_att'), heads), q), 'transform');
  return dense(
    r.map((row, t) => row.map((value, i) => value + at(at(q, t), i))),
    'output',
  );
};

export const plainCausal: Readonly<Record<CausalAttentionName, PlainCausal>> = {
  softmax,
  fastformer,
  linear: byPairs(() => (query, keys) => keys.map((key) => dot(query.map(phi), key.map(phi))), 1e-6),
  performer: byPairs(favor, 0),
  'transformer-xl': (x, weights, heads) =>
    plainTransformerXl(x, weights, heads, transformerXl.options.parse({})),
};
