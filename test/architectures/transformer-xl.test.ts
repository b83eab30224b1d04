/** Transformer-XL against a second implementation in plain loops, and its recurrence against segments one by one. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../architectures/contract.js';
import { createParameters } from '../../architectures/scope.js';
import { transformerXl } from '../../architectures/transformer-xl.js';
import { countMatrixProducts } from '../../harness/conformance/counts.js';
import { checkAllGradients } from '../../harness/conformance/gradients.js';
import { preset } from '../../harness/conformance/preset.js';
import { createSubject, largestDifference, maskOf, randomTokens } from '../../harness/conformance/subject.js';
import { useBackend } from '../support/backend.js';
import { at, sum, weightsOf } from '../support/plain-loops.js';
import { type Options, plainTransformerXl } from '../support/plain-transformer-xl.js';

const withOptions = (options: Partial<Options>): Architecture => preset(transformerXl, options);

const anyOptions: fc.Arbitrary<Options> = fc.record({
  segment: fc.integer({ min: 4, max: 9 }),
  memory: fc.integer({ min: 1, max: 14 }),
  causal: fc.boolean(),
  sameLength: fc.boolean(),
  stopGradient: fc.boolean(),
  norm: fc.boolean(),
  outputProjection: fc.boolean(),
});

describe('transformer-xl', () => {
  useBackend('wasm');

  it('gives what the equations give in plain loops, for any options', () => {
    const arbitrary = fc.record({
      options: fc.oneof(
        anyOptions,
        anyOptions.map((options) => ({ ...options, memory: 0, sameLength: false })),
      ),
      length: fc.integer({ min: 1, max: 20 }),
      heads: fc.constantFrom(1, 2, 4),
    });
    fc.assert(
      fc.property(arbitrary, ({ options, length, heads }) => {
        const sizes = { length, hidden: 8, heads };
        const subject = createSubject(withOptions(options), sizes, 1, 0.5);
        const x = randomTokens(1, sizes);
        const y = tf.tidy(() => at(subject.mix(x).arraySync(), 0));
        const expected = plainTransformerXl(
          at(x.arraySync(), 0),
          weightsOf(subject.parameters),
          heads,
          options,
        );
        subject.dispose();
        x.dispose();
        const largest = Math.max(1, ...expected.flat().map(Math.abs));
        expected.flat().forEach((value, i) => {
          expect(Math.abs(value - at(y.flat(), i)) / largest).toBeLessThan(1e-5);
        });
      }),
      { numRuns: 80 },
    );
  });

  it('sees the tokens before padding as it does without it', () => {
    tf.tidy(() => {
      const subject = createSubject(withOptions({ segment: 4, memory: 6, causal: false }), {
        length: 11,
        hidden: 8,
        heads: 2,
      });
      const x = randomTokens(1, { length: 11, hidden: 8, heads: 2 });
      const real = 8;
      const alone = subject.mix(tf.slice(x, [0, 0, 0], [1, real, 8]));
      const padded = tf.slice(subject.mix(x, maskOf([real], 11)), [0, 0, 0], [1, real, 8]);
      subject.dispose();
      expect(largestDifference(alone, padded)).toBeLessThan(1e-6);
    });
  });

  it('declares what it costs, for any options', () => {
    fc.assert(
      fc.property(
        anyOptions,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(1, 2, 4),
        (options, length, heads) => {
          const sizes = { length, hidden: 8, heads };
          const subject = createSubject(withOptions(options), sizes);
          const products = countMatrixProducts(() => {
            tf.tidy(() => subject.mix(randomTokens(1, sizes)));
          });
          const parameters = sum([...subject.parameters.values()].map(({ size }) => size));
          subject.dispose();
          expect(transformerXl.cost(sizes, options)).toEqual({ parameters, ...products });
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each<Partial<Options>>([
    { segment: 4, memory: 6 },
    { segment: 4, memory: 3, causal: false, norm: true },
    { segment: 5, memory: 10, sameLength: true, outputProjection: false },
  ])('has the gradients of finite differences where gradients flow into the memory, with %o', (options) => {
    const architecture = withOptions({ ...options, stopGradient: false });
    // A third of the second sequence is padding: of 37 tokens more than a window, whose padding sees padding only.
    for (const length of [13, 37]) {
      const check = checkAllGradients(architecture, { length, hidden: 6, heads: 3 });
      expect(check).toMatchObject({ passed: true });
    }
  });

  it('gives for a segment beside its memory what it gives for the segment alone, handed the memory', () => {
    tf.tidy(() => {
      const parameters = createParameters(3);
      const sizes = { length: 8, hidden: 8, heads: 2 };
      const options = transformerXl.options.parse({ segment: 4, memory: 4 });
      const mix = transformerXl.create(parameters.scope, sizes, options);
      const x = randomTokens(2, sizes);
      const [earlier, later] = tf.split(x, 2, 1) as [Tensor3D, Tensor3D];
      const context = { training: false, seed: tf.tensor1d([1], 'int32') };
      const together = () => tf.slice(mix(x, { ...context, mask: tf.ones([2, 8]) }), [0, 4, 0], [2, 4, 8]);
      const handed = () => mix(later, { ...context, mask: tf.ones([2, 4]), given: { mems: earlier } });
      expect(largestDifference(together(), handed())).toBeLessThan(1e-6);
      // The weights learn the same, from what is remembered too.
      const gradients = (run: () => Tensor) =>
        tf.variableGrads(() => tf.sum<tf.Scalar>(tf.square(run())), [...parameters.variables.values()]).grads;
      const [first, second] = [gradients(together), gradients(handed)];
      for (const [name, gradient] of Object.entries(first))
        expect(largestDifference(gradient, second[name] as Tensor)).toBeLessThan(1e-6);
      parameters.dispose();
    });
  });

  it.each([true, false])(
    'lets gradients into the memory unless they are stopped (stopped: %s)',
    (stopGradient) => {
      tf.tidy(() => {
        const sizes = { length: 8, hidden: 8, heads: 2 };
        const subject = createSubject(withOptions({ segment: 4, memory: 4, stopGradient }), sizes);
        const ofSecond = (x: Tensor) => tf.sum(tf.slice(subject.mix(x as Tensor3D), [0, 4, 0], [1, 4, 8]));
        const gradient = tf.grad(ofSecond)(randomTokens(1, sizes));
        const [earlier, later] = tf.split(gradient, 2, 1) as [Tensor, Tensor];
        subject.dispose();
        expect(tf.max(tf.abs(earlier)).dataSync()[0] === 0).toBe(stopGradient);
        expect(tf.max(tf.abs(later)).dataSync()[0]).toBeGreaterThan(0.01);
      });
    },
  );

  it('gives in many slices what it gives row by row, gradients included', () => {
    tf.tidy(() => {
      // 8 x 8 segments of 128 tokens and 256 keys are more than one slice of 60 holds.
      const sizes = { length: 1_024, hidden: 4, heads: 2 };
      const subject = createSubject(withOptions({}), sizes);
      const x = randomTokens(8, sizes);
      const apart = (tokens: Tensor3D) =>
        tf.concat(tf.split<Tensor3D>(tokens, 8).map((row) => subject.mix(row)));
      expect(largestDifference(subject.mix(x), apart(x))).toBeLessThan(1e-5);
      const gradients = (run: (tokens: Tensor3D) => Tensor) =>
        tf.variableGrads(() => tf.mean<tf.Scalar>(tf.square(run(x))), [...subject.parameters.values()]).grads;
      const [whole, rows] = [gradients((tokens) => subject.mix(tokens)), gradients(apart)];
      for (const [name, gradient] of Object.entries(whole))
        expect(largestDifference(gradient, rows[name] as Tensor)).toBeLessThan(1e-5);
      subject.dispose();
    });
  });

  it('refuses a window without a token', () => {
    const parameters = createParameters(1);
    const options = transformerXl.options.parse({ sameLength: true, memory: 0 });
    expect(() => transformerXl.create(parameters.scope, { length: 8, hidden: 8, heads: 2 }, options)).toThrow(
      /sameLength needs a memory/,
    );
    parameters.dispose();
  });
});
