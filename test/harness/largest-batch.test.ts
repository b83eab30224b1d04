import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, nextBatch, predictedBatch } from '../../harness/largest-batch.js';

/** Searches among batches of which all up to `largest` fit. */
function search(largest: number, first: number) {
  const tries = new Map<number, boolean>();
  for (let next = nextBatch(tries, first); next !== null; next = nextBatch(tries, first)) {
    expect(tries.has(next)).toBe(false);
    tries.set(next, next <= largest);
  }
  return { ...boundsOf(tries), tries: tries.size };
}

describe('the largest batch', () => {
  it('is found within an eighth, wherever the search begins', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        (largest, first) => {
          const { fits, tooLarge, tries } = search(largest, first);
          expect(fits).toBeLessThanOrEqual(largest);
          expect(tooLarge).toBeGreaterThan(largest);
          expect(tooLarge! - fits).toBeLessThanOrEqual(Math.max(1, fits / 8));
          expect(tries).toBeLessThan(20);
        },
      ),
    );
  });

  it('takes few tries where the prediction is good', () => {
    expect(search(100, 95).tries).toBeLessThanOrEqual(6);
    expect(search(3, 3)).toEqual({ fits: 3, tooLarge: 4, tries: 3 });
  });

  it('is none where one sequence does not fit', () => {
    expect(search(0, 4)).toMatchObject({ fits: 0, tooLarge: 1 });
  });

  it('begins where the prediction reaches the limit, with one sequence at least', () => {
    const linear = (batch: number) => 1e9 + 1e8 * batch;
    expect(predictedBatch(linear, 4e9)).toBe(30);
    expect(predictedBatch(linear, 5e8)).toBe(1);
    expect(predictedBatch(() => null, 4e9)).toBe(1);
  });
});
