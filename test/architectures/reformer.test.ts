/** Reformer against a second implementation: rounds, chunks and pairs in plain loops and float64. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { angularHash, bucketFactors } from '../../architectures/layers/angular-hash.js';
import { normals } from '../../architectures/random.js';
import { reformer } from '../../architectures/reformer.js';
import { createParameters } from '../../architectures/scope.js';
import { checkCounts } from '../../harness/conformance/counts.js';
import { largestDifference, maskOf, randomTokens } from '../../harness/conformance/subject.js';
import { useBackend } from '../support/backend.js';
import { distance, withOptions } from '../support/plain-attention.js';
import { at, sum } from '../support/plain-loops.js';
import type { Matrix } from '../support/plain-loops.js';

interface Case {
  readonly real: number;
  readonly padding: number;
  readonly bucketSize: number;
  readonly rounds: number;
  readonly causal: boolean;
}

/** Places that stand side by side: of every chunk its queries, and the keys of it and of the chunk before. */
function chunksOf(buckets: Matrix, { real, padding, bucketSize }: Case): { own: number[]; keys: number[] }[] {
  const length = Math.ceil((real + padding) / bucketSize) * bucketSize;
  const list = buckets.flatMap((round) => {
    const bucket = (place: number) => (place < real ? at(round, place) : Infinity);
    return Array.from({ length }, (_, place) => place).sort(
      (a, b) => (bucket(a) === bucket(b) ? 0 : bucket(a) - bucket(b)) || a - b,
    );
  });
  const chunks = Array.from({ length: list.length / bucketSize }, (_, c) =>
    list.slice(c * bucketSize, (c + 1) * bucketSize),
  );
  return chunks.map((own, c) => ({ own, keys: [...own, ...at(chunks, (c || chunks.length) - 1)] }));
}

/** One head. Padding keeps its own value. */
function plainReformer(qk: Matrix, v: Matrix, buckets: Matrix, each: Case): Matrix {
  const { real, padding, bucketSize, causal } = each;
  const size = at(qk, 0).length;
  const single = real + padding <= bucketSize;
  const all = Array.from({ length: real }, (_, place) => place);
  const chunks = single ? [{ own: all, keys: all }] : chunksOf(buckets, each);
  const score = (i: number, j: number): number => {
    if (i === j) return -5e4;
    const length = Math.sqrt(sum(at(qk, j).map((value) => value * value)));
    return sum(at(qk, i).map((value, f) => value * at(at(qk, j), f))) / length / Math.sqrt(size);
  };
  return v.map((own, i) => {
    if (i >= real) return own;
    const rounds = chunks
      .filter((chunk) => chunk.own.includes(i))
      .map(({ keys }) => {
        const seen = keys.filter((j) => j < real && !(causal && j > i));
        const scores = seen.map((j) => score(i, j));
        const largest = Math.max(...scores);
        const weights = scores.map((each) => Math.exp(each - largest));
        const total = sum(weights);
        const mean = own.map((_, f) => sum(seen.map((j, k) => (at(weights, k) / total) * at(at(v, j), f))));
        return { mean, logSum: largest + Math.log(total) };
      });
    const largest = Math.max(...rounds.map(({ logSum }) => logSum));
    const shares = rounds.map(({ logSum }) => Math.exp(logSum - largest));
    return own.map((_, f) => sum(rounds.map(({ mean }, r) => (at(shares, r) / sum(shares)) * at(mean, f))));
  });
}

const still = () => ({ training: false, seed: tf.tensor1d([1], 'int32') });

const cases = fc.record({
  real: fc.integer({ min: 1, max: 40 }),
  padding: fc.integer({ min: 0, max: 12 }),
  bucketSize: fc.constantFrom(1, 3, 4, 16),
  rounds: fc.integer({ min: 1, max: 3 }),
  causal: fc.boolean(),
});

describe('reformer', () => {
  useBackend('wasm');

  it('attends in every round to the chunk of a token and the one before', () => {
    fc.assert(
      fc.property(cases, (each) => {
        tf.tidy(() => {
          const length = each.real + each.padding;
          const [rows, size] = [2, 4];
          const draw = (name: string): Tensor3D =>
            tf.tensor3d(normals(rows * length * size, 1, 1, name), [rows, length, size]);
          const [qk, v] = [draw('qk'), draw('v')];
          const factors = bucketFactors(Math.ceil(length / each.bucketSize));
          const rotations = tf.tensor3d(normals(size * each.rounds * 32, 1, 1, 'r'), [size, each.rounds, 32]);
          const buckets = angularHash(qk, rotations, factors).arraySync();
          const options = reformer.options.parse({
            bucketSize: each.bucketSize,
            rounds: each.rounds,
            causal: each.causal,
          });
          const mask = maskOf([each.real, each.real], length);
          const y = reformer.core({ qk, v }, options, { mask, given: { rotations }, ...still() });
          y.arraySync().forEach((row, r) => {
            const expected = plainReformer(at(qk.arraySync(), r), at(v.arraySync(), r), at(buckets, r), each);
            expect(distance(row, expected)).toBeLessThan(1e-4);
          });
        });
      }),
      { numRuns: 60 },
    );
  });

  it('draws rotations once, and works for inputs longer and shorter than it was built for', () => {
    tf.tidy(() => {
      const sizes = { length: 40, hidden: 8, heads: 2 };
      const parameters = createParameters(1);
      const mix = reformer.create(parameters.scope, sizes, reformer.options.parse({ bucketSize: 4 }));
      for (const length of [1, 4, 5, 40, 300]) {
        const x = randomTokens(2, { ...sizes, length });
        const context = { mask: maskOf([length, Math.ceil(length / 2)], length), ...still() };
        const y = mix(x, context);
        expect(y.dataSync().every(Number.isFinite)).toBe(true);
        expect(largestDifference(y, mix(x, context))).toBe(0);
      }
      parameters.dispose();
    });
  });

  it('hides later tokens with `causal`, strictly so within one chunk', () => {
    tf.tidy(() => {
      const sizes = { length: 20, hidden: 8, heads: 2 };
      const parameters = createParameters(1);
      const mix = reformer.create(parameters.scope, sizes, reformer.options.parse({ causal: true }));
      const x = randomTokens(1, sizes);
      const changed = tf.concat(
        [tf.slice(x, [0, 0, 0], [1, 10, 8]), randomTokens(1, { ...sizes, length: 10 }, 5)],
        1,
      );
      const first = (tokens: Tensor3D) =>
        tf.slice(mix(tokens, { mask: maskOf([20], 20), ...still() }), [0, 0, 0], [1, 10, 8]);
      expect(largestDifference(first(x), first(changed))).toBeLessThan(1e-6);
      parameters.dispose();
    });
  });

  it('declares what it costs, for every option', () => {
    for (const options of [
      { bucketSize: 1, rounds: 2 },
      { bucketSize: 1024 },
      { bucketSize: 5, rounds: 1, outputProjection: false },
      { bucketSize: 8, causal: true },
    ]) {
      const failed = checkCounts(withOptions(reformer, options)).filter(({ passed }) => !passed);
      expect(failed).toEqual([]);
    }
  });

  it('shares queries and keys: one dense layer less than the Transformer, two without bias', () => {
    const { parameters } = reformer.cost({ length: 512, hidden: 256, heads: 16 }, reformer.options.parse({}));
    expect(parameters).toBe(3 * 256 * 256 + 256);
  });
});
