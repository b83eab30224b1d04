import { describe, expect, it } from 'vitest';
import { countShapes, exampleBatch } from '../../harness/batch-shapes.js';

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
