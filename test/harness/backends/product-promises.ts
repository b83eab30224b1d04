/** What matrix products promise on every backend: the definition, in every shape and form that the suite uses. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gradientError, gradientTolerance } from '../../../harness/backends/finite-differences.js';

/** For within a `describe` that has a backend. */
export function promiseProducts(): void {
  it('multiplies matrices of any shape, transposed or not, as the definition says', () => {
    const size = fc.integer({ min: 1, max: 40 });
    const batch = fc.constantFrom([], [1], [3], [2, 2]);
    fc.assert(
      fc.property(batch, size, size, size, fc.boolean(), fc.boolean(), (outer, m, k, n, flipA, flipB) => {
        tf.tidy(() => {
          const a = tf.randomNormal([...outer, ...(flipA ? [k, m] : [m, k])], 0, 1, 'float32', 1);
          const b = tf.randomNormal([...outer, ...(flipB ? [n, k] : [k, n])], 0, 1, 'float32', 2);
          const product = tf.matMul(a, b, flipA, flipB);
          expect(product.shape).toEqual([...outer, m, n]);
          expect(
            worst(product.dataSync<'float32'>(), definition(a, b, { m, k, n }, flipA, flipB)),
          ).toBeLessThan(1e-4);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('multiplies few rows by large matrices, transposed or not, in a batch', () => {
    const [m, k, n] = [9, 50, 60];
    for (const flipA of [false, true])
      for (const flipB of [false, true])
        tf.tidy(() => {
          const a = tf.randomNormal([3, ...(flipA ? [k, m] : [m, k])], 0, 1, 'float32', 1);
          const b = tf.randomNormal([3, ...(flipB ? [n, k] : [k, n])], 0, 1, 'float32', 2);
          const product = tf.matMul(a, b, flipA, flipB).dataSync<'float32'>();
          expect(worst(product, definition(a, b, { m, k, n }, flipA, flipB))).toBeLessThan(1e-4);
        });
  });

  it('has the right gradients for products in a batch with broadcast factors', () => {
    expect(
      gradientError(
        (a, b) => tf.matMul(a, b),
        [
          [2, 3, 4],
          [4, 2],
        ],
      ),
    ).toBeLessThan(gradientTolerance);
    expect(
      gradientError(
        (a, b) => tf.matMul(a, b, true, true),
        [
          [2, 4, 3],
          [2, 2, 4],
        ],
      ),
    ).toBeLessThan(gradientTolerance);
  });

  it('multiplies by a reshaped factor by its new shape', () => {
    const [wide, tall] = tf.tidy(() => {
      const factor = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
      const first = tf.matMul(tf.ones([1, 2]), factor).arraySync();
      return [first, tf.matMul(tf.ones([1, 3]), tf.reshape(factor, [3, 2])).arraySync()];
    });
    expect(wide).toEqual([[5, 7, 9]]);
    expect(tall).toEqual([[9, 12]]);
  });

  it('adds the bias of a fused product once, however long the inner size', () => {
    const fused = tf.tidy(() =>
      tf.fused
        .matMul({
          a: tf.ones([2, 100]),
          b: tf.ones([3, 100]),
          transposeB: true,
          bias: tf.tensor1d([1, 2, -200]),
          activation: 'relu',
        })
        .arraySync(),
    );
    expect(fused).toEqual([
      [101, 102, 0],
      [101, 102, 0],
    ]);
  });
}

interface ProductSizes {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

function definition(
  a: Tensor,
  b: Tensor,
  { m, k, n }: ProductSizes,
  flipA: boolean,
  flipB: boolean,
): Float64Array {
  const [left, right] = [a.dataSync(), b.dataSync()];
  const out = new Float64Array((left.length / (m * k)) * m * n);
  for (let i = 0; i < out.length; i++) {
    const [column, row, matrix] = [i % n, Math.floor(i / n) % m, Math.floor(i / (m * n))];
    for (let j = 0; j < k; j++) {
      const atA = matrix * m * k + (flipA ? j * m + row : row * k + j);
      const atB = matrix * k * n + (flipB ? column * k + j : j * n + column);
      out[i]! += left[atA]! * right[atB]!;
    }
  }
  return out;
}

const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))).reduce((x, y) => Math.max(x, y), 0);
