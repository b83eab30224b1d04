/** What the suite's own kernels and repairs promise on every backend: the same tests for wasm, cpu and native. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gradientError, gradientTolerance } from '../../../harness/backends/finite-differences.js';
import type { BackendName } from '../../../harness/backends/index.js';
import { useBackend } from '../../support/backend.js';
import { promiseProducts } from './product-promises.js';

export function promiseKernels(name: BackendName): void {
  describe(`on ${name}`, () => {
    useBackend(name);
    let tensorsBefore = 0;
    beforeEach(() => {
      tensorsBefore = tf.memory().numTensors;
    });
    afterEach(() => {
      expect(tf.memory().numTensors, 'no tensor is left behind').toBe(tensorsBefore);
    });
    dropoutMasks();
    normalDraws();
    biases();
    gradients();
    parts();
    promiseProducts();
  });
}

const mask = (seed: number, stream: number, rate = 0.25, shape = [40, 50]): Float32Array =>
  tf.tidy(() => {
    const inputs = { seed: tf.tensor1d([seed], 'int32') };
    const drawn = tf.engine().runKernel<Tensor>('DropoutMask', inputs, { shape, rate, stream });
    expect(drawn.shape).toEqual(shape);
    expect(drawn.dtype).toBe('float32');
    return drawn.dataSync<'float32'>();
  });

function dropoutMasks(): void {
  it('gives the same dropout mask for the same seed and stream', () => {
    expect(mask(7, 3)).toEqual(mask(7, 3));
  });

  it('gives unrelated dropout masks for another seed or another stream', () => {
    const first = mask(7, 3);
    for (const other of [mask(8, 3), mask(7, 4), mask(3, 7)])
      expect(agreement(first, other)).toBeCloseTo(0.625, 1);
  });

  it('drops at the given rate and scales what it keeps', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0.1, 0.2, 0.5, 0.9),
        fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        (rate, seed) => {
          const drawn = mask(seed, 0, rate, [100, 100]);
          const dropped = drawn.filter((value) => value === 0).length / drawn.length;
          const deviation = Math.sqrt((rate * (1 - rate)) / drawn.length);
          expect(Math.abs(dropped - rate)).toBeLessThan(6 * deviation);
          const kept = drawn.find((value) => value !== 0);
          expect(kept).toBeCloseTo(1 / (1 - rate), 5);
          expect(new Set(drawn).size).toBe(2);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('drops nothing at rate 0', () => {
    expect(new Set(mask(5, 1, 0))).toEqual(new Set([1]));
  });
}

/** Share of places where both masks drop or both keep: 0.25² + 0.75² = 0.625 for unrelated ones. */
const agreement = (a: Float32Array, b: Float32Array): number =>
  a.filter((value, i) => (value === 0) === (b[i] === 0)).length / a.length;

const normals = (seed: number, stream: number, shape = [100, 101]): Float32Array =>
  tf.tidy(() => {
    const inputs = { seed: tf.tensor1d([seed], 'int32') };
    const drawn = tf.engine().runKernel<Tensor>('NormalDraw', inputs, { shape, stream });
    expect(drawn.shape).toEqual(shape);
    expect(drawn.dtype).toBe('float32');
    return drawn.dataSync<'float32'>();
  });

function normalDraws(): void {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;

  it('draws the same normal numbers for the same seed and stream', () => {
    expect(normals(7, 3)).toEqual(normals(7, 3));
  });

  it('draws unrelated normal numbers for another seed or another stream', () => {
    const first = Array.from(normals(7, 3));
    for (const other of [normals(8, 3), normals(7, 4), normals(3, 7)])
      expect(Math.abs(mean(first.map((value, i) => value * (other[i] ?? NaN))))).toBeLessThan(0.06);
  });

  it('draws from N(0, 1): mean, variance, fourth moment, and neighbours unrelated', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
        const drawn = Array.from(normals(seed, 0));
        expect(Math.abs(mean(drawn))).toBeLessThan(0.06);
        expect(Math.abs(mean(drawn.map((value) => value ** 2)) - 1)).toBeLessThan(0.09);
        expect(Math.abs(mean(drawn.map((value) => value ** 4)) - 3)).toBeLessThan(0.7);
        const next = drawn.slice(1);
        expect(Math.abs(mean(next.map((value, i) => value * (drawn[i] ?? NaN))))).toBeLessThan(0.06);
      }),
      { numRuns: 10 },
    );
  });
}

