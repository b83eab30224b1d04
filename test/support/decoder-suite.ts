/** The promises of the decoder, of the scores of tokens and of the summarizer's loss, to be held on every backend. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { type CausalAttentionName, causalAttentionNames } from '../../architectures/causal/contract.js';
import type { Architecture } from '../../architectures/contract.js';
import { createDecoder, type DecoderCache } from '../../architectures/decoder.js';
import { architectures } from '../../architectures/index.js';
import { tokenScores } from '../../architectures/layers/token-scores.js';
import { normals } from '../../architectures/random.js';
import { createParameters } from '../../architectures/scope.js';
import type { BackendName } from '../../harness/backends/index.js';
import { createSummarizer } from '../../tasks/summarization/model.js';
import { useBackend } from './backend.js';

const random = (shape: number[], name: string): Tensor =>
  tf.tensor(normals(tf.util.sizeFromShape(shape), 1, 1, name), shape);
const largestDifference = (a: Tensor, b: Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] ?? NaN;
const still = () => ({ training: false, seed: tf.tensor1d([1], 'int32') });

/** Of seven. */
const placeOf = (place: number): Tensor1D =>
  tf.tensor1d(Array.from({ length: 7 }, (_, at) => (at === place ? 1 : 0)));

const sizes = (norm: 'pre' | 'post', length = 7) =>
  ({ layers: 2, hidden: 6, heads: 3, feedForward: 10, dropout: 0, norm, positions: true, length }) as const;

const decoderSizes = (norm: 'pre' | 'post', attention: CausalAttentionName) => ({
  ...sizes(norm),
  attention,
});

const everyDecoder = causalAttentionNames.flatMap((attention) =>
  (['pre', 'post'] as const).map((norm) => ({ attention, norm })),
);

/** With weights large enough that it matters what is attended to. */
function decoderOf(attention: CausalAttentionName) {
  const { scope, variables } = createParameters(3);
  const decoder = createDecoder(scope, decoderSizes('pre', attention), random([20, 6], 'table'));
  for (const variable of variables.values())
    if (variable.shape.length > 1) variable.assign(tf.mul(variable, 15));
  return decoder;
}

