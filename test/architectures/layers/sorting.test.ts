/** Hashing, sorting and taking tokens in another order, on the backends that need no installation. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  angularHash,
  bucketFactors,
  mostColumns,
  rotationColumns,
} from '../../../architectures/layers/angular-hash.js';
import { addToRows, inversePlaces, takeRows, takeTokens } from '../../../architectures/layers/select-rows.js';
import { withPrevious, withPreviousAdjoint } from '../../../architectures/layers/sorted-chunks.js';
import { paddingLast, sortByBucket } from '../../../architectures/layers/sorted-order.js';
import { combineRounds, combineRoundsGradient } from '../../../architectures/layers/combine-rounds.js';
import { unitLength } from '../../../architectures/layers/unit-length.js';
import { normals } from '../../../architectures/random.js';
import { useBackend } from '../../support/backend.js';
import { numericGradient } from '../../support/finite-difference.js';

const random = (shape: number[], name = 'x'): Tensor =>
  tf.tensor(normals(tf.util.sizeFromShape(shape), 1, 1, name), shape);

const expectClose = (actual: Tensor, expected: ArrayLike<number>, tolerance = 1e-5) => {
  const values = actual.dataSync();
  expect(values).toHaveLength(expected.length);
  Array.from(expected).forEach((value, i) => {
    expect(Math.abs((values[i] ?? NaN) - value), `number ${i}`).toBeLessThan(tolerance);
  });
};

/** <f(x), y> = <x, f*(y)> for a linear f and its adjoint f*. */
const expectAdjoint = (x: Tensor, fx: Tensor, y: Tensor, fy: Tensor) => {
  const [left, right] = [tf.sum(tf.mul(fx, y)).dataSync(), tf.sum(tf.mul(x, fy)).dataSync()];
  expect(Math.abs((left[0] ?? NaN) - (right[0] ?? NaN))).toBeLessThan(1e-3);
};

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  useBackend(backend);
  beforeEach(() => {
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
  });

  it('rows are taken by index, and added up where they came from', () => {
    const index = tf.tensor2d([4, 0, 4, 2], [4, 1], 'int32');
    const [x, y] = [random([5, 3]), random([4, 3], 'y') as Tensor2D];
    const rows = x.arraySync() as number[][];
    expectClose(
      takeRows(x, index),
      [4, 0, 4, 2].flatMap((i) => rows[i] ?? []),
    );
    expectAdjoint(x, takeRows(x, index), y, addToRows(y, index, 5));
  });

  it('tokens are sorted by bucket, then by place, in every round', () => {
    const arbitrary = fc.record({
      rounds: fc.integer({ min: 1, max: 3 }),
      length: fc.integer({ min: 1, max: 40 }),
      seed: fc.integer({ min: 0, max: 1000 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ rounds, length, seed }) => {
        tf.tidy(() => {
          const flat = Array.from({ length: 2 * rounds * length }, (_, i) => (i * 7919 + seed * 31) % 6);
          const buckets = tf.tensor3d(flat, [2, rounds, length], 'int32');
          const places = sortByBucket(buckets, 6);
          const expected = buckets
            .arraySync()
            .map((row) =>
              row.map((round) => round.map((_, i) => i).sort((a, b) => (round[a] ?? 0) - (round[b] ?? 0))),
            );
          expect(places.arraySync()).toEqual(expected);
          const tokens = random([2, length, 2]) as Tensor3D;
          const back = takeTokens(
            takeTokens(tokens, places),
            tf.reshape<tf.Rank.R3>(inversePlaces(places), [2 * rounds, 1, length]),
          );
          const copies = tf.tile(tf.reshape(tokens, [2, 1, length, 2]), [1, rounds, 1, 1]);
          expectClose(back, copies.dataSync(), 1e-9);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('sorts what float32 cannot tell apart, and refuses what int32 cannot', () => {
    const length = 2 ** 13;
    // Keys round 2^26: neighbours are one float32.
    const buckets = tf.fill<tf.Rank.R3>([1, 1, length], 2 ** 13 - 1, 'int32');
    const places = sortByBucket(buckets, 2 ** 13).dataSync();
    expect(places.every((place: number, i: number) => place === i)).toBe(true);
    expect(() => sortByBucket(buckets, 2 ** 18)).toThrow('larger buckets');
  });

  it('padding comes after all buckets', () => {
    const buckets = tf.tensor3d([1, 0, 3, 0, 2, 1, 1, 3], [2, 1, 4], 'int32');
    const real = tf.tensor3d([1, 0, 1, 1, 1, 1, 0, 0], [2, 4, 1]);
    expect(paddingLast(buckets, real, 6, 4).arraySync()).toEqual([
      [[1, 4, 3, 0, 4, 4]],
      [[2, 1, 4, 4, 4, 4]],
    ]);
  });

  it('a hash is the nearest of the rotated axes and their opposites; two hashes count up', () => {
    const [x, rotations] = [random([2, 9, 4]) as Tensor3D, random([4, 3, 5], 'rotations') as Tensor3D];
    const nearest = (token: number[], round: number, from: number, columns: number): number => {
      const scores = Array.from({ length: columns }, (_, c) =>
        token.reduce(
          (sum, value, i) => sum + value * ((rotations.arraySync()[i]?.[round] ?? [])[from + c] ?? NaN),
          0,
        ),
      );
      const both = [...scores, ...scores.map((score) => -score)];
      return both.indexOf(Math.max(...both));
    };
    const rounds = [0, 1, 2];
    const rows = x.arraySync();
    expect(angularHash(x, rotations, [8]).arraySync()).toEqual(
      rows.map((row) => rounds.map((round) => row.map((token) => nearest(token, round, 0, 4)))),
    );
    expect(angularHash(x, rotations, [4, 6]).arraySync()).toEqual(
      rows.map((row) =>
        rounds.map((round) =>
          row.map((token) => 6 * nearest(token, round, 0, 2) + nearest(token, round, 2, 3)),
        ),
      ),
    );
  });

  it('a chunk stands before the one that came before it, round the end', () => {
    const x = tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 3, 2]);
    expect(withPrevious(x).arraySync()).toEqual([
      [
        [1, 2, 5, 6],
        [3, 4, 1, 2],
        [5, 6, 3, 4],
      ],
    ]);
    const [a, b] = [random([2, 4, 3]) as Tensor3D, random([2, 4, 6], 'y') as Tensor3D];
    expectAdjoint(a, withPrevious(a), b, withPreviousAdjoint(b));
  });

  it('rounds count by how much they summed, with the gradient of finite differences', () => {
    const out = random([1, 3, 2, 3]) as Tensor4D;
    const [rounds] = out.arraySync();
    const at = (n: number, i: number): number => {
      const weights = (rounds ?? []).map((round) => Math.exp(round[n]?.[2] ?? NaN));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return (rounds ?? []).reduce(
        (sum, round, r) => sum + ((weights[r] ?? NaN) / total) * (round[n]?.[i] ?? NaN),
        0,
      );
    };
    expectClose(combineRounds(out), [at(0, 0), at(0, 1), at(1, 0), at(1, 1)]);
    const slope = random([1, 2, 2], 'slope') as Tensor3D;
    const numeric = numericGradient((x) => tf.sum(tf.mul(combineRounds(x as Tensor4D), slope)), out);
    expectClose(combineRoundsGradient(out, slope), numeric, 5e-3);
  });

  it('unit length has length one, keeps zeros, and has the gradient of finite differences', () => {
    expectClose(unitLength(tf.tensor2d([3, 4, 0, 0, 6e8, -8e8], [3, 2])), [0.6, 0.8, 0, 0, 0.6, -0.8]);
    const [x, slope] = [random([3, 4]), random([3, 4], 'slope')];
    const f = (t: Tensor): tf.Scalar => tf.sum(tf.mul(unitLength(t), slope));
    expectClose(tf.grad(f)(x), numericGradient(f, x), 5e-3);
    const ofZero = tf
      .grad(f)(tf.zeros([3, 4]))
      .dataSync();
    expect(ofZero.every(Number.isFinite)).toBe(true);
  });
});

it('buckets are about as many as chunks, and a token costs no more than 32 columns up to 1,024 chunks', () => {
  expect(bucketFactors(8)).toEqual([8]);
  expect(bucketFactors(9)).toEqual([10]);
  expect(bucketFactors(64)).toEqual([64]);
  expect(bucketFactors(1024)).toEqual([32, 32]);
  expect(bucketFactors(40, 5)).toEqual([10]); // of rotations that were drawn for less
  for (const chunks of [1, 2, 3, 7, 64, 65, 100, 1024]) {
    expect(mostColumns(chunks)).toBeLessThanOrEqual(32);
    for (let fewer = 1; fewer <= chunks; fewer++)
      expect(rotationColumns(bucketFactors(fewer))).toBeLessThanOrEqual(mostColumns(chunks));
  }
});
