/** The promises of the layers, to be held on every backend. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headPooling } from '../../architectures/layers/additive-attention.js';
import { dense } from '../../architectures/layers/dense.js';
import { dropout } from '../../architectures/layers/dropout.js';
import { embedding } from '../../architectures/layers/embedding.js';
import { gelu } from '../../architectures/layers/gelu.js';
import { headSelector, mergeHeads, splitHeads } from '../../architectures/layers/heads.js';
import { scaleTokens, shiftTokens } from '../../architectures/layers/interactions.js';
import { layerNorm } from '../../architectures/layers/layer-norm.js';
import { paddingBias } from '../../architectures/layers/masks.js';
import { applyImages, imagesOfDense } from '../../architectures/layers/one-matrix.js';
import { readTokens } from '../../architectures/layers/read-tokens.js';
import { softmaxAttention } from '../../architectures/layers/softmax-attention.js';
import { normals } from '../../architectures/random.js';
import type { BackendName } from '../../harness/backends/index.js';
import { useBackend } from './backend.js';
import { numericGradient } from './finite-difference.js';

const random = (shape: number[], name: string): Tensor =>
  tf.tensor(normals(tf.util.sizeFromShape(shape), 1, 1, name), shape);

/** A scalar in which every number of y counts differently. */
const weigh = (y: Tensor): Scalar => tf.sum<Scalar>(tf.mul(y, random(y.shape, 'weights')));

const expectClose = (actual: Tensor, expected: Tensor | number[], tolerance = 1e-5) => {
  const wanted = Array.isArray(expected) ? expected : Array.from(expected.dataSync());
  const largest = Math.max(1, ...wanted.map(Math.abs));
  const got = Array.from(actual.dataSync());
  expect(got).toHaveLength(wanted.length);
  got.forEach((value, i) => {
    expect(Math.abs(value - (wanted[i] ?? NaN)) / largest, `number ${i}`).toBeLessThan(tolerance);
  });
};

/** The gradient of each argument against finite differences. */
const expectGradients = (f: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]) => {
  const gradients = tf.grads((...given: Tensor[]) => weigh(f(...given)))(inputs);
  inputs.forEach((input, i) => {
    const at = (x: Tensor) => weigh(f(...inputs.map((other, j) => (i === j ? x : other))));
    expectClose(gradients[i] as Tensor, numericGradient(at, input), 5e-3);
  });
};

