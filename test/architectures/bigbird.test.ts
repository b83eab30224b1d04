/** BigBird against a second implementation: who attends to whom, block by block, in float64. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bigbird } from '../../architectures/bigbird.js';
import { chooseRandomBlocks } from '../../architectures/layers/block-lists.js';
import { createParameters } from '../../architectures/scope.js';
import { transformer } from '../../architectures/transformer.js';
import { checkCounts } from '../../harness/conformance/counts.js';
import { largestDifference, maskOf, randomTokens } from '../../harness/conformance/subject.js';
import { useBackend } from '../support/backend.js';
import { distance, mixOne, plainAttention, withOptions } from '../support/plain-attention.js';
import type { Dense } from '../support/plain-attention.js';
import type { Matrix } from '../support/plain-loops.js';

interface Case {
  readonly real: number;
  readonly padding: number;
  readonly heads: number;
  readonly blockSize: number;
  readonly randomBlocks: number;
}

/** Whether a head's block i sees block j. */
type Sees = (head: number, i: number, j: number) => boolean;

/** The blocks that a model of seed 1 draws. */
function drawnBlocks({ real, padding, heads, blockSize, randomBlocks: places }: Case): Sees {
  const blocks = Math.ceil((real + padding) / blockSize);
  const rows = Math.max(1, blocks - 2);
  const parameters = createParameters(1);
  const sizes = { length: real + padding, hidden: heads, heads };
  bigbird.create(parameters.scope, sizes, bigbird.options.parse({ blockSize, randomBlocks: places }));
  const drawn = parameters.scope.constant('random_blocks', [heads, rows, places], () => {
    throw new Error('the model has drawn none');
  });
  const values = drawn.dataSync();
  parameters.dispose();
  if (blocks < 5) return () => true;
  const { chosen, bias } = chooseRandomBlocks({ values, heads, rows, places }, blocks);
  const perList = chosen.length / (heads * (blocks - 2));
  return (head, i, j) => {
    const edge = (block: number) => block === 0 || block === blocks - 1;
    if (edge(i) || edge(j) || Math.abs(i - j) <= 1) return true;
    const start = (head * (blocks - 2) + i - 1) * perList;
    return [...chosen.slice(start, start + perList)].some((b, k) => b === j && bias[start + k] === 0);
  };
}

/** Each head by itself over all pairs of real tokens; padded rows are 0 before the output layer. */
function pairByPair(x: Matrix, dense: Dense, each: Case): Matrix {
  const { real, heads, blockSize } = each;
  const [q, k, v] = ['query', 'key', 'value'].map((name) => dense(x.slice(0, real), name)) as [
    Matrix,
    Matrix,
    Matrix,
  ];
  const size = (x[0]?.length ?? 0) / heads;
  const block = (token: number) => Math.floor(token / blockSize);
  const sees = drawnBlocks(each);
  const ofHeads = Array.from({ length: heads }, (_, h) => {
    const own = (rows: Matrix) => rows.map((row) => row.slice(h * size, (h + 1) * size));
    return plainAttention(own(q), own(k), own(v), 1, (i, j) => sees(h, block(i), block(j)));
  });
  const zeros = (x[0] ?? []).map(() => 0);
  return dense(
    x.map((_, i) => (i < real ? ofHeads.flatMap((rows) => rows[i] ?? []) : zeros)),
    'output',
  );
}

describe('bigbird', () => {
  useBackend('wasm');

  it('attends to the global blocks, the neighbours and its random blocks, each key once', () => {
    const cases = fc.record({
      real: fc.integer({ min: 1, max: 50 }),
      padding: fc.integer({ min: 0, max: 20 }),
      heads: fc.constantFrom(1, 2),
      blockSize: fc.constantFrom(1, 3, 4, 8, 100),
      randomBlocks: fc.constantFrom(0, 1, 2, 5),
    });
    fc.assert(
      fc.property(cases, (each) => {
        const { blockSize, randomBlocks } = each;
        const { x, y, dense } = mixOne(withOptions(bigbird, { blockSize, randomBlocks }), {
          ...each,
          hidden: 4,
        });
        expect(distance(y, pairByPair(x, dense, each))).toBeLessThan(1e-4);
      }),
      { numRuns: 40 },
    );
  });

  it('is the Transformer where there are few blocks', () => {
    for (const real of [1, 8, 9, 25, 32]) {
      const sizes = { real, padding: 0, hidden: 8, heads: 2 };
      const ours = mixOne(withOptions(bigbird, {}), sizes);
      expect(distance(ours.y, mixOne(withOptions(transformer, {}), sizes).y)).toBeLessThan(1e-5);
    }
    const sizes = { real: 80, padding: 0, hidden: 8, heads: 2 };
    const sparse = mixOne(withOptions(bigbird, {}), sizes);
    expect(distance(sparse.y, mixOne(withOptions(transformer, {}), sizes).y)).toBeGreaterThan(1e-3);
  });

  it('takes the blocks that are given, and counts one that is listed twice twice', () => {
    tf.tidy(() => {
      const sizes = { length: 24, hidden: 4, heads: 1 };
      const parameters = createParameters(1);
      const settings = bigbird.options.parse({ blockSize: 4, randomBlocks: 1 });
      const mix = bigbird.create(parameters.scope, sizes, settings);
      const x = randomTokens(1, sizes);
      const context = { mask: maskOf([24], 24), training: false, seed: tf.tensor1d([1], 'int32') };
      const given = (blocks: number[]) =>
        mix(x, {
          ...context,
          given: { rand_blocks: tf.tensor3d(blocks, [1, 4, blocks.length / 4], 'int32') },
        });
      const once = given([3, 4, 1, 1]);
      expect(largestDifference(given([3, 3, 4, 4, 1, 1, 1, 1]), once)).toBeGreaterThan(1e-5);
      expect(largestDifference(given([4, 4, 1, 2]), once)).toBeGreaterThan(1e-5);
      parameters.dispose();
    });
  });

  it('works for inputs longer than what it was built for', () => {
    tf.tidy(() => {
      const parameters = createParameters(1);
      const built = { length: 48, hidden: 8, heads: 2 };
      const mix = bigbird.create(parameters.scope, built, bigbird.options.parse({}));
      const longer = { ...built, length: 130 };
      const y = mix(randomTokens(2, longer), {
        mask: maskOf([130, 60], 130),
        training: false,
        seed: tf.tensor1d([1], 'int32'),
      });
      expect(y.dataSync().every(Number.isFinite)).toBe(true);
      parameters.dispose();
    });
  });

  it('declares what it costs, for every option', () => {
    for (const options of [
      { blockSize: 1, randomBlocks: 16 },
      { blockSize: 512 },
      { blockSize: 3, randomBlocks: 0, outputProjection: false },
    ]) {
      const failed = checkCounts(withOptions(bigbird, options)).filter(({ passed }) => !passed);
      expect(failed).toEqual([]);
    }
  });
});