export function decoderSuite(backend: BackendName): void {
  describe(`on ${backend}`, () => {
    useBackend(backend);
    describe('the decoder', () => {
      test.each(everyDecoder)('a token at a time is the whole at once: $attention, $norm-norm', (kind) => {
        tf.tidy(() => {
          const [batch, beams, length] = [3, 2, 5];
          const { scope } = createParameters(3);
          const decoder = createDecoder(
            scope,
            decoderSizes(kind.norm, kind.attention),
            random([20, 6], 'table'),
          );
          // The second memory is padded, the third is padding alone.
          const mask = tf.tensor2d([
            [1, 1, 1, 1],
            [1, 1, 0, 0],
            [0, 0, 0, 0],
          ]);
          const memory = decoder.readMemory(random([batch, 4, 6], 'memory') as Tensor3D, mask);
          const ids = Array.from({ length: batch * beams }, (_, row) =>
            Array.from({ length }, (__, at) => 1 + ((7 * row + 3 * at) % 19)),
          );
          const written: Tensor3D[] = [];
          let cache: DecoderCache = decoder.emptyCache(batch * beams);
          for (let at = 0; at < length; at++) {
            const step = {
              ids: tf.tensor2d(
                ids.map((row) => [row[at] as number]),
                undefined,
                'int32',
              ),
              parents: tf.tensor2d(
                Array.from({ length: batch * beams }, (_, row) => [row]),
                undefined,
                'int32',
              ),
              place: placeOf(at),
            };
            const done = decoder.step(step, memory, cache, still());
            cache = done.cache;
            written.push(done.out);
          }
          for (let beam = 0; beam < beams; beam++) {
            const rows = Array.from({ length: batch }, (_, i) => i * beams + beam);
            const own = tf.tensor2d(
              rows.map((row) => ids[row] as number[]),
              undefined,
              'int32',
            );
            const whole = decoder.whole(own, memory, still());
            const steps = tf.gather(tf.concat(written, 1), rows);
            expect(largestDifference(whole, steps)).toBeLessThan(1e-5);
          }
        });
      });

      test.each(causalAttentionNames)('a token does not see those after it: %s', (attention) => {
        tf.tidy(() => {
          const decoder = decoderOf(attention);
          const memory = decoder.readMemory(random([1, 1, 6], 'memory') as Tensor3D, tf.ones([1, 1]));
          const read = (ids: number[]) =>
            decoder.whole(tf.tensor2d([ids], undefined, 'int32'), memory, still());
          const [a, b] = [read([1, 5, 6, 7]), read([1, 5, 9, 2])];
          const first = (x: Tensor3D) => tf.slice(x, [0, 0, 0], [1, 2, 6]);
          expect(largestDifference(first(a), first(b))).toBeLessThan(1e-6);
          expect(largestDifference(a, b)).toBeGreaterThan(1e-4);
        });
      });

      test.each(causalAttentionNames)('rows go on from other rows of the step before: %s', (attention) => {
        tf.tidy(() => {
          const decoder = decoderOf(attention);
          const memory = decoder.readMemory(random([1, 3, 6], 'memory') as Tensor3D, tf.ones([1, 3]));
          const at = (place: number, ids: number[], parents: number[], cache: DecoderCache) =>
            decoder.step(
              {
                ids: tf.tensor2d(ids, [2, 1], 'int32'),
                parents: tf.tensor2d(parents, [2, 1], 'int32'),
                place: placeOf(place),
              },
              memory,
              cache,
              still(),
            );
          const { cache } = at(0, [4, 8], [0, 1], decoder.emptyCache(2));
          const { out } = at(1, [5, 5], [1, 1], cache);
          const whole = decoder.whole(tf.tensor2d([[8, 5]], undefined, 'int32'), memory, still());
          for (const row of [0, 1])
            expect(
              largestDifference(tf.slice(out, [row, 0, 0], [1, 1, 6]), tf.slice(whole, [0, 1, 0], [1, 1, 6])),
            ).toBeLessThan(1e-5);
        });
      });
    });

    describe('scores of tokens', () => {
      test.each([1, 5, 450])('of %i rows equal log softmax, gradients too, in slices or at once', (rows) => {
        tf.tidy(() => {
          const words = rows === 450 ? 9_000 : 13; // 450 x 9,000 scores are two slices
          const [h, table, bias] = [
            random([rows, 4], 'h'),
            random([words, 4], 'table'),
            random([words], 'bias'),
          ];
          const labels = tf.tensor1d(
            Array.from({ length: rows }, (_, i) => (5 * i) % words),
            'int32',
          );
          const plain = (x: Tensor, e: Tensor, b: Tensor) => {
            const likely = tf.logSoftmax(tf.add(tf.matMul(x as Tensor2D, e as Tensor2D, false, true), b));
            const chosen = tf.sum(tf.mul(likely, tf.oneHot(labels, words)), 1, true);
            return tf.concat([chosen, tf.mean(likely, 1, true)], 1);
          };
          const ours = (x: Tensor, e: Tensor, b: Tensor) => tokenScores(x as Tensor2D, e, b, labels);
          expect(largestDifference(ours(h, table, bias), plain(h, table, bias))).toBeLessThan(1e-4);
          const weighed = (f: typeof plain) => (x: Tensor, e: Tensor, b: Tensor) =>
            tf.sum<Scalar>(tf.mul(f(x, e, b), random([rows, 2], 'weights')));
          const [a, b] = [ours, plain].map((f) => tf.grads(weighed(f))([h, table, bias]));
          for (const i of [0, 1, 2])
            expect(largestDifference(a?.[i] as Tensor, b?.[i] as Tensor)).toBeLessThan(
              1e-5 * Math.max(1, rows),
            );
        });
      });
    });

    describe('the summarizer', () => {
      const modelOf = (copy: boolean, labelSmoothing: number, attention: CausalAttentionName = 'softmax') => {
        const parameters = createParameters(2);
        const found = architectures.find(({ name }) => name === 'fastformer') as unknown as Architecture;
        const shell = { ...sizes('pre', 9), shareLayers: false };
        const model = createSummarizer(parameters.scope, found, found.options.parse({}), {
          encoder: shell,
          decoder: { layers: 1, length: 5, attention },
          copy,
          vocabulary: 12,
          labelSmoothing,
        });
        return { parameters, model };
      };
      const batch = (padding: number) => ({
        source: tf.tensor2d([[5, 6, 7, ...new Array<number>(padding).fill(0)]], undefined, 'int32'),
        before: tf.tensor2d([[1, 5, 6, ...new Array<number>(padding).fill(0)]], undefined, 'int32'),
        target: tf.tensor2d([[5, 6, 2, ...new Array<number>(padding).fill(0)]], undefined, 'int32'),
      });

      const eachWay = causalAttentionNames.flatMap((attention) =>
        [true, false].map((copy) => ({ attention, copy })),
      );

      test.each(eachWay)('padding changes nothing: $attention, copying $copy', ({ attention, copy }) => {
        tf.tidy(() => {
          const { model } = modelOf(copy, 0.1, attention);
          const [short, long] = [model.loss(batch(0), still()), model.loss(batch(2), still())];
          expect(largestDifference(short, long)).toBeLessThan(1e-5);
        });
      });

      test('without smoothing the loss is the mean of -log P, and with it also of all subwords', () => {
        tf.tidy(() => {
          const { model } = modelOf(true, 0);
          const likely = model.logLikelihood(batch(1));
          const mean = tf.div(tf.neg(tf.sum(likely)), 3);
          expect(largestDifference(model.loss(batch(1), still()), mean)).toBeLessThan(1e-5);
          const smoothed = modelOf(true, 0.3).model.loss(batch(1), still());
          expect(largestDifference(smoothed, mean)).toBeGreaterThan(1e-3);
        });
      });

      test.each(eachWay)(
        'every parameter has a gradient, and no tensor is left: %o',
        ({ attention, copy }) => {
          const before = tf.memory().numTensors;
          const { parameters, model } = modelOf(copy, 0.1, attention);
          const variables = [...parameters.variables.values()];
          const given = batch(2);
          const { value, grads } = tf.tidy(() =>
            tf.variableGrads(() => model.loss(given, still()), variables),
          );
          const without = [...parameters.variables]
            .filter(([, { name }]) => grads[name] === undefined)
            .map(([name]) => name);
          expect(without).toEqual([]);
          tf.dispose([value, given]);
          tf.dispose(grads);
          parameters.dispose();
          expect(tf.memory().numTensors).toBe(before);
        },
      );
    });
  });
}
