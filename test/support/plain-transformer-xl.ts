/** Transformer-XL in plain loops and float64, token by token. */
import type { transformerXl } from '../../architectures/transformer-xl.js';
import { at, dot, sum, times } from './plain-loops.js';
import type { Matrix, Weights } from './plain-loops.js';

export type Options = ReturnType<typeof transformerXl.options.parse>;

/** The sinusoids of a distance, the sines first. */
const encoding = (distance: number, hidden: number): number[] =>
  [Math.sin, Math.cos].flatMap((wave) =>
    Array.from({ length: hidden / 2 }, (_, t) => wave(distance / 10_000 ** ((2 * t) / hidden))),
  );

/** One sequence without padding, token by token. */
export function plainTransformerXl(x: Matrix, weights: Weights, heads: number, options: Options): Matrix {
  const hidden = at(x, 0).length;
  const size = hidden / heads;
  const qkv = times(x, weights.matrix('qkv.kernel'));
  const segmentLength = Math.min(options.segment, x.length);
  const head = (row: readonly number[], h: number, part = 0) =>
    row.slice(part * hidden + h * size, part * hidden + (h + 1) * size);

  const attend = (i: number, h: number): number[] => {
    const begin = Math.floor(i / segmentLength) * segmentLength;
    const seen = x
      .map((_, j) => j)
      .filter((j) => j >= begin - options.memory && j < begin + segmentLength)
      .filter((j) => (!options.causal || j <= i) && (!options.sameLength || i - j < options.memory));
    const q = head(at(qkv, i), h);
    const shifted = (bias: string) => q.map((value, t) => value + at(at(weights.matrix(bias), h), t));
    const scores = seen.map((j) => {
      const r = head(at(times([encoding(i - j, hidden)], weights.matrix('r.kernel')), 0), h);
      return (
        (dot(shifted('r_w_bias'), head(at(qkv, j), h, 1)) + dot(shifted('r_r_bias'), r)) / Math.sqrt(size)
      );
    });
    const total = sum(scores.map(Math.exp));
    return q.map((_, t) =>
      sum(seen.map((j, n) => (Math.exp(at(scores, n)) / total) * at(head(at(qkv, j), h, 2), t))),
    );
  };
  const merged = x.map((_, i) => Array.from({ length: heads }, (_, h) => attend(i, h)).flat());
  const y = options.outputProjection ? times(merged, weights.matrix('output.kernel')) : merged;
  if (!options.norm) return y;
  return y.map((row, n) => {
    const added = row.map((value, i) => value + at(at(x, n), i));
    const mean = sum(added) / hidden;
    const deviation = Math.sqrt(sum(added.map((value) => (value - mean) ** 2)) / hidden + 1e-5);
    return added.map(
      (value, i) =>
        ((value - mean) / deviation) * at(weights.vector('norm.gamma'), i) +
        at(weights.vector('norm.beta'), i),
    );
  });
}
