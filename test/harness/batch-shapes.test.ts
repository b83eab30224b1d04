import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonLengths, countShapes, exampleBatch } from '../../harness/batch-shapes.js';

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
