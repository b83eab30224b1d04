/** Poolingformer against a second implementation: both levels, pair by pair and group by group, in float64. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { poolingformer } from '../../architectures/poolingformer.js';
import { createParameters } from '../../architectures/scope.js';
import { checkCounts } from '../../harness/conformance/counts.js';
import { useBackend } from '../support/backend.js';
import { distance, mixOne, plainAttention, withOptions } from '../support/plain-attention.js';
import type { Dense } from '../support/plain-attention.js';
import type { Matrix } from '../support/plain-loops.js';

type Options = z.infer<typeof poolingformer.options>;
type Three = [Matrix, Matrix, Matrix];

interface Group {
  readonly first: number;
  readonly tokens: number[];
}

/** A group begins at every multiple of the stride; the end of the text cuts the last ones short. */
const groupsOf = (real: number, { poolKernel, poolStride }: Options): Group[] =>
  Array.from({ length: Math.ceil(real / poolStride) }, (_, p) => {
    const first = p * poolStride;
    const all = Array.from({ length: poolKernel }, (_, j) => first + j);
    return { first, tokens: all.filter((token) => token < real) };
  });

/** The softmax over the real tokens of a group of its middle token's logits, which come from 0 where that is padding. */
function dynamicWeights(y: Matrix, group: Group, dense: Dense, name: string, kernel: number): number[] {
  const zeros = (y[0] ?? []).map(() => 0);
  const middle = group.tokens.find((token) => token === group.first + Math.floor((kernel - 1) / 2));
  const logits = dense([middle === undefined ? zeros : (y[middle] ?? zeros)], name)[0] ?? [];
  const weights = group.tokens.map((token) => Math.exp(logits[token - group.first] ?? NaN));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Projected by `name`, then pooled: one row a group. */
function pooled(y: Matrix, groups: Group[], dense: Dense, name: string, options: Options): Matrix {
  const tokens = dense(y, name);
  return groups.map((group) => {
    const weights =
      options.pooling === 'dynamic'
        ? dynamicWeights(y, group, dense, `${name}_pool`, options.poolKernel)
        : group.tokens.map(() => 1 / group.tokens.length);
    return (tokens[0] ?? []).map((_, feature) => {
      const values = group.tokens.map((token) => tokens[token]?.[feature] ?? NaN);
      if (options.pooling === 'max') return Math.max(...values);
      return values.reduce((sum, value, j) => sum + value * (weights[j] ?? NaN), 0);
    });
  });
}

function pairByPair(x: Matrix, real: number, heads: number, dense: Dense, options: Options): Matrix {
  const tokens = x.slice(0, real);
  const [q, k, v] = ['query', 'key', 'value'].map((name) => dense(tokens, name)) as Three;
  const first = plainAttention(q, k, v, heads, (i, j) => Math.abs(i - j) <= options.localWindow / 2);
  const groups = groupsOf(real, options);
  const overlaps = (i: number, group: Group) =>
    group.first <= i + options.window / 2 && group.first + options.poolKernel > i - options.window / 2;
  const second = plainAttention(
    dense(first, 'query2'),
    pooled(first, groups, dense, 'key2', options),
    pooled(first, groups, dense, 'value2', options),
    heads,
    (i, p) => overlaps(i, groups[p] as Group),
  );
  const zeros = (x[0] ?? []).map(() => 0);
  const sum = x.map((_, i) => first[i]?.map((value, f) => value + (second[i]?.[f] ?? NaN)) ?? zeros);
  return dense(sum, 'output');
}

describe('poolingformer', () => {
  useBackend('wasm');

  it('attends to a window, then to pooled groups of a larger one, over several blocks', () => {
    const cases = fc.record({
      real: fc.integer({ min: 1, max: 60 }),
      padding: fc.integer({ min: 0, max: 20 }),
      heads: fc.constantFrom(1, 2),
      window: fc.constantFrom(2, 12, 50, 256),
      localWindow: fc.constantFrom(2, 16),
      pool: fc.constantFrom(
        [5, 4] as const,
        [1, 1] as const,
        [4, 4] as const,
        [7, 2] as const,
        [64, 64] as const,
      ),
      pooling: fc.constantFrom('mean', 'max', 'dynamic'),
    });
    fc.assert(
      fc.property(cases, ({ real, padding, heads, pool: [poolKernel, poolStride], ...rest }) => {
        const options = poolingformer.options.parse({ ...rest, poolKernel, poolStride });
        const subject = withOptions(poolingformer, options);
        const { x, y, dense } = mixOne(subject, { real, padding, heads, hidden: 4 });
        expect(distance(y, pairByPair(x, real, heads, dense, options))).toBeLessThan(1e-4);
      }),
      { numRuns: 60 },
    );
  });

  it('gives a text the same however much padding follows', () => {
    for (const pooling of ['mean', 'max', 'dynamic']) {
      const subject = withOptions(poolingformer, { pooling });
      for (const real of [16, 17, 18, 19]) {
        const [short, long] = [0, 45].map(
          (padding) => mixOne(subject, { real, padding, hidden: 8, heads: 2 }).y,
        ) as [Matrix, Matrix];
        expect(distance(short, long.slice(0, real))).toBeLessThan(1e-5);
      }
    }
  });

  it('declares what it costs, for every option', () => {
    for (const options of [
      { pooling: 'mean', outputProjection: false },
      { pooling: 'max', poolKernel: 1, poolStride: 1 },
      { pooling: 'dynamic', poolKernel: 64, poolStride: 64, window: 2 },
    ]) {
      const failed = checkCounts(withOptions(poolingformer, options)).filter(({ passed }) => !passed);
      expect(failed).toEqual([]);
    }
  });

  it('refuses groups that would leave out tokens', () => {
    const { scope } = createParameters(1);
    const options = poolingformer.options.parse({ poolKernel: 2, poolStride: 3 });
    expect(() => poolingformer.create(scope, { length: 8, hidden: 4, heads: 1 }, options)).toThrow(
      'poolStride 3 is larger than poolKernel 2',
    );
  });
});
