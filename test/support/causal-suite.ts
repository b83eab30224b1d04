/** The promises of every kind of causal self-attention, to be held on every backend. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type {
  Cache,
  CausalAttention,
  CausalAttentionName,
  CreateCausalAttention,
} from '../../architectures/causal/contract.js';
import { causalAttentionNames } from '../../architectures/causal/contract.js';
import { causalAttentions } from '../../architectures/causal/index.js';
import { causalTransformerXl } from '../../architectures/causal/transformer-xl.js';
import type { Architecture, Sizes } from '../../architectures/contract.js';
import { normals } from '../../architectures/random.js';
import { createParameters } from '../../architectures/scope.js';
import { transformerXl } from '../../architectures/transformer-xl.js';
import { usualFeatures } from '../../architectures/performer.js';
import type { BackendName } from '../../harness/backends/index.js';
import { checkAllGradients } from '../../harness/conformance/gradients.js';
import { checkCausality } from '../../harness/conformance/order.js';
import { largestDifference, randomTokens, relativeDifference } from '../../harness/conformance/subject.js';
import { useBackend } from './backend.js';
import { plainCausal, type PlainCausal } from './plain-causal.js';
import { at, type Weights, weightsOf } from './plain-loops.js';
import { plainTransformerXl } from './plain-transformer-xl.js';

interface Kind {
  readonly title: string;
  readonly create: CreateCausalAttention;
  readonly loops: PlainCausal;
  /** Within these no gradient is stopped on purpose, as that into the memory of a segment is. */
  readonly smoothLengths: readonly number[];
}

const short = { segment: 4, memory: 3 };

/** All of the catalogue, and one whose segments end within a few tokens. */
const kinds: readonly Kind[] = [
  ...causalAttentionNames.map(
    (title: CausalAttentionName): Kind => ({
      title,
      create: causalAttentions[title],
      loops: plainCausal[title],
      smoothLengths: [1, 9, 70],
    }),
  ),
  {
    title: 'transformer-xl of short segments',
    create: (scope, sizes) => causalTransformerXl(scope, sizes, short),
    loops: (x, weights, heads) =>
      plainTransformerXl(x, weights, heads, transformerXl.options.parse({ ...short })),
    smoothLengths: [1, short.segment],
  },
];

interface Subject {
  readonly attention: CausalAttention;
  readonly weights: Weights;
  readonly dispose: () => void;
}

const still = () => ({ training: false, seed: tf.tensor1d([1], 'int32') });

/** @param deviation - of random parameters, so that scores differ and biases take part */
function subjectOf({ create }: Kind, sizes: Sizes, deviation = 0.5): Subject {
  const { scope, variables, dispose } = createParameters(1);
  const attention = create(scope, sizes);
  for (const [name, variable] of variables) {
    const values = tf.tensor(normals(variable.size, deviation, 1, name), variable.shape);
    variable.assign(values);
    values.dispose();
  }
  const size = sizes.hidden / sizes.heads;
  const projection = () =>
    scope.constant('projection', [usualFeatures(size), size], () => {
      throw new Error('this kind has no projection');
    });
  const weights = weightsOf(variables);
  return {
    attention,
    weights: {
      ...weights,
      matrix: (name) =>
        name === 'projection' ? (projection().arraySync() as number[][]) : weights.matrix(name),
    },
    dispose,
  };
}

/** All tokens one after the other, and what is kept at the end. */
function stepwise(attention: CausalAttention, x: Tensor3D, length: number): { y: Tensor3D; cache: Cache } {
  const [rows, taken] = x.shape;
  const written: Tensor3D[] = [];
  let cache = attention.emptyCache(rows);
  for (let t = 0; t < taken; t++) {
    const place = tf.tensor1d(Array.from({ length }, (_, i) => (i === t ? 1 : 0)));
    const done = attention.step(tf.slice(x, [0, t, 0], [-1, 1, -1]), place, cache);
    written.push(done.out);
    cache = done.cache;
  }
  return { y: tf.concat(written, 1), cache };
}

/** As the conformance kit takes it. */
const asArchitecture = ({ title, create }: Kind): Architecture => ({
  ...(transformerXl as unknown as Architecture),
  name: title,
  options: z.strictObject({}),
  create: (scope, sizes) => {
    const attention = create(scope, sizes);
    return (x, context) => attention.whole(x, context);
  },
});

const anySizes = fc.record({
  length: fc.integer({ min: 1, max: 12 }),
  taken: fc.integer({ min: 1, max: 12 }),
  heads: fc.constantFrom(1, 2, 4),
  batch: fc.integer({ min: 1, max: 3 }),
});