export function layerSuite(backend: BackendName): void {
  describe(`on ${backend}`, () => {
    useBackend(backend);
    beforeEach(() => {
      tf.engine().startScope();
    });
    afterEach(() => {
      tf.engine().endScope();
    });

    describe('dense', () => {
      const [x, kernel, bias] = ['x', 'kernel', 'bias'];
      it('is x . kernel + bias over the last axis', () => {
        const [tokens, w, b] = [random([2, 3, 4], x), random([4, 5], kernel), random([5], bias)];
        const plain = tf.add(tf.matMul(tf.reshape(tokens, [6, 4]), w as Tensor2D), b);
        expectClose(dense(tokens, w, b), plain);
        expect(dense(tokens, w, b).shape).toEqual([2, 3, 5]);
        expectClose(dense(tokens, w, null), tf.sub(plain, b));
      });

      it('has the gradients of finite differences, with and without bias', () => {
        const inputs = [random([2, 3, 4], x), random([4, 5], kernel), random([5], bias)];
        expectGradients((t, w, b) => dense(t, w, b), ...inputs);
        expectGradients((t, w) => dense(t, w, null), ...inputs.slice(0, 2));
      });
    });

    describe('layerNorm', () => {
      it('gives rows of mean beta and deviation gamma', () => {
        const y = layerNorm(random([3, 64], 'x'), tf.fill([64], 2), tf.fill([64], 5), 1e-12);
        const { mean, variance } = tf.moments(y, 1);
        expectClose(mean, [5, 5, 5]);
        expectClose(variance, [4, 4, 4], 1e-4);
      });

      it('has the gradients of finite differences', () => {
        const inputs = [random([2, 3, 6], 'x'), random([6], 'gamma'), random([6], 'beta')];
        expectGradients((x, g, b) => layerNorm(x, g, b, 1e-12), ...inputs);
      });
    });

    it('gelu is x Phi(x), with the gradient of finite differences', () => {
      // Phi(1) = 0.841344746, Phi(-2) = 0.022750132, Phi(0.5) = 0.691462461
      expectClose(
        gelu(tf.tensor1d([0, 1, -2, 0.5, 10, -10])),
        [0, 0.841344746, -0.045500264, 0.34573123, 10, 0],
        1e-6,
      );
      expectGradients((x) => gelu(x), random([2, 7], 'x'));
    });

    it('embedding looks rows up and adds the gradients of equal ids', () => {
      const table = random([5, 3], 'table');
      const ids = tf.tensor2d([[1, 1, 4]], [1, 3], 'int32');
      expectClose(embedding(table, ids), tf.gather(table, ids));
      const [gradient] = tf.grads((t) => tf.sum<Scalar>(embedding(t, ids)))([table]);
      expectClose(gradient as Tensor, [0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    });

    it('heads split and merge back, head h taking features h * d on', () => {
      const x = random([2, 3, 8], 'x') as Tensor3D;
      expectClose(mergeHeads(splitHeads(x, 4), 4), x, 1e-9);
      expectClose(tf.slice(splitHeads(x, 4), [1, 0, 0], [1, 3, 2]), tf.slice(x, [0, 0, 2], [1, 3, 2]), 1e-9);
      expect(Array.from(headSelector(4, 2).dataSync())).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
    });

    it('the padding bias shuts padding out, and is 0 in a row of padding alone', () => {
      const bias = paddingBias(tf.tensor2d([1, 1, 0, 0, 0, 0], [2, 3]));
      const weights = tf.softmax(tf.add(bias, tf.tensor2d([1, 2, 900, 1, 2, 3], [2, 3])));
      expectClose(
        tf.slice(weights, [0, 0], [1, 3]),
        tf.concat([tf.softmax(tf.tensor1d([1, 2])), tf.zeros([1])]),
      );
      expectClose(tf.slice(weights, [1, 0], [1, 3]), tf.softmax(tf.tensor1d([1, 2, 3])));
    });

    describe('softmaxAttention', () => {
      const plain = (q: Tensor3D, k: Tensor3D, v: Tensor3D, bias: Tensor3D): Tensor => {
        const scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(q.shape[2]));
        return tf.matMul(tf.softmax(tf.add<Tensor3D>(scores, tf.transpose(bias, [0, 2, 1]))), v);
      };

      it('is softmax(Q K^T / sqrt(d) + bias) V', () => {
        fc.assert(
          fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (queries, keys) => {
            tf.tidy(() => {
              const inputs = [
                [2, queries, 3],
                [2, keys, 3],
                [2, keys, 4],
                [2, keys, 1],
              ].map((shape, i) => random(shape, `input ${i}`)) as [Tensor3D, Tensor3D, Tensor3D, Tensor3D];
              expectClose(softmaxAttention(...inputs), plain(...inputs));
            });
          }),
          { numRuns: 15 },
        );
      });

      it('adds a pair bias of k rows to row r % k, gradients of finite differences included', () => {
        const [q, k, v] = [random([4, 3, 2], 'q'), random([4, 5, 2], 'k'), random([4, 5, 3], 'v')];
        const bias = random([4, 5, 1], 'bias') as Tensor3D;
        for (const period of [1, 2, 4]) {
          const pairs = random([period, 3, 5], 'pairs') as Tensor3D;
          const scores = tf.div(tf.matMul(q, k, false, true), Math.SQRT2);
          const biases = tf.add(tf.transpose(bias, [0, 2, 1]), tf.tile(pairs, [4 / period, 1, 1]));
          const run = (...x: Tensor[]) =>
            softmaxAttention(...(x as [Tensor3D, Tensor3D, Tensor3D]), bias, pairs);
          expectClose(run(q, k, v), tf.matMul(tf.softmax(tf.add(scores, biases)), v));
          expectGradients(run, q, k, v);
        }
      });

      it('has the gradients of finite differences', () => {
        const bias = random([2, 4, 1], 'bias') as Tensor3D;
        expectGradients(
          (q, k, v) => softmaxAttention(q as Tensor3D, k as Tensor3D, v as Tensor3D, bias),
          random([2, 3, 2], 'q'),
          random([2, 4, 2], 'k'),
          random([2, 4, 3], 'v'),
        );
      });
    });

    it('headPooling sums each head by its own weights, with the gradients of finite differences', () => {
      const [logits, tokens] = [random([2, 5, 3], 'logits'), random([2, 5, 6], 'tokens')];
      const bias = paddingBias(tf.tensor2d([1, 1, 1, 1, 1, 1, 1, 0, 0, 0], [2, 5]));
      const plain = [0, 1, 2].map((head) => {
        const scores = tf.add(tf.squeeze(tf.slice(logits, [0, 0, head], [2, 5, 1]), [2]), bias);
        const weights = tf.reshape(tf.softmax(scores), [2, 1, 5]);
        return tf.matMul(weights, tf.slice(tokens, [0, 0, head * 2], [2, 5, 2]));
      });
      expectClose(headPooling(logits as Tensor3D, tokens as Tensor3D, bias), tf.concat(plain, 2));
      expectGradients((l, t) => headPooling(l as Tensor3D, t as Tensor3D, bias), logits, tokens);
    });

    it('readTokens is attention to the tokens themselves, with the gradients of finite differences', () => {
      const [queries, offsets] = [random([2, 3, 4], 'queries'), random([2, 3, 1], 'offsets')];
      const bias = paddingBias(tf.tensor2d([1, 1, 1, 1, 1, 1, 1, 0, 0, 0], [2, 5]));
      const run = (...x: Tensor[]) => readTokens(...(x as [Tensor3D, Tensor3D, Tensor3D]), bias);
      const tokens = random([2, 5, 4], 'tokens');
      const scores = tf.add(tf.add(tf.matMul(queries, tokens, false, true), offsets), tf.expandDims(bias, 1));
      expectClose(run(queries, offsets, tokens), tf.matMul(tf.softmax(scores), tokens));
      expectGradients(run, queries, offsets, tokens);
    });

    it('two dense layers are one matrix by their images, with the gradients of finite differences', () => {
      const inputs = ['kernel', 'bias', 'x', 'g'].map((name, i) =>
        random([[3, 4], [4], [2, 5, 3], [2, 1, 4]][i] as number[], name),
      );
      const map = (y: Tensor, g: Tensor) => tf.sub(tf.mul(y, g), 2);
      const run = (...[kernel, bias, x, g]: Tensor[]) => {
        const images = imagesOfDense({ kernel: kernel as Tensor, bias: bias as Tensor }, 2);
        return applyImages(x as Tensor3D, map(images, g as Tensor) as Tensor3D);
      };
      const [kernel, bias, x, g] = inputs as [Tensor, Tensor, Tensor, Tensor];
      expectClose(run(...inputs), map(dense(x, kernel, bias), g));
      expectGradients(run, ...inputs);
    });

    it('scaleTokens multiplies every token by one vector, with the gradients of finite differences', () => {
      const [x, g] = [random([2, 5, 3], 'x'), random([2, 1, 3], 'g')];
      expectClose(scaleTokens(x as Tensor3D, g as Tensor3D), tf.mul(x, g));
      expectGradients((a, b) => scaleTokens(a as Tensor3D, b as Tensor3D), x, g);
    });

    it('shiftTokens adds one vector to every token, with the gradients of finite differences', () => {
      const [x, g] = [random([2, 5, 3], 'x'), random([2, 1, 3], 'g')];
      expectClose(shiftTokens(x as Tensor3D, g as Tensor3D), tf.add(x, g));
      expectGradients((a, b) => shiftTokens(a as Tensor3D, b as Tensor3D), x, g);
    });

    describe('dropout', () => {
      const context = (seed: number, training = true) => ({ training, seed: tf.tensor1d([seed], 'int32') });
      const ones = () => tf.ones([100, 100]);

      it('is the identity outside training', () => {
        const x = ones();
        expect(dropout(x, 0.5, 'here', context(1, false))).toBe(x);
      });

      it('drops its rate, and keeps the mean', () => {
        const values = Array.from(dropout(ones(), 0.2, 'here', context(1)).dataSync());
        expect(new Set(values)).toEqual(new Set([0, 1.25]));
        expect(values.filter((value) => value === 0).length / 10_000).toBeCloseTo(0.2, 1.5);
      });

      it('repeats for a seed and differs between seeds and places', () => {
        const draw = (seed: number, name: string) => dropout(ones(), 0.5, name, context(seed)).dataSync();
        expect(draw(3, 'here')).toEqual(draw(3, 'here'));
        expect(draw(3, 'here')).not.toEqual(draw(4, 'here'));
        expect(draw(3, 'here')).not.toEqual(draw(3, 'there'));
      });
    });
  });
}
export function sliceSuite(backend: BackendName): void {
  describe(`softmaxAttention over many slices, on ${backend}`, () => {
    useBackend(backend);

    it('gives what one slice gives, gradients included', () => {
      tf.tidy(() => {
        // 700 x 700 weights of 12 rows are more than one slice holds; 4 rows are not.
        const inputs = ['q', 'k', 'v'].map((name) => random([12, 700, 2], name)) as [
          Tensor3D,
          Tensor3D,
          Tensor3D,
        ];
        const bias = tf.zeros<tf.Rank.R3>([12, 700, 1]);
        const part = (x: Tensor, start: number): Tensor3D =>
          tf.slice(x, [start, 0, 0], [4, -1, -1]) as Tensor3D;
        const joined = (f: (start: number) => Tensor): Tensor => tf.concat([0, 4, 8].map(f), 0);
        const run = (q: Tensor3D, k: Tensor3D, v: Tensor3D, b: Tensor3D) => softmaxAttention(q, k, v, b);
        const [q, k, v] = inputs;
        const byParts = joined((start) =>
          run(part(q, start), part(k, start), part(v, start), part(bias, start)),
        );
        expectClose(run(q, k, v, bias), byParts, 1e-6);
        const square = (y: Tensor): Scalar => tf.sum<Scalar>(tf.square(y));
        const whole = tf.grads((a, b, c) => square(run(a as Tensor3D, b as Tensor3D, c as Tensor3D, bias)))(
          inputs,
        );
        whole.forEach((gradient, i) => {
          const parts = joined((start) => {
            const slices = inputs.map((x) => part(x, start));
            const grads = tf.grads((a, b, c) =>
              square(run(a as Tensor3D, b as Tensor3D, c as Tensor3D, part(bias, start))),
            )(slices);
            return grads[i] as Tensor;
          });
          expectClose(gradient, parts, 1e-5);
        });
      });
    });

    it('gives what the textbook gives where one head alone is more than a slice, gradients included', () => {
      tf.tidy(() => {
        // 2,050 x 2,050 weights are more than one slice holds.
        const inputs = ['q', 'k', 'v'].map((name) => random([1, 2_050, 2], name)) as Parameters<
          typeof sliced
        >;
        const pairs = random([1, 2_050, 2_050], 'pairs') as Tensor3D;
        const none = tf.zeros<tf.Rank.R3>([1, 2_050, 1]);
        const sliced = (q: Tensor3D, k: Tensor3D, v: Tensor3D) => softmaxAttention(q, k, v, none, pairs);
        const textbook = (q: Tensor3D, k: Tensor3D, v: Tensor3D) => {
          const scores = tf.div<Tensor3D>(tf.matMul(q, k, false, true), Math.SQRT2);
          return tf.matMul<Tensor3D>(tf.softmax(tf.add(scores, pairs)), v);
        };
        expectClose(sliced(...inputs), textbook(...inputs));
        const gradients = (f: typeof sliced) =>
          tf.grads((...given: Tensor[]) => weigh(f(...(given as Parameters<typeof sliced>))))(inputs);
        const expected = gradients(textbook);
        gradients(sliced).forEach((gradient, i) => {
          expectClose(gradient, expected[i] as Tensor, 1e-4);
        });
      });
    });
  });
}
