/** Fastformer against a second implementation: the paper's equations in plain loops and float64. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fastformer } from '../../architectures/fastformer.js';
import { countMatrixProducts } from '../../harness/conformance/counts.js';
import { checkAllGradients } from '../../harness/conformance/gradients.js';
import { preset } from '../../harness/conformance/preset.js';
import { createSubject, maskOf, randomTokens } from '../../harness/conformance/subject.js';
import type { Architecture } from '../../architectures/contract.js';
import { useBackend } from '../support/backend.js';
import { at, column, sum, times, weightsOf } from '../support/plain-loops.js';
import type { Matrix, Weights } from '../support/plain-loops.js';

type Options = ReturnType<typeof fastformer.options.parse>;

/** The weighted sum of the rows by softmax(scores / sqrt(size)). */
function softmaxSum(rows: Matrix, scores: readonly number[], size: number): number[] {
  const weights = scores.map((score) => Math.exp(score / Math.sqrt(size)));
  const total = sum(weights);
  return column(rows, (values) => sum(values.map((value, n) => (at(weights, n) / total) * value)));
}

/** Equations 3 and 4, head by head, or the mean or maximum that may stand in their place. */
function pool(rows: Matrix, name: string, weights: Weights, heads: number, options: Options): number[] {
  if (options.pooling === 'mean') return column(rows, (values) => sum(values) / values.length);
  if (options.pooling === 'max') return column(rows, (values) => Math.max(...values));
  const size = at(rows, 0).length / heads;
  const perHead = Array.from({ length: heads }, (_, h) => {
    const own = rows.map((row) => row.slice(h * size, (h + 1) * size));
    if (options.logits === 'head') {
      const vector = weights
        .vector(`${name}.kernel`)
        .slice(...(options.shareHeads ? [0, size] : [h * size, (h + 1) * size]));
      return softmaxSum(
        own,
        own.map((row) => sum(row.map((value, i) => value * at(vector, i)))),
        size,
      );
    }
    const scores = times(rows, weights.matrix(`${name}.kernel`), weights.vector(`${name}.bias`));
    return softmaxSum(
      own,
      scores.map((row) => at(row, options.shareHeads ? 0 : h)),
      size,
    );
  });
  return perHead.flat();
}

/** Figure 3 and two more: how g meets a row. W [x, g] by one matrix of 2D rows. */
function meet(
  rows: Matrix,
  g: number[],
  name: string,
  weights: Weights,
  kind: Options['interaction'],
): Matrix {
  if (kind === 'product') return rows.map((row) => row.map((value, i) => value * at(g, i)));
  if (kind === 'add') return rows.map((row) => row.map((value, i) => value + at(g, i)));
  const joint = [...weights.matrix(`${name}_token.kernel`), ...weights.matrix(`${name}_global.kernel`)];
  const mapped = times(
    rows.map((row) => [...row, ...g]),
    joint,
    weights.vector(`${name}_token.bias`),
  );
  if (kind === 'concatenate') return mapped;
  if (kind === 'gated') {
    return mapped.map((row, n) =>
      row.map((value, i) => {
        const gate = 1 / (1 + Math.exp(-value));
        return gate * at(at(rows, n), i) + (1 - gate) * at(g, i);
      }),
    );
  }
  const inner = mapped.map((row) => row.map(gelu));
  return times(inner, weights.matrix(`${name}_out.kernel`), weights.vector(`${name}_out.bias`));
}

/** x Phi(x), with Phi by Simpson's rule over the density. */
function gelu(x: number): number {
  const steps = 200;
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  const parts = Array.from({ length: steps + 1 }, (_, i) => {
    const factor = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    return factor * density((x * i) / steps);
  });
  return x * (0.5 + (x / steps / 3) * sum(parts));
}