function biases(): void {
  it('adds a bias to every row', () => {
    const sum = tf.tidy(() => {
      const inputs = {
        x: tf.tensor2d([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
        bias: tf.tensor1d([10, 20]),
      };
      return tf.engine().runKernel<Tensor>('BiasAdd', inputs).arraySync();
    });
    expect(sum).toEqual([
      [11, 22],
      [13, 24],
      [15, 26],
    ]);
  });

  it('sums a gradient over rows for the bias', () => {
    const sum = tf.tidy(() =>
      tf
        .engine()
        .runKernel<Tensor>('BiasAddGrad', {
          dy: tf.tensor2d([
            [1, 2],
            [3, 4],
            [5, 6],
          ]),
        })
        .arraySync(),
    );
    expect(sum).toEqual([9, 12]);
  });

  it.each([[[0]], [[0, 1]], [[1, 0]], [[0, 1, 2]], [[1]], [[1, 2]], [[-1]]])(
    'sums over the axes %j as the definition says, kept or not',
    (axes) => {
      const shape = [3, 5, 2];
      const positive = axes.map((axis) => (axis + 3) % 3);
      const expected = new Map<string, number>();
      for (let i = 0; i < 30; i++) {
        const place = [Math.floor(i / 10), Math.floor(i / 2) % 5, i % 2].map((at, axis) =>
          positive.includes(axis) ? 0 : at,
        );
        expected.set(place.join(), (expected.get(place.join()) ?? 0) + i);
      }
      const x = tf.tidy(() => tf.reshape(tf.range(0, 30), shape));
      const kept = tf.sum(x, axes, true);
      const plain = tf.sum(x, axes);
      expect(kept.shape).toEqual(shape.map((size, axis) => (positive.includes(axis) ? 1 : size)));
      expect(plain.shape).toEqual(shape.filter((_, axis) => !positive.includes(axis)));
      for (const sum of [kept, plain]) expect(Array.from(sum.dataSync())).toEqual([...expected.values()]);
      tf.dispose([x, kept, plain]);
    },
  );

  it('keeps the numbers of a clone when the original goes, and the other way round', () => {
    const before = tf.memory().numTensors;
    const x = tf.tensor1d([1, 2, 3]);
    const first = tf.clone(x);
    const second = tf.clone(x);
    x.dispose();
    first.dispose();
    expect(Array.from(second.dataSync())).toEqual([1, 2, 3]);
    second.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
}

function gradients(): void {
  it.each([0, 1, 2, -1])('has the right gradient for cumsum along axis %i', (axis) => {
    for (const exclusive of [false, true])
      for (const reverse of [false, true]) {
        expect(gradientError((x) => tf.cumsum(x, axis, exclusive, reverse), [[3, 3, 3]])).toBeLessThan(
          gradientTolerance,
        );
      }
  });

  it('has the right gradient for cumsum of unequal sizes', () => {
    expect(gradientError((x) => tf.cumsum(x, 0), [[4, 3, 2]])).toBeLessThan(gradientTolerance);
  });

  it.each([
    [[3, 4], [4]],
    [[4], [3, 4]],
    [
      [2, 1, 3],
      [1, 4, 1],
    ],
    [[3], [3]],
    [[2, 2], []],
  ])('has the right gradient for squaredDifference of %j and %j', (a, b) => {
    expect(gradientError((x, y) => tf.squaredDifference(x, y), [a, b])).toBeLessThan(gradientTolerance);
  });

  it('trains embeddings: the gradient of gather adds up repeated rows', () => {
    const gather = (table: Tensor) =>
      tf.gather(
        table,
        tf.tensor2d(
          [
            [1, 4, 1],
            [0, 1, 4],
          ],
          [2, 3],
          'int32',
        ),
      );
    expect(gradientError(gather, [[5, 3]])).toBeLessThan(gradientTolerance);
  });

  it('leaves out segments that do not exist', () => {
    const sums = tf.tidy(() =>
      tf
        .unsortedSegmentSum(
          tf.tensor2d([
            [1, 2],
            [3, 4],
            [5, 6],
          ]),
          tf.tensor1d([1, -1, 1], 'int32'),
          3,
        )
        .arraySync(),
    );
    expect(sums).toEqual([
      [0, 0],
      [6, 8],
      [0, 0],
    ]);
  });

  it('has the right gradient for sums over leading axes', () => {
    expect(gradientError((x) => tf.square(tf.sum(x, [0, 1])), [[2, 3, 4]])).toBeLessThan(gradientTolerance);
    expect(gradientError((x) => tf.square(tf.sum(x, 0, true)), [[3, 4]])).toBeLessThan(gradientTolerance);
  });
}

/** Of a tensor: rows and ranges. */
function parts(): void {
  it('gathers rows of any shape by indices of any shape', () => {
    const [matrix, vector] = tf.tidy(() => {
      const table = tf.reshape(tf.range(0, 12), [3, 2, 2]);
      const indices = tf.tensor2d([2, 0, 0], [1, 3], 'int32');
      const gathered = tf.gather(table, indices);
      expect(gathered.shape).toEqual([1, 3, 2, 2]);
      return [gathered.dataSync(), tf.gather(tf.tensor1d([5, 7]), tf.tensor1d([1, 1], 'int32')).dataSync()];
    });
    expect([...matrix]).toEqual([8, 9, 10, 11, 0, 1, 2, 3, 0, 1, 2, 3]);
    expect([...vector]).toEqual([7, 7]);
  });

  it('slices what is asked for, one range or many', () => {
    const [rows, columns, none] = tf.tidy(() => {
      const x = tf.reshape(tf.range(0, 24), [4, 3, 2]);
      return [
        tf.slice(x, [1, 0, 0], [2, 3, 2]).dataSync(),
        tf.slice(x, [0, 1, 0], [4, 1, 1]).dataSync(),
        tf.slice(x, [1, 0, 0], [0, 3, 2]).dataSync(),
      ].map((values) => [...values]);
    });
    expect(rows).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect(columns).toEqual([2, 8, 14, 20]);
    expect(none).toEqual([]);
  });
}
