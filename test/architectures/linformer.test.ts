/** Linformer against a second implementation: the paper's equations in plain loops and float64. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linformer } from '../../architectures/linformer.js';
import { createParameters } from '../../architectures/scope.js';
import { checkCounts } from '../../harness/conformance/counts.js';
import { preset } from '../../harness/conformance/preset.js';
import { createSubject, maskOf, randomTokens } from '../../harness/conformance/subject.js';
import type { Architecture } from '../../architectures/contract.js';
import { useBackend } from '../support/backend.js';
import { distance, plainAttention } from '../support/plain-attention.js';
import { at, sum, times, weightsOf } from '../support/plain-loops.js';
import type { Matrix, Weights } from '../support/plain-loops.js';

const architecture = linformer as unknown as Architecture;
const hidden = 8;

/** Slot j of feature f: the sum over tokens of E[n][j] x[n][f], where E may differ by head. */
const project = (x: Matrix, k: number, weight: (n: number, j: number, feature: number) => number): Matrix =>
  Array.from({ length: k }, (_, j) =>
    at(x, 0).map((_, feature) => sum(x.map((row, n) => weight(n, j, feature) * at(row, feature)))),
  );

/** Equation 7 for the real tokens of one sequence. */
function plainLinformer(
  x: Matrix,
  weights: Weights,
  heads: number,
  projection: (weights: Weights, name: 'key' | 'value', n: number, j: number, head: number) => number,
  k: number,
): Matrix {
  const dense = (rows: Matrix, name: string) =>
    times(rows, weights.matrix(`${name}.kernel`), weights.vector(`${name}.bias`));
  const slots = (name: 'key' | 'value') =>
    project(dense(x, name), k, (n, j, feature) =>
      projection(weights, name, n, j, Math.floor((feature * heads) / hidden)),
    );
  const y = plainAttention(dense(x, 'query'), slots('key'), slots('value'), heads, () => true);
  return dense(y, 'output');
}

describe('linformer', () => {
  useBackend('wasm');
  const arbitrary = fc.record({
    real: fc.integer({ min: 1, max: 9 }),
    padding: fc.integer({ min: 0, max: 3 }),
    heads: fc.constantFrom(1, 2, 4),
    k: fc.integer({ min: 1, max: 5 }),
  });

  it.each([
    [
      'one projection of all heads',
      { sharing: 'heads' },
      (weights: Weights, name: string, n: number, j: number) => at(at(weights.matrix(`proj_${name}`), n), j),
    ],
    [
      'a projection a head, tied for keys and values',
      { sharing: 'none', tieProjections: true },
      (weights: Weights, _name: string, n: number, j: number, head: number) =>
        at(at(at(weights.matrix('proj') as unknown as Matrix[], head), j), n),
    ],
  ])('gives what the equations give in plain loops: %s', (_, options, projection) => {
    fc.assert(
      fc.property(arbitrary, ({ real, padding, heads, k }) => {
        const sizes = { length: real + padding, hidden, heads };
        const subject = createSubject(preset(architecture, { ...options, k }), sizes, 1, 0.5);
        tf.tidy(() => {
          const x = randomTokens(1, sizes);
          const y = at(subject.mix(x, maskOf([real], sizes.length)).arraySync(), 0);
          const tokens = at(x.arraySync(), 0).slice(0, real);
          const expected = plainLinformer(tokens, weightsOf(subject.parameters), heads, projection, k);
          expect(distance(y.slice(0, real), expected)).toBeLessThan(1e-4);
        });
        subject.dispose();
      }),
      { numRuns: 15 },
    );
  });

  it('takes the first rows of its projections for a shorter sequence', () => {
    const subject = createSubject(architecture, { length: 12, hidden, heads: 2 });
    tf.tidy(() => {
      const x = randomTokens(2, { length: 12, hidden, heads: 2 });
      const short = subject.mix(tf.slice(x, [0, 0, 0], [-1, 7, -1]));
      const padded = tf.slice<tf.Rank.R3, Tensor3D>(
        subject.mix(x, maskOf([7, 7], 12)),
        [0, 0, 0],
        [-1, 7, -1],
      );
      expect(distance(at(short.arraySync(), 0), at(padded.arraySync(), 0))).toBeLessThan(1e-5);
      expect(distance(at(short.arraySync(), 1), at(padded.arraySync(), 1))).toBeLessThan(1e-5);
    });
    subject.dispose();
  });

  it('shares its projections between the layers of a model when asked to', () => {
    const names = (sharing: string): string[] => {
      const parameters = createParameters(1);
      const options = linformer.options.parse({ sharing });
      for (const layer of ['layers.0', 'layers.1'])
        linformer.create(parameters.scope.child(layer), { length: 5, hidden, heads: 2 }, options);
      const found = [...parameters.variables.keys()].filter((name) => name.includes('proj'));
      parameters.dispose();
      return found;
    };
    expect(names('layers')).toEqual(['proj_key', 'proj_value']);
    expect(names('heads')).toHaveLength(4);
  });

  it('costs what it declares, however its projections are shared', () => {
    const flag = fc.boolean();
    const given = fc.record({
      sharing: fc.constantFrom('none', 'heads', 'layers'),
      tieProjections: flag,
      tieValues: flag,
      oneKeyValueHead: flag,
      bias: flag,
      outputProjection: flag,
      k: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(given, fc.integer({ min: 1, max: 40 }), (options, length) => {
        const checks = checkCounts(preset(architecture, options), [{ length, hidden: 12, heads: 3 }]);
        expect(checks.filter(({ passed }) => !passed)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
