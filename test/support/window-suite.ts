/** The promises of windows and of what is pooled and attended to in them, to be held on every backend. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { windowAttention } from '../../architectures/layers/window-attention.js';
import {
  gridOf,
  maxPooling,
  weightedPooling,
  windowMask,
} from '../../architectures/layers/window-pooling.js';
import { addWindows, cutWindows, keysAtHand, keysOf, layOut } from '../../architectures/layers/windows.js';
import { normals } from '../../architectures/random.js';
import type { BackendName } from '../../harness/backends/index.js';
import { largestDifference, maskOf } from '../../harness/conformance/subject.js';
import { useBackend } from './backend.js';
import { numericGradient } from './finite-difference.js';

const random = (shape: Tensor3D['shape'], name: string): Tensor3D =>
  tf.tensor<tf.Rank.R3>(normals(tf.util.sizeFromShape(shape), 1, 1, name), shape);

/** A scalar in which every number of y counts differently. */
const weigh = (y: Tensor): Scalar => tf.sum<Scalar>(tf.mul(y, random((y as Tensor3D).shape, 'weights')));

/** The gradient of each argument against finite differences. */
function expectGradients(f: (inputs: Tensor3D[]) => Tensor, inputs: Tensor3D[]): void {
  const gradients = tf.grads((...given: Tensor[]) => weigh(f(given as Tensor3D[])))(inputs);
  inputs.forEach((input, i) => {
    const at = (x: Tensor) => weigh(f(inputs.map((other, j) => (i === j ? (x as Tensor3D) : other))));
    const numeric = tf.tensor(numericGradient(at, input), input.shape);
    expect(largestDifference(gradients[i] as Tensor, numeric), `input ${i}`).toBeLessThan(1e-2);
  });
}

const layouts = fc.record({
  length: fc.integer({ min: 1, max: 90 }),
  reach: fc.integer({ min: 0, max: 70 }),
  stride: fc.integer({ min: 1, max: 5 }),
  more: fc.integer({ min: 0, max: 6 }),
});

