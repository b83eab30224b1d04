/** The Linear Transformer against a second implementation: weights of pairs in plain loops and float64. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../architectures/contract.js';
import { linear } from '../../architectures/linear.js';
import { checkCounts } from '../../harness/conformance/counts.js';
import { preset } from '../../harness/conformance/preset.js';
import { createSubject, maskOf, randomTokens } from '../../harness/conformance/subject.js';
import { useBackend } from '../support/backend.js';
import { distance } from '../support/plain-attention.js';
import { at, column, dot, sum, times, weightsOf } from '../support/plain-loops.js';
import type { Matrix } from '../support/plain-loops.js';

const architecture = linear as unknown as Architecture;
const hidden = 8;

const phi = (x: number): number => (x > 0 ? x + 1 : Math.exp(x));
const softmax = (x: readonly number[]): number[] => {
  const total = sum(x.map(Math.exp));
  return x.map((value) => Math.exp(value) / total);
};
/** y_n = sum_m w(n, m) v_m for one head, where w is a row of pair weights. */
type Head = (q: Matrix, k: Matrix) => Matrix;

/** @param length - padding included */
const heads: Record<'normalised' | 'unnormalised' | 'softmax', (length: number) => Head> = {
  normalised: () => (q, k) =>
    q.map((query) => {
      const weights = k.map((key) => dot(query.map(phi), key.map(phi)));
      return weights.map((weight) => weight / (sum(weights) + 1e-6));
    }),
  unnormalised: (length) => (q, k) =>
    q.map((query) => k.map((key) => dot(query.map(phi), key.map(phi)) / Math.sqrt(length))),
  softmax: () => (q, k) => {
    const totals = column(k, (values) => sum(values.map(Math.exp)));
    return q.map((query) =>
      k.map(
        (key) =>
          dot(
            softmax(query),
            key.map((value, i) => Math.exp(value) / at(totals, i)),
          ) / Math.sqrt(query.length),
      ),
    );
  },
};

describe('linear', () => {
  useBackend('wasm');

  it.each(['normalised', 'unnormalised', 'softmax'] as const)(
    'gives what the weights of pairs give in plain loops: %s',
    (form) => {
      const arbitrary = fc.record({
        real: fc.integer({ min: 1, max: 9 }),
        padding: fc.integer({ min: 0, max: 3 }),
        count: fc.constantFrom(1, 2, 4),
      });
      fc.assert(
        fc.property(arbitrary, ({ real, padding, count }) => {
          const sizes = { length: real + padding, hidden, heads: count };
          const subject = createSubject(preset(architecture, { form }), sizes, 1, 0.5);
          tf.tidy(() => {
            const tokens = randomTokens(1, sizes);
            const y = at(subject.mix(tokens, maskOf([real], sizes.length)).arraySync(), 0).slice(0, real);
            const x = at(tokens.arraySync(), 0).slice(0, real);
            const weights = weightsOf(subject.parameters);
            const dense = (rows: Matrix, name: string) =>
              times(rows, weights.matrix(`${name}.kernel`), weights.vector(`${name}.bias`));
            const [q, k, v] = [dense(x, 'query'), dense(x, 'key'), dense(x, 'value')];
            const size = hidden / count;
            const part = (rows: Matrix, h: number) => rows.map((row) => row.slice(h * size, (h + 1) * size));
            const parts = Array.from({ length: count }, (_, h) =>
              times(heads[form](sizes.length)(part(q, h), part(k, h)), part(v, h)),
            );
            const joined = x.map((_, n) => parts.flatMap((head) => at(head, n)));
            expect(distance(y, dense(joined, 'output'))).toBeLessThan(1e-4);
          });
          subject.dispose();
        }),
        { numRuns: 15 },
      );
    },
  );

  it('gives a row of padding alone the bias of its output, and nothing else', () => {
    const subject = createSubject(architecture, { length: 5, hidden, heads: 2 });
    tf.tidy(() => {
      const y = subject.mix(randomTokens(1, { length: 5, hidden, heads: 2 }), maskOf([0], 5)).arraySync();
      const bias = weightsOf(subject.parameters).vector('output.bias');
      expect(
        distance(
          at(y, 0),
          Array.from({ length: 5 }, () => bias),
        ),
      ).toBeLessThan(1e-6);
    });
    subject.dispose();
  });

  it('costs what it declares, in every form', () => {
    const given = fc.record({
      form: fc.constantFrom('normalised', 'unnormalised', 'softmax'),
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