export function causalSuite(backend: BackendName): void {
  describe.each(kinds)(`causal $title on ${backend}`, (kind) => {
    useBackend(backend);

    test('gives what the equations give in plain loops', () => {
      fc.assert(
        fc.property(anySizes, ({ length, heads }) => {
          tf.tidy(() => {
            const sizes = { length, hidden: 8, heads };
            const { attention, weights, dispose } = subjectOf(kind, sizes);
            const x = randomTokens(1, sizes);
            const y = attention.whole(x, still());
            const expected = kind.loops(at(x.arraySync(), 0), weights, heads);
            expect(relativeDifference(tf.tensor3d([expected]), y)).toBeLessThan(1e-4);
            dispose();
          });
        }),
        { numRuns: 25 },
      );
    });

    test('a token at a time is the whole at once', () => {
      fc.assert(
        fc.property(anySizes, ({ length, taken, heads, batch }) => {
          tf.tidy(() => {
            const sizes = { length: Math.max(length, taken), hidden: 8, heads };
            const { attention, dispose } = subjectOf(kind, sizes, 0.3);
            const x = randomTokens(batch, { ...sizes, length: taken });
            const { y } = stepwise(attention, x, sizes.length);
            expect(relativeDifference(attention.whole(x, still()), y)).toBeLessThan(1e-5);
            dispose();
          });
        }),
        { numRuns: 25 },
      );
    });

    test.each([63, 64, 65, 150])('also over %i tokens, with a cache that keeps its shapes', (length) => {
      tf.tidy(() => {
        const sizes = { length, hidden: 6, heads: 3 };
        const { attention, dispose } = subjectOf(kind, sizes, 0.3);
        const x = randomTokens(2, sizes);
        const { y, cache } = stepwise(attention, x, length);
        expect(relativeDifference(attention.whole(x, still()), y)).toBeLessThan(1e-5);
        const shapes = (all: Cache) => all.map(({ shape }) => shape);
        expect(shapes(cache)).toEqual(shapes(attention.emptyCache(2)));
        dispose();
      });
    });

    test('a token depends on none after it, in short inputs and long ones', () => {
      for (const check of checkCausality(asArchitecture(kind))) expect(check).toMatchObject({ passed: true });
    });

    test.each(kind.smoothLengths)('has the gradients of finite differences, of %i tokens', (length) => {
      const check = checkAllGradients(asArchitecture(kind), { length, hidden: 6, heads: 3 });
      expect(check).toMatchObject({ passed: true });
    });

    test('stays finite and the same both ways where scores are extreme, gradients too', () => {
      tf.tidy(() => {
        const sizes = { length: 70, hidden: 8, heads: 2 };
        const { attention, dispose } = subjectOf(kind, sizes);
        const x = tf.mul<Tensor3D>(randomTokens(1, sizes), 30);
        const whole = attention.whole(x, still());
        expect(relativeDifference(whole, stepwise(attention, x, 70).y)).toBeLessThan(1e-4);
        const gradient = tf.grad((tokens: Tensor) => tf.sum(attention.whole(tokens as Tensor3D, still())))(x);
        expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
        dispose();
      });
    });

    test('leaves no tensor', () => {
      const before = tf.memory().numTensors;
      const sizes = { length: 70, hidden: 6, heads: 2 };
      const { attention, dispose } = subjectOf(kind, sizes);
      const [x, other] = [randomTokens(2, sizes), randomTokens(2, { ...sizes, length: 3 })];
      tf.dispose(tf.tidy(() => attention.whole(x, still())));
      tf.tidy(() => {
        stepwise(attention, other, 70);
      });
      tf.dispose(tf.tidy(() => tf.grad((tokens) => tf.sum(attention.whole(tokens as Tensor3D, still())))(x)));
      tf.dispose(attention.emptyCache(2) as Tensor[]);
      tf.dispose([x, other]);
      dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    test('rows are apart', () => {
      tf.tidy(() => {
        const sizes = { length: 9, hidden: 8, heads: 2 };
        const { attention, dispose } = subjectOf(kind, sizes);
        const x = randomTokens(3, sizes);
        const apart = tf.concat(tf.split<Tensor3D>(x, 3).map((row) => attention.whole(row, still())));
        expect(largestDifference(attention.whole(x, still()), apart)).toBeLessThan(1e-5);
        dispose();
      });
    });
  });
}