export function windowSuite(backend: BackendName): void {
  describe(`windows on ${backend}`, () => {
    useBackend(backend);
    beforeEach(() => {
      tf.engine().startScope();
    });
    afterEach(() => {
      tf.engine().endScope();
    });

    it('hold the keys round each block, and zeros beyond the ends', () => {
      fc.assert(
        fc.property(layouts, ({ length, reach, stride, more }) => {
          const blocks = layOut(length, { reach, stride, kernel: stride + more });
          const keys = keysOf(length, stride);
          const numbers = tf.tensor3d(
            Array.from({ length: keys }, (_, i) => i + 1),
            [1, keys, 1],
          );
          const windows = cutWindows(numbers, blocks).arraySync();
          const expected = Array.from({ length: blocks.count }, (_, block) =>
            Array.from({ length: keysAtHand(blocks) }, (_, i) => {
              const key = block * blocks.own - blocks.before + i;
              return [key < 0 || key >= keys ? 0 : key + 1];
            }),
          );
          expect(windows).toEqual(expected);
        }),
        { numRuns: 50 },
      );
    });

    it('addWindows is the adjoint of cutWindows', () => {
      fc.assert(
        fc.property(layouts, ({ length, reach, stride, more }) => {
          tf.tidy(() => {
            const blocks = layOut(length, { reach, stride, kernel: stride + more });
            const x = random([2, keysOf(length, stride), 3], 'x');
            const cut = cutWindows(x, blocks);
            const y = random(cut.shape, 'y');
            const added = addWindows(y, blocks, x.shape[1]);
            const inner = (a: Tensor, b: Tensor): number => tf.sum(tf.mul(a, b)).dataSync()[0] ?? NaN;
            expect(inner(x, added)).toBeCloseTo(inner(cut, y), 2);
          });
        }),
        { numRuns: 50 },
      );
    });

    it('windowAttention has the gradients of finite differences, shared keys included', () => {
      const open = maskOf([18, 11], 18);
      const inputs = ['q', 'k', 'v'].map((name) => random([4, 18, 2], name));
      const shared = ['shared k', 'shared v'].map((name) => random([4, 2, 2], name));
      const window = { reach: 2, kernel: 1, stride: 1 };
      expectGradients(
        ([query, key, value, sharedKey, sharedValue]) =>
          windowAttention(
            query as Tensor3D,
            { key: key as Tensor3D, value: value as Tensor3D, open },
            { key: sharedKey as Tensor3D, value: sharedValue as Tensor3D, open: maskOf([2, 1], 2) },
            window,
          ),
        [...inputs, ...shared],
      );
    });

    describe('pooling', () => {
      const grid = gridOf(11, 5, 2);

      it('has a window at every multiple of the stride, cut short by the end', () => {
        const real = windowMask(maskOf([11, 6], 11), grid);
        expect(tf.sum(real, 2).arraySync()).toEqual([
          [5, 5, 5, 5, 3, 1],
          [5, 4, 2, 0, 0, 0],
        ]);
      });

      it('weightedPooling has the gradients of finite differences', () => {
        expectGradients(
          ([x, weights]) => weightedPooling(x as Tensor3D, weights as Tensor3D, grid),
          [random([2, 11, 3], 'x'), random([2, grid.windows, grid.kernel], 'weights of tokens')],
        );
      });

      it('maxPooling has the gradients of finite differences, and 0 for windows without a real token', () => {
        const real = windowMask(maskOf([11, 6], 11), grid);
        const x = tf.mul<Tensor3D>(random([2, 11, 3], 'x'), 3);
        expectGradients(([tokens]) => maxPooling(tokens as Tensor3D, real, grid), [x]);
        const empty = tf.slice(maxPooling(x, real, grid), [1, 3, 0], [1, 3, 3]);
        expect(tf.max(tf.abs(empty)).dataSync()[0]).toBe(0);
      });

      it('maxPooling gives the gradient of a tie to the first token', () => {
        const real = windowMask(maskOf([3], 3), gridOf(3, 3, 3));
        const dx = tf.grad((x) => tf.sum(maxPooling(x as Tensor3D, real, gridOf(3, 3, 3))))(
          tf.tensor3d([1, 2, 2], [1, 3, 1]),
        );
        expect(Array.from(dx.dataSync())).toEqual([0, 1, 0]);
      });
    });
  });
}

type Three = [Tensor3D, Tensor3D, Tensor3D];

export function windowSliceSuite(backend: BackendName): void {
  describe(`windows over many slices, on ${backend}`, () => {
    useBackend(backend);

    it('windowAttention gives in slices of heads what it gives head by head, gradients included', () => {
      tf.tidy(() => {
        // 60 heads of 2,500 x 32 weights are more than one slice holds; one head is not.
        const [heads, length] = [60, 2_500];
        const open = tf.ones<tf.Rank.R2>([1, length]);
        const inputs = ['q', 'k', 'v'].map((name) => random([heads, length, 1], name)) as Three;
        const attend = ([q, k, v]: Three) =>
          windowAttention(q, { key: k, value: v, open }, null, { reach: 8, kernel: 1, stride: 1 });
        const both = (tensors: Three): Tensor[] => [
          attend(tensors),
          ...tf.grads((...given: Tensor[]) => tf.sum(tf.square(attend(given as Three))))(tensors),
        ];
        const last = (x: Tensor): Tensor3D => tf.slice(x as Tensor3D, [heads - 1, 0, 0], [1, -1, -1]);
        const alone = both(inputs.map(last) as Three);
        both(inputs).forEach((whole, i) => {
          expect(largestDifference(last(whole), alone[i] as Tensor)).toBeLessThan(1e-5);
        });
      });
    });
  });
}
