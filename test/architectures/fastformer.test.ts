/** Fastformer against a second implementation: the paper's equations in plain loops and float64. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fastformer } from '../../architectures/fastformer.js';
import { createSubject, maskOf, randomTokens } from '../../harness/conformance/subject.js';
import type { Architecture } from '../../architectures/contract.js';
import { useBackend } from '../support/backend.js';

type Matrix = number[][];

const times = (x: Matrix, kernel: Matrix, bias: number[]): Matrix =>
  x.map((row) =>
    bias.map((offset, j) => row.reduce((sum, value, i) => sum + value * (kernel[i]?.[j] ?? NaN), offset)),
  );

/** Equations 3 to 6 for one head and one sequence without padding. */
function head(q: Matrix, k: Matrix, wq: number[], wk: number[]): Matrix {
  const size = wq.length;
  const pool = (rows: Matrix, w: number[]): number[] => {
    const scores = rows.map((row) => row.reduce((sum, x, i) => sum + x * (w[i] ?? NaN), 0) / Math.sqrt(size));
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    return w.map((_, i) =>
      rows.reduce((sum, row, n) => sum + (Math.exp(scores[n] ?? NaN) / total) * (row[i] ?? NaN), 0),
    );
  };
  const globalQuery = pool(q, wq);
  const p = k.map((row) => row.map((value, i) => value * (globalQuery[i] ?? NaN)));
  const globalKey = pool(p, wk);
  return q.map((row) => row.map((value, i) => value * (globalKey[i] ?? NaN)));
}

/** The paper's form with V = Q: R = linear(u), output R + Q. */
function paperForm(x: Matrix, weights: Record<string, Matrix | number[]>, heads: number): Matrix {
  const dense = (rows: Matrix, name: string) =>
    times(rows, weights[`${name}.kernel`] as Matrix, weights[`${name}.bias`] as number[]);
  const [q, k] = [dense(x, 'query'), dense(x, 'key')];
  const size = (q[0]?.length ?? 0) / heads;
  const slice = (rows: Matrix, h: number) => rows.map((row) => row.slice(h * size, (h + 1) * size));
  const vector = (name: string, h: number) => (weights[name] as number[]).slice(h * size, (h + 1) * size);
  const parts = Array.from({ length: heads }, (_, h) =>
    head(slice(q, h), slice(k, h), vector('query_att.kernel', h), vector('key_att.kernel', h)),
  );
  const joined = q.map((_, n) => parts.flatMap((part) => part[n] ?? []));
  return dense(joined, 'transform').map((row, n) => row.map((value, i) => value + (q[n]?.[i] ?? NaN)));
}

describe('the paper form of fastformer', () => {
  useBackend('wasm');
  const options = { logits: 'head', outputProjection: false } as const;
  const paper: Architecture = {
    ...(fastformer as unknown as Architecture),
    cost: (sizes) => fastformer.cost(sizes, options),
    create: (scope, sizes) => fastformer.create(scope, sizes, options),
  };

  it('gives what the equations give in plain loops, with and without padding', () => {
    const arbitrary = fc.record({
      length: fc.integer({ min: 1, max: 12 }),
      heads: fc.constantFrom(1, 2, 4),
      padding: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ length, heads, padding }) => {
        const sizes = { length: length + padding, hidden: 8, heads };
        const subject = createSubject(paper, sizes, 1, 0.5);
        const x = randomTokens(1, sizes);
        const y = tf.tidy(() => subject.mix(x, maskOf([length], sizes.length)).arraySync());
        const weights = Object.fromEntries(
          [...subject.parameters].map(([name, value]) => [name, value.arraySync()]),
        ) as Record<string, Matrix>;
        const expected = paperForm(x.arraySync()[0]!.slice(0, length), weights, heads);
        subject.dispose();
        x.dispose();
        expected.forEach((row, n) => {
          row.forEach((value, i) => {
            expect(Math.abs(value - (y[0]?.[n]?.[i] ?? NaN))).toBeLessThan(1e-4);
          });
        });
      }),
      { numRuns: 20 },
    );
  });

  it('declares what it costs', () => {
    // 3 D^2 + 2 D weights and 3 D biases: the paper's 3hd^2 + 2hd, with h d = D.
    expect(fastformer.cost({ length: 1, hidden: 256, heads: 16 }, options).parameters).toBe(
      3 * 256 * 256 + 3 * 256 + 2 * 256,
    );
    // The official attention module has 205,600 parameters; the projection after it 65,792 more.
    const official = fastformer.options.parse({});
    expect(fastformer.cost({ length: 1, hidden: 256, heads: 16 }, official).parameters).toBe(
      205_600 + 65_792,
    );
  });

  it('keeps equal tokens equal: it has no notion of place', () => {
    tf.tidy(() => {
      const sizes = { length: 6, hidden: 8, heads: 2 };
      const subject = createSubject(paper, sizes);
      const x = randomTokens(1, sizes);
      const turned = tf.reverse(subject.mix(tf.reverse(x, 1)), 1);
      const difference = tf.max(tf.abs(tf.sub(subject.mix(x), turned))).dataSync()[0];
      subject.dispose();
      expect(difference).toBeLessThan(1e-5);
    });
  });
});