/** The whole mixer for one sequence without padding. */
function fastformerLoops(x: Matrix, weights: Weights, heads: number, options: Options): Matrix {
  const dense = (rows: Matrix, name: string) =>
    times(rows, weights.matrix(`${name}.kernel`), weights.vector(`${name}.bias`));
  const [q, k] = [dense(x, 'query'), dense(x, 'key')];
  const v = options.shareQueryValue ? q : dense(x, 'value');
  const p = meet(
    k,
    pool(q, 'query_att', weights, heads, options),
    'key_interaction',
    weights,
    options.interaction,
  );
  const globalKey = pool(p, 'key_att', weights, heads, options);
  const u = meet(v, globalKey, 'value_interaction', weights, options.interaction);
  const size = at(q, 0).length / heads;
  const r = options.shareHeads
    ? u.map((row) =>
        Array.from({ length: heads }, (_, h) =>
          dense([row.slice(h * size, (h + 1) * size)], 'transform'),
        ).flat(2),
      )
    : dense(u, 'transform');
  const y =
    options.residual === 'query' ? r.map((row, n) => row.map((value, i) => value + at(at(q, n), i))) : r;
  return options.outputProjection ? dense(y, 'output') : y;
}

const anyOptions: fc.Arbitrary<Options> = fc.record({
  pooling: fc.constantFrom('additive', 'mean', 'max'),
  interaction: fc.constantFrom('product', 'add', 'concatenate', 'mlp', 'gated'),
  shareQueryValue: fc.boolean(),
  shareHeads: fc.boolean(),
  logits: fc.constantFrom('whole', 'head'),
  residual: fc.constantFrom('query', 'none'),
  outputProjection: fc.boolean(),
  form: fc.constantFrom('pooled', 'textbook'),
});

const withOptions = (options: Partial<Options>): Architecture => preset(fastformer, options);

