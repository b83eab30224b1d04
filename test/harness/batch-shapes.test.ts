import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonLengths, countShapes, exampleBatch, planShapes } from '../../harness/batch-shapes.js';
import { type BatchOptions, createBatches } from '../../tasks/text/batches.js';

describe('counting shapes of batches', () => {
  const shapes = [
    { size: 4, length: 32 },
    { size: 4, length: 64 },
    { size: 4, length: 32 },
    { size: 3, length: 32 },
  ];

  it('tells how often each comes, and which come often', () => {
    const counts = countShapes(shapes);
    expect([...shapes, { size: 9, length: 9 }].map((shape) => counts.runs(shape))).toEqual([2, 1, 2, 1, 0]);
    expect(counts.frequent(2)).toEqual([{ size: 4, length: 32 }]);
    expect(counts.frequent(1)).toHaveLength(3);
  });

  it('makes an example of each', () => {
    const { ids, mask, labels } = exampleBatch({ size: 2, length: 3 });
    expect([ids.length, mask.length, labels.length]).toEqual([6, 6, 2]);
    expect(mask.every((each) => each === 1)).toBe(true);
  });
});

describe('common lengths', () => {
  const batchesOf = (lengths: readonly number[]) => lengths.map((length) => ({ size: 4, length }));

  it('takes a length as soon as enough batches have come, and the longest', () => {
    expect(commonLengths(batchesOf([8, 8, 16, 24, 24, 24, 200]), 3)).toEqual([16, 24, 200]);
    expect(commonLengths(batchesOf([100, 100, 104, 104, 112, 112]), 2)).toEqual([100, 112]);
    expect(commonLengths([], 3)).toEqual([]);
  });

  it('gives every batch room, and every length but the longest enough batches', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 20 }), (needed, times) => {
        const common = commonLengths(batchesOf(needed), times);
        expect(common.at(-1)).toBe(Math.max(...needed));
        for (const [index, length] of common.slice(0, -1).entries()) {
          const shorter = common[index - 1] ?? 0;
          expect(length).toBeGreaterThan(shorter);
          expect(needed.filter((each) => each > shorter && each <= length).length).toBeGreaterThanOrEqual(
            times,
          );
        }
      }),
    );
  });
});

describe('the plan of shapes', () => {
  it('foresees the batches that come with its lengths', () => {
    const texts = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 120 });
    const options = fc.record({
      batchSize: fc.integer({ min: 1, max: 8 }),
      length: fc.integer({ min: 1, max: 150 }),
      seed: fc.option(fc.integer({ min: 1 })),
    });
    fc.assert(
      fc.property(texts, options, fc.integer({ min: 1, max: 10 }), (lengths, given, times) => {
        const batches = (more: Partial<BatchOptions>) =>
          [...createBatches(examplesOf(lengths), { ...given, ...more })].map(({ size, length }) => ({
            size,
            length,
          }));
        const plan = planShapes(batches({}), times);
        const come = batches({ lengths: plan.lengths });
        for (const shape of come)
          expect(plan.runs(shape)).toBe(
            come.filter(({ size, length }) => size === shape.size && length === shape.length).length,
          );
        expect(plan.frequent(times)).toEqual(countShapes(come).frequent(times));
      }),
    );
  });

  const examplesOf = (lengths: readonly number[]) => ({
    tokens: lengths.map((length) => new Int32Array(length).fill(1)),
    labels: new Int32Array(lengths.length),
  });
});
