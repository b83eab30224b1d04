/** Longformer against a second implementation: who attends to whom, pair by pair, in float64. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longformer } from '../../architectures/longformer.js';
import { createParameters } from '../../architectures/scope.js';
import { checkCounts } from '../../harness/conformance/counts.js';
import { largestDifference, maskOf, randomTokens } from '../../harness/conformance/subject.js';
import { useBackend } from '../support/backend.js';
import { distance, mixOne, plainAttention, withOptions } from '../support/plain-attention.js';
import type { Dense } from '../support/plain-attention.js';
import type { Matrix } from '../support/plain-loops.js';

interface Case {
  readonly real: number;
  readonly padding: number;
  readonly heads: number;
  readonly window: number;
  readonly globalTokens: number;
}

/** The paper's two equations over all pairs of real tokens; padded rows are 0 before the output layer. */
function pairByPair(x: Matrix, dense: Dense, { real, heads, window, globalTokens }: Case): Matrix {
  const tokens = x.slice(0, real);
  const attend = (suffix: string, sees: (i: number, j: number) => boolean): Matrix => {
    const [q, k, v] = ['query', 'key', 'value'].map((name) => dense(tokens, `${name}${suffix}`)) as [
      Matrix,
      Matrix,
      Matrix,
    ];
    return plainAttention(q, k, v, heads, sees);
  };
  const local = attend('', (i, j) => Math.abs(i - j) <= window / 2 || j < globalTokens);
  const global = globalTokens === 0 ? local : attend('_global', () => true);
  const zeros = (x[0] ?? []).map(() => 0);
  const mixed = x.map((_, i) => (i < globalTokens ? global[i] : local[i]) ?? zeros);
  return dense(mixed, 'output');
}

describe('longformer', () => {
  useBackend('wasm');

  it('attends to the window and to the global tokens, each key once, over several blocks', () => {
    const cases = fc.record({
      real: fc.integer({ min: 1, max: 50 }),
      padding: fc.integer({ min: 0, max: 20 }),
      heads: fc.constantFrom(1, 2),
      window: fc.constantFrom(2, 6, 16, 40, 200),
      globalTokens: fc.constantFrom(0, 1, 5, 60),
    });
    fc.assert(
      fc.property(cases, (each) => {
        const { window, globalTokens } = each;
        const { x, y, dense } = mixOne(withOptions(longformer, { window, globalTokens }), {
          ...each,
          hidden: 4,
        });
        expect(distance(y, pairByPair(x, dense, each))).toBeLessThan(1e-4);
      }),
      { numRuns: 40 },
    );
  });

  it('takes global tokens from anywhere where they are given', () => {
    tf.tidy(() => {
      const sizes = { length: 40, hidden: 8, heads: 2 };
      const parameters = createParameters(1);
      const mix = longformer.create(parameters.scope, sizes, longformer.options.parse({ globalTokens: 3 }));
      const context = { mask: maskOf([40, 2], 40), training: false, seed: tf.tensor1d([1], 'int32') };
      const marks = (places: number[]) =>
        tf.tensor2d([0, 1].map(() => Array.from({ length: 40 }, (_, i) => (places.includes(i) ? 1 : 0))));
      const x = randomTokens(2, sizes);
      const given = (places: number[]) => mix(x, { ...context, given: { global_mask: marks(places) } });
      expect(largestDifference(mix(x, context), given([0, 1, 2]))).toBeLessThan(1e-6);
      expect(largestDifference(mix(x, context), given([0, 1, 20]))).toBeGreaterThan(1e-3);
      parameters.dispose();
    });
  });

  it('declares what it costs, for every option', () => {
    for (const options of [
      { globalTokens: 0, outputProjection: false },
      { window: 4096 },
      { window: 2, globalTokens: 512 },
    ]) {
      const failed = checkCounts(withOptions(longformer, options)).filter(({ passed }) => !passed);
      expect(failed).toEqual([]);
    }
  });

  it('has three more projections for its global tokens', () => {
    const sizes = { length: 512, hidden: 256, heads: 16 };
    const parameters = (globalTokens: number) =>
      longformer.cost(sizes, longformer.options.parse({ globalTokens })).parameters;
    expect(parameters(0)).toBe(4 * (256 * 256 + 256));
    expect(parameters(16)).toBe(7 * (256 * 256 + 256));
  });

  it('refuses an odd window', () => {
    expect(longformer.options.safeParse({ window: 15 }).success).toBe(false);
  });
});
