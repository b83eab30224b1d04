import { describe, expect, it } from 'vitest';
import { pairedT } from '../../reports/statistics/index.js';
import { compareVariants } from '../../reports/summary/paired.js';
import { accuracyRecord } from '../support/records.js';

const variant = (title: string, scores: Readonly<Record<number, number>>) => ({
  title,
  records: Object.entries(scores).map(([seed, score]) =>
    accuracyRecord({ seed: Number(seed), options: { title } }, score),
  ),
});

describe('variants beside the first', () => {
  const first = variant('first', { 1: 0.8, 2: 0.7, 3: 0.6 });
  const better = variant('better', { 1: 0.82, 2: 0.721, 3: 0.619 });

  it('are compared seed by seed: a difference that all seeds show is clear where the means are not', () => {
    const [, result] = compareVariants([first, better]);
    const { difference, interval, pairs, p, adjusted } = result!.scores.accuracy!.toFirst!;
    const oracle = pairedT([0.82, 0.721, 0.619], [0.8, 0.7, 0.6])!;
    expect(difference).toBeCloseTo(0.02, 10);
    expect(interval![0]).toBeCloseTo(oracle.interval[0], 12);
    expect(pairs).toBe(3);
    expect(p).toBeCloseTo(oracle.p, 12);
    // Accuracy and macro-F of one variant are a family of two.
    expect(adjusted).toBeCloseTo(2 * oracle.p, 12);
    expect(result!.scores.accuracy!.interval![0]).toBeLessThan(0.6);
  });

  it('have no difference of their own when they are first', () => {
    expect(compareVariants([first])[0]!.scores.accuracy).toMatchObject({ n: 3, toFirst: null });
    expect(compareVariants([])).toEqual([]);
  });

  it('are compared over the seeds that both have', () => {
    const [, result] = compareVariants([first, variant('late', { 2: 0.71, 3: 0.63, 4: 0.9 })]);
    expect(result!.scores.accuracy!.toFirst).toMatchObject({ pairs: 2 });
    expect(result!.scores.accuracy!.toFirst!.difference).toBeCloseTo(0.02, 10);
  });

  it('with one pair, or no spread, have a difference and no p', () => {
    const [, one, same] = compareVariants([
      first,
      variant('one', { 1: 0.9 }),
      variant('same', { 1: 0.8, 2: 0.7, 3: 0.6 }),
    ]);
    expect(one!.scores.accuracy!.toFirst).toMatchObject({
      pairs: 1,
      interval: null,
      p: null,
      adjusted: null,
    });
    expect(same!.scores.accuracy!.toFirst).toMatchObject({ difference: 0, p: null });
  });

  it('leave failed runs out of every mean, and list them', () => {
    const failure = { kind: 'diverged' as const, message: 'the loss was not finite in epoch 1' };
    const broken = { title: 'broken', records: [accuracyRecord({ seed: 2 }, 0.1, { failure })] };
    const [, result] = compareVariants([first, broken]);
    expect(result).toMatchObject({
      scores: { accuracy: null, macroF1: null },
      failures: ['seed 2: diverged: the loss was not finite in epoch 1'],
    });
  });
});
