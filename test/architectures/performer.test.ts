/** Performer against a second implementation in plain loops, and against the softmax that its features stand for. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Architecture, MixerContext } from '../../architectures/contract.js';
import { drawProjection } from '../../architectures/layers/random-projection.js';
import { performer } from '../../architectures/performer.js';
import { normals, stream } from '../../architectures/random.js';
import { createParameters } from '../../architectures/scope.js';
import { checkCounts } from '../../harness/conformance/counts.js';
import { preset } from '../../harness/conformance/preset.js';
import { maskOf, randomTokens } from '../../harness/conformance/subject.js';
import { useBackend } from '../support/backend.js';
import { distance, plainAttention } from '../support/plain-attention.js';
import { at, dot, sum } from '../support/plain-loops.js';
import type { Matrix } from '../support/plain-loops.js';

const architecture = performer as unknown as Architecture;
const usual = performer.options.parse({});

const matrix = (rows: number, columns: number, deviation: number, name: string): Matrix => {
  const values = normals(rows * columns, deviation, 1, name);
  return Array.from({ length: rows }, (_, i) => Array.from(values.slice(i * columns, (i + 1) * columns)));
};

const contextOf = (real: number, length: number, rest: Partial<MixerContext> = {}): MixerContext => ({
  mask: maskOf([real], length),
  training: false,
  seed: tf.tensor1d([1], 'int32'),
  ...rest,
});

/** One head through `core`. */
const core = (q: Matrix, k: Matrix, v: Matrix, projection: Matrix, real: number, options = usual): Matrix =>
  tf.tidy(() => {
    const inputs = { q: tf.tensor4d([[q]]), k: tf.tensor4d([[k]]), v: tf.tensor4d([[v]]) };
    const given = { ...inputs, projection: tf.tensor2d(projection) };
    const y = performer.core(given, options, contextOf(real, q.length)).arraySync() as Matrix[][];
    return at(at(y, 0), 0);
  });

/** The published features in plain loops. The largest exponent is over the keys that count. */
function plainPerformer(q: Matrix, k: Matrix, v: Matrix, projection: Matrix, kernel: string): Matrix {
  const scale = at(q, 0).length ** -0.25;
  const exponents = (x: number[]) => projection.map((w) => scale * dot(w, x));
  const largest = Math.max(...k.flatMap(exponents));
  const features = (x: number[], peak: number) =>
    exponents(x).map((u) =>
      kernel === 'relu' ? Math.max(0, u) + 1e-3 : Math.exp(u - (scale ** 2 * dot(x, x)) / 2 - peak) + 1e-4,
    );
  const keys = k.map((key) => features(key, largest));
  return q.map((query) => {
    const own = features(query, Math.max(...exponents(query)));
    const weights = keys.map((key) => dot(own, key));
    return at(v, 0).map((_, i) => sum(v.map((row, m) => at(weights, m) * at(row, i))) / sum(weights));
  });
}

describe('performer', () => {
  useBackend('wasm');
  const arbitrary = fc.record({
    real: fc.integer({ min: 1, max: 9 }),
    padding: fc.integer({ min: 0, max: 3 }),
    size: fc.integer({ min: 1, max: 6 }),
    features: fc.integer({ min: 1, max: 9 }),
  });

  it.each(['softmax', 'relu'] as const)('gives what the features give in plain loops: %s', (kernel) => {
    fc.assert(
      fc.property(arbitrary, ({ real, padding, size, features }) => {
        const length = real + padding;
        const [q, k, v] = [
          matrix(length, size, 1, 'q'),
          matrix(length, size, 1, 'k'),
          matrix(length, size, 1, 'v'),
        ];
        const projection = matrix(features, size, 1, 'projection');
        const y = core(q, k, v, projection, real, { ...usual, kernel }).slice(0, real);
        const expected = plainPerformer(
          q.slice(0, real),
          k.slice(0, real),
          v.slice(0, real),
          projection,
          kernel,
        );
        expect(distance(y, expected)).toBeLessThan(1e-4);
      }),
      { numRuns: 30 },
    );
  });

  it('comes close to softmax attention, and closer with more features', () => {
    const size = 8;
    const [q, k, v] = [matrix(16, size, 0.5, 'q'), matrix(16, size, 0.5, 'k'), matrix(16, size, 1, 'v')];
    const exact = plainAttention(q, k, v, 1, () => true);
    const errorWith = (features: number) => {
      const values = drawProjection(stream(1, 'projection'), features, size);
      const projection = Array.from({ length: features }, (_, i) =>
        Array.from(values.slice(i * size, (i + 1) * size)),
      );
      return distance(core(q, k, v, projection, 16), exact);
    };
    expect(errorWith(2048)).toBeLessThan(0.05);
    expect(errorWith(2048)).toBeLessThan(errorWith(16) / 2);
  });

  it('counts padded keys in the denominator only when asked to', () => {
    const [q, k, v] = [matrix(4, 3, 1, 'q'), matrix(4, 3, 1, 'k'), matrix(4, 3, 1, 'v')];
    const projection = matrix(5, 3, 1, 'projection');
    const counted = core(q, k, v, projection, 2, { ...usual, padding: 'counted' });
    const silent = v.map((row, n) => row.map((value) => (n < 2 ? value : 0)));
    expect(distance(counted, core(q, k, silent, projection, 4))).toBeLessThan(1e-6);
    expect(distance(counted, core(q, k, v, projection, 2))).toBeGreaterThan(1e-2);
  });

  describe('the random projection', () => {
    const sizes = { length: 6, hidden: 8, heads: 2 };
    /** The output of one model, whose parameters are always the same, for each of the contexts. */
    const outputs = (redraw: 'never' | 'step', contexts: Partial<MixerContext>[]): Matrix[] => {
      const parameters = createParameters(1);
      const mixer = performer.create(parameters.scope, sizes, { ...usual, redraw });
      for (const variable of parameters.variables.values()) {
        const larger = tf.mul(variable, 20);
        variable.assign(larger);
        larger.dispose();
      }
      const drawn = contexts.map((context) =>
        tf.tidy(() => {
          const x: Tensor3D = randomTokens(1, sizes);
          return at(mixer(x, contextOf(6, 6, context)).arraySync(), 0);
        }),
      );
      parameters.dispose();
      return drawn;
    };
    const step = (seed: number) => ({ training: true, seed: tf.tensor1d([seed], 'int32') });

    it('stays as it was first drawn', () => {
      const [first, second, evaluation] = outputs('never', [step(1), step(2), {}]);
      expect(first).toEqual(second);
      expect(first).toEqual(evaluation);
    });

    it('is drawn anew from the seed of each training step when asked to, and not in evaluation', () => {
      const [first, again, other, evaluation] = outputs('step', [step(1), step(1), step(2), {}]);
      expect(first).toEqual(again);
      expect(distance(first ?? [], other ?? [])).toBeGreaterThan(1e-4);
      expect(outputs('never', [{}])).toEqual([evaluation]);
    });
  });

  it('costs what it declares', () => {
    const given = fc.record({
      features: fc.option(fc.integer({ min: 1, max: 20 })),
      kernel: fc.constantFrom('softmax', 'relu'),
      padding: fc.constantFrom('left out', 'counted'),
      bias: fc.boolean(),
      outputProjection: fc.boolean(),
    });
    fc.assert(
      fc.property(given, fc.integer({ min: 1, max: 40 }), (options, length) => {
        const checks = checkCounts(preset(architecture, options), [{ length, hidden: 12, heads: 3 }]);
        expect(checks.filter(({ passed }) => !passed)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
