/** Random projections: orthogonal within a block, each row N(0, I) by itself, drawn in plain loops or from a seed tensor. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { drawProjection, redrawProjection } from '../../../architectures/layers/random-projection.js';
import { stream } from '../../../architectures/random.js';
import type { BackendName } from '../../../harness/backends/index.js';
import { useBackend } from '../../support/backend.js';
import { at, column, sum } from '../../support/plain-loops.js';
import type { Matrix } from '../../support/plain-loops.js';

type Draw = (seed: number, features: number, size: number) => Matrix;

const plain: Draw = (seed, features, size) => {
  const values = drawProjection(stream(seed, 'projection'), features, size);
  return Array.from({ length: features }, (_, i) => Array.from(values.slice(i * size, (i + 1) * size)));
};

const ops: Draw = (seed, features, size) =>
  tf.tidy(() => redrawProjection(tf.tensor1d([seed], 'int32'), 'here', features, size).arraySync());

const norm = (row: readonly number[]): number => Math.sqrt(sum(row.map((value) => value ** 2)));
const cosine = (a: readonly number[], b: readonly number[]): number =>
  sum(a.map((value, i) => value * at(b, i))) / (norm(a) * norm(b));

function promiseProjections(draw: Draw): void {
  it('has orthogonal rows within each block of d, the last and shorter one too', () => {
    for (const [features, size] of [
      [44, 16],
      [5, 3],
      [3, 8],
      [4, 1],
      [70, 64],
    ] as const) {
      const rows = draw(3, features, size);
      expect(rows).toHaveLength(features);
      rows.forEach((row, i) => {
        for (const other of rows.slice(i - (i % size), i))
          expect(Math.abs(cosine(row, other)), `${features} x ${size}`).toBeLessThan(1e-4);
      });
    }
  });

  it('has rows of N(0, I): mean 0, variance 1 and squared length d with variance 2 d', () => {
    const size = 4;
    // The first rows of many draws: a factorisation with fixed signs would show in their mean.
    const rows = Array.from({ length: 500 }, (_, i) => at(draw(i + 1, 2, size), 0));
    for (const mean of column(rows, (values) => sum(values) / values.length))
      expect(Math.abs(mean)).toBeLessThan(0.25);
    for (const variance of column(rows, (values) => sum(values.map((x) => x * x)) / values.length))
      expect(Math.abs(variance - 1)).toBeLessThan(0.35);
    const squares = rows.map((row) => norm(row) ** 2);
    const mean = sum(squares) / squares.length;
    const variance = sum(squares.map((value) => (value - mean) ** 2)) / squares.length;
    expect(Math.abs(mean - size)).toBeLessThan(0.6);
    expect(Math.abs(variance - 2 * size)).toBeLessThan(4);
  });

  it('repeats for a seed and differs between seeds', () => {
    expect(draw(5, 6, 4)).toEqual(draw(5, 6, 4));
    expect(draw(5, 6, 4)).not.toEqual(draw(6, 6, 4));
  });
}

describe('drawProjection', () => {
  promiseProjections(plain);
});

describe.each<BackendName>(['wasm', 'cpu'])('redrawProjection on %s', (backend) => {
  useBackend(backend);
  promiseProjections(ops);

  it('draws something else at another place of the model', () => {
    const here = ops(1, 4, 4);
    const there = tf.tidy(() => redrawProjection(tf.tensor1d([1], 'int32'), 'there', 4, 4).arraySync());
    expect(here).not.toEqual(there);
  });
});
