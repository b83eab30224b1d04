/** The Transformer's two ways of one attention. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { transformer } from '../../architectures/transformer.js';
import { countMatrixProducts } from '../../harness/conformance/counts.js';
import { preset } from '../../harness/conformance/preset.js';
import { createSubject, largestDifference, maskOf, randomTokens } from '../../harness/conformance/subject.js';
import { useBackend } from '../support/backend.js';

const sizes = { length: 9, hidden: 12, heads: 3 };
const ways = ['sliced', 'textbook'] as const;

describe('transformer', () => {
  useBackend('wasm');

  it('gives the same outputs and gradients sliced and as in a textbook, padding included', () => {
    tf.tidy(() => {
      const mask = maskOf([9, 4, 0], 9);
      const x = randomTokens(3, sizes);
      const [sliced, textbook] = ways.map((attention) => {
        const subject = createSubject(preset(transformer, { attention }), sizes);
        const y = subject.mix(x, mask);
        const { grads } = tf.variableGrads(
          () => tf.sum<tf.Scalar>(tf.square(subject.mix(x, mask))),
          [...subject.parameters.values()],
        );
        const byName = [...subject.parameters].map(
          ([name, variable]) => [name, grads[variable.name]] as const,
        );
        const results = new Map<string, Tensor>([['y', y], ...(byName as [string, Tensor][])]);
        subject.dispose();
        return results;
      }) as [Map<string, Tensor>, Map<string, Tensor>];
      expect([...sliced.keys()]).toEqual([...textbook.keys()]);
      for (const [name, value] of sliced) {
        const other = textbook.get(name) as Tensor;
        const largest = Math.max(1, tf.max(tf.abs(other)).dataSync()[0] ?? NaN);
        expect(largestDifference(value, other) / largest, name).toBeLessThan(1e-5);
      }
    });
  });

  it.each(ways)('declares what %s attention costs', (attention) => {
    const subject = createSubject(preset(transformer, { attention }), sizes);
    const products = countMatrixProducts(() => {
      tf.tidy(() => subject.mix(randomTokens(1, sizes)));
    });
    subject.dispose();
    // Four dense layers of 12 x 12 weights and 12 biases.
    const options = transformer.options.parse({ attention });
    expect(transformer.cost(sizes, options)).toEqual({ parameters: 4 * 13 * 12, ...products });
  });

  it('keeps the textbook N x N weights until the step has ended, and not the sliced', () => {
    const long = { length: 256, hidden: 8, heads: 2 };
    const kept = ways.map((attention) => {
      const subject = createSubject(preset(transformer, { attention }), long);
      const x = randomTokens(1, long);
      const before = tf.memory().numBytes;
      let bytes = 0;
      tf.tidy(() => {
        tf.grad((tokens: Tensor) => {
          const y = subject.mix(tokens as typeof x);
          bytes = tf.memory().numBytes - before;
          return tf.sum(y);
        })(x);
      });
      subject.dispose();
      x.dispose();
      return bytes;
    }) as [number, number];
    const weights = 4 * 2 * 256 * 256;
    expect(kept[0]).toBeLessThan(weights);
    expect(kept[1]).toBeGreaterThan(weights);
  });
});
