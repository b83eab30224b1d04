import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenBatch } from '../../../tasks/contract.js';
import { countTokens, createBatches, paddingShare } from '../../../tasks/text/batches.js';

/** Examples of the given lengths; the number of an example is its label and its every token, less one. */
const examplesOf = (lengths: readonly number[]) => ({
  tokens: lengths.map((length, i) => new Int32Array(length).fill(i + 1)),
  labels: Int32Array.from(lengths, (_, i) => i),
});

const cases = fc.record({
  lengths: fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 200 }),
  batchSize: fc.integer({ min: 1, max: 9 }),
  length: fc.integer({ min: 1, max: 130 }),
  seed: fc.option(fc.integer({ min: 1, max: 1000 })),
});

const rowsOf = (batch: TokenBatch) =>
  Array.from({ length: batch.size }, (_, row) => ({
    label: batch.labels[row]!,
    ids: batch.ids.subarray(row * batch.length, (row + 1) * batch.length),
    mask: batch.mask.subarray(row * batch.length, (row + 1) * batch.length),
  }));

const order = (batches: Iterable<TokenBatch>) => [...batches].map((batch) => [...batch.labels].join(' '));

describe('createBatches', () => {
  it('gives every example exactly once', () => {
    fc.assert(
      fc.property(cases, ({ lengths, ...options }) => {
        const labels = [...createBatches(examplesOf(lengths), options)].flatMap((batch) => [...batch.labels]);
        expect(labels.sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
      }),
    );
  });

  it('fills each row with its example, cut at the limit, and masks exactly the padding', () => {
    fc.assert(
      fc.property(cases, ({ lengths, ...options }) => {
        for (const batch of createBatches(examplesOf(lengths), options)) {
          for (const { label, ids, mask } of rowsOf(batch)) {
            const real = Math.min(lengths[label]!, options.length);
            expect([...ids]).toEqual([...ids.keys()].map((i) => (i < real ? label + 1 : 0)));
            expect([...mask]).toEqual([...ids].map((id) => (id === 0 ? 0 : 1)));
          }
        }
      }),
    );
  });

  it('makes rows of a multiple of 16, or of the limit, and none longer', () => {
    fc.assert(
      fc.property(cases, ({ lengths, ...options }) => {
        for (const { size, length, ids, mask } of createBatches(examplesOf(lengths), options)) {
          expect(length <= options.length && (length % 16 === 0 || length === options.length)).toBe(true);
          expect([ids.length, mask.length]).toEqual([size * length, size * length]);
        }
      }),
    );
  });

  it('makes rows of the lengths that are given, as far as these reach', () => {
    const examples = examplesOf([3, 20, 33, 60]);
    const options = { batchSize: 1, length: 64, seed: null, lengths: [24, 40] };
    expect([...createBatches(examples, options)].map(({ length }) => length)).toEqual([24, 24, 40, 64]);
    expect([...createBatches(examples, { ...options, length: 30 })].map(({ length }) => length)).toEqual([
      24, 24, 30, 30,
    ]);
  });

  it('fills all batches but one to the batch size, in each window of fifty', () => {
    const sizes = [
      ...createBatches(examplesOf(new Array(1003).fill(5)), { batchSize: 10, length: 32, seed: 3 }),
    ];
    expect(sizes.map((batch) => batch.size).sort((a, b) => a - b)).toEqual([
      3,
      ...new Array<number>(100).fill(10),
    ]);
  });

  it('gives the same batches for the same seed and others for another', () => {
    const examples = examplesOf(Array.from({ length: 300 }, (_, i) => (i * 37) % 100));
    const withSeed = (seed: number | null) =>
      order(createBatches(examples, { batchSize: 8, length: 64, seed }));
    expect(withSeed(1)).toEqual(withSeed(1));
    expect(withSeed(1)).not.toEqual(withSeed(2));
    expect(withSeed(null)).toEqual(withSeed(null));
  });

  it('does not present batches by length when seeded, and does without a seed', () => {
    const examples = examplesOf(Array.from({ length: 800 }, (_, i) => (i * 37) % 500));
    const lengths = (seed: number | null) =>
      [...createBatches(examples, { batchSize: 8, length: 512, seed })].map((batch) => batch.length);
    const sorted = (values: number[]) => [...values].sort((a, b) => a - b);
    expect(lengths(null)).toEqual(sorted(lengths(null)));
    expect(lengths(1)).not.toEqual(sorted(lengths(1)));
  });

  it('refuses the seed 0, which would silently mean none', () => {
    expect(() => [...createBatches(examplesOf([1]), { batchSize: 1, length: 8, seed: 0 })]).toThrow(
      /at least 1/,
    );
  });
});

describe('paddingShare', () => {
  it('is the share of tokens that are padding', () => {
    const batches = [...createBatches(examplesOf([32, 16, 8, 8]), { batchSize: 2, length: 64, seed: null })];
    expect(paddingShare(batches)).toBe(1 - 64 / 96);
  });

  it('is 0 for no batches', () => {
    expect(paddingShare([])).toBe(0);
  });
});

describe('countTokens', () => {
  it('counts the tokens that batches have, without their padding', () => {
    const examples = examplesOf([32, 16, 100, 0]);
    const batches = [...createBatches(examples, { batchSize: 2, length: 64, seed: null })];
    const real = batches.reduce((sum, { mask }) => sum + mask.reduce((all, each) => all + each, 0), 0);
    expect(countTokens(examples, 64)).toBe(real);
    expect(real).toBe(112);
  });
});