describe('fastformer', () => {
  useBackend('wasm');

  it('gives what the equations give in plain loops, for any options, with and without padding', () => {
    const arbitrary = fc.record({
      options: anyOptions,
      length: fc.integer({ min: 1, max: 12 }),
      heads: fc.constantFrom(1, 2, 4),
      padding: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ options, length, heads, padding }) => {
        const sizes = { length: length + padding, hidden: 8, heads };
        const subject = createSubject(withOptions(options), sizes, 1, 0.5);
        const x = randomTokens(1, sizes);
        const y = tf.tidy(() => at(subject.mix(x, maskOf([length], sizes.length)).arraySync(), 0));
        const tokens = at(x.arraySync(), 0).slice(0, length);
        const expected = fastformerLoops(tokens, weightsOf(subject.parameters), heads, options);
        subject.dispose();
        x.dispose();
        const largest = Math.max(1, ...expected.flat().map(Math.abs));
        expected.forEach((row, n) => {
          row.forEach((value, i) => {
            expect(Math.abs(value - at(at(y, n), i)) / largest).toBeLessThan(1e-4);
          });
        });
      }),
      { numRuns: 150 },
    );
  });

  it('declares what it costs, for any options', () => {
    const length = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(anyOptions, length, fc.constantFrom(1, 2, 4), (options, tokens, heads) => {
        const sizes = { length: tokens, hidden: 8, heads };
        const subject = createSubject(withOptions(options), sizes);
        const products = countMatrixProducts(() => {
          tf.tidy(() => subject.mix(randomTokens(1, sizes)));
        });
        const parameters = sum([...subject.parameters.values()].map(({ size }) => size));
        subject.dispose();
        expect(fastformer.cost(sizes, options)).toEqual({ parameters, ...products });
      }),
      { numRuns: 100 },
    );
  });

  it('has as many parameters as the paper and the official code', () => {
    const sizes = { length: 1, hidden: 256, heads: 16 };
    const count = (options: Partial<Options>) =>
      fastformer.cost(sizes, fastformer.options.parse(options)).parameters;
    // 3 D^2 + 2 D weights and 3 D biases: the paper's 3hd^2 + 2hd, with h d = D.
    expect(count({ logits: 'head', outputProjection: false })).toBe(3 * 256 * 256 + 3 * 256 + 2 * 256);
    // The official attention module has 205,600 parameters; the projection after it 65,792 more.
    expect(count({})).toBe(205_600 + 65_792);
    expect(count({ outputProjection: false })).toBe(205_600);
  });

  it.each<Partial<Options>>([
    { interaction: 'add', pooling: 'mean' },
    { interaction: 'concatenate', shareQueryValue: false },
    { interaction: 'mlp', logits: 'head' },
    { interaction: 'gated', shareHeads: true },
    { logits: 'head', shareHeads: true, residual: 'none' },
  ])('has the gradients of finite differences with %o', (options) => {
    const check = checkAllGradients(withOptions(options), { length: 5, hidden: 6, heads: 3 });
    expect(check).toMatchObject({ passed: true });
  });

  it.each<Partial<Options>>([
    {},
    { pooling: 'mean', shareQueryValue: false },
    { logits: 'head', shareHeads: true, residual: 'none', outputProjection: false },
  ])('has them too where sums come first, and where a text has one matrix, with %o', (options) => {
    for (const sizes of [
      { length: 8, hidden: 12, heads: 2 },
      { length: 13, hidden: 6, heads: 3 },
    ])
      expect(checkAllGradients(withOptions(options), sizes)).toMatchObject({ passed: true });
  });

  it('is one function in both its forms, and makes fewer products in the one that is not the textbook’s', () => {
    const sizes = { length: 70, hidden: 16, heads: 4 };
    const [pooled, textbook] = (['pooled', 'textbook'] as const).map((form) => {
      const subject = createSubject(withOptions({ form }), sizes, 1, 0.3);
      const y = tf.tidy(() => subject.mix(randomTokens(2, sizes), maskOf([70, 33], 70)).dataSync());
      subject.dispose();
      return { y, ...fastformer.cost(sizes, fastformer.options.parse({ form })) };
    });
    const largest = Math.max(...(textbook?.y ?? []).map(Math.abs));
    pooled?.y.forEach((value, i) => {
      expect(Math.abs(value - (textbook?.y[i] ?? NaN)) / largest).toBeLessThan(1e-5);
    });
    expect(pooled?.parameters).toBe(textbook?.parameters);
    expect(pooled?.multiplyAdds).toBeLessThan(0.75 * (textbook?.multiplyAdds ?? 0));
  });

  it('shares the gradient of a maximum between the tokens that have it', () => {
    tf.tidy(() => {
      const options = { pooling: 'max', interaction: 'add', residual: 'none' } as const;
      const subject = createSubject(withOptions(options), { length: 4, hidden: 2, heads: 1 });
      const token = randomTokens(1, { length: 1, hidden: 2, heads: 1 });
      const gradientOf = (tokens: tf.Tensor, real: number) => {
        const total = (x: tf.Tensor) =>
          tf.sum(tf.slice(subject.mix(x as tf.Tensor3D, maskOf([real], 4)), [0, 0, 0], [1, real, 2]));
        return at((tf.grad(total)(tokens) as tf.Tensor3D).arraySync(), 0);
      };
      const shares = gradientOf(tf.tile(token, [1, 4, 1]), 3);
      const alone = gradientOf(
        tf.pad(token, [
          [0, 0],
          [0, 3],
          [0, 0],
        ]),
        1,
      );
      subject.dispose();
      // Three equal tokens give three times the output of one: so do their gradients together. Padding has none.
      column(shares.slice(0, 3), sum).forEach((value, i) => {
        expect(value).toBeCloseTo(3 * at(at(alone, 0), i), 4);
      });
      expect(shares[3]?.map(Math.abs)).toEqual([0, 0]);
    });
  });

  it('keeps equal tokens equal: it has no notion of place', () => {
    tf.tidy(() => {
      const sizes = { length: 6, hidden: 8, heads: 2 };
      const subject = createSubject(withOptions({ logits: 'head', outputProjection: false }), sizes);
      const x = randomTokens(1, sizes);
      const turned = tf.reverse(subject.mix(tf.reverse(x, 1)), 1);
      const difference = tf.max(tf.abs(tf.sub(subject.mix(x), turned))).dataSync()[0];
      subject.dispose();
      expect(difference).toBeLessThan(1e-5);
    });
  });
});
