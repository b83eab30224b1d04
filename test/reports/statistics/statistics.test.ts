import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bootstrapInterval,
  bootstrapRatioInterval,
  holm,
  mean,
  meanInterval,
  median,
  moments,
  pairedT,
  quantile,
  sampleDeviation,
  welch,
} from '../../../reports/statistics/index.js';

const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const sample = fc.array(number, { minLength: 2, maxLength: 12 });

describe('describing a sample', () => {
  it('refuses to average nothing', () => {
    expect(() => mean([])).toThrow('no values');
    expect(() => quantile([], 0.5)).toThrow('no values');
  });

  it('divides the squares by n - 1', () => {
    expect(sampleDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
  });

  it('interpolates quantiles as type 7 does, whatever the order', () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect([quantile([4, 1, 3], 0), quantile([4, 1, 3], 1)]).toEqual([1, 4]);
  });

  it('gives one value no interval, and two values the interval of the t table', () => {
    expect(meanInterval([0.5])).toBeNull();
    const [low, high] = meanInterval([0, 2])!;
    expect(low).toBeCloseTo(1 - 12.706204736, 8);
    expect(high).toBeCloseTo(1 + 12.706204736, 8);
  });

  it('centres the interval on the mean', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const [low, high] = meanInterval(values)!;
        expect((low + high) / 2).toBeCloseTo(mean(values), 6);
      }),
    );
  });
});

describe('comparing two samples', () => {
  it('gives the hand-computed t of two small samples', () => {
    const result = welch(moments([1, 2, 3]), moments([2, 4, 6]))!;
    expect(result.t).toBeCloseTo(-2 / Math.sqrt(1 / 3 + 4 / 3), 12);
    expect(result.degrees).toBeCloseTo((5 / 3) ** 2 / ((1 / 3) ** 2 / 2 + (4 / 3) ** 2 / 2), 12);
  });

  it('finds nothing to say about single values or samples without spread', () => {
    expect(welch(moments([1]), moments([1, 2]))).toBeNull();
    expect(welch(moments([1, 1]), moments([2, 2]))).toBeNull();
    expect(pairedT([1], [2])).toBeNull();
    expect(pairedT([1, 2], [2, 3])).toBeNull();
  });

  it('refuses to pair samples of different lengths', () => {
    expect(() => pairedT([1, 2], [1])).toThrow('2 values cannot be paired with 1');
  });

  it('changes only the sign when the samples change places', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const forward = welch(moments(a), moments(b));
        const backward = welch(moments(b), moments(a));
        fc.pre(forward !== null && backward !== null);
        expect(forward.t).toBeCloseTo(-backward.t, 6);
        expect(forward.p).toBeCloseTo(backward.p, 9);
      }),
    );
  });

  it('sees through noise that both runs of a seed share', () => {
    const noise = [0, 10, -10, 20, -20];
    const a = noise.map((shift, i) => shift + 1 + i / 100);
    expect(pairedT(a, noise)!.p).toBeLessThan(0.001);
    expect(welch(moments(a), moments(noise))!.p).toBeGreaterThan(0.9);
  });
});

describe("Holm's correction", () => {
  it('multiplies the smallest by the count and keeps the order', () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([])).toEqual([]);
  });

  it('never makes a p-value smaller, nor larger than Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 10 }), (ps) => {
        for (const [i, adjusted] of holm(ps).entries()) {
          expect(adjusted).toBeGreaterThanOrEqual(ps[i]!);
          expect(adjusted).toBeLessThanOrEqual(Math.min(1, ps[i]! * ps.length) + 1e-15);
        }
      }),
    );
  });
});

describe('the bootstrap', () => {
  const values = [1.02, 1.01, 1.05, 1.2, 1.03, 1.04, 1.02];

  it('gives the same interval for the same seed, and another for another', () => {
    expect(bootstrapInterval(values, mean, { seed: 3 })).toEqual(
      bootstrapInterval(values, mean, { seed: 3 }),
    );
    expect(bootstrapInterval(values, mean, { seed: 3 })).not.toEqual(
      bootstrapInterval(values, mean, { seed: 4 }),
    );
  });

  it('holds the median between its ends, inside the sample', () => {
    const [low, high] = bootstrapInterval(values, median)!;
    expect(low).toBeGreaterThanOrEqual(1.01);
    expect(low).toBeLessThanOrEqual(median(values));
    expect(high).toBeGreaterThanOrEqual(median(values));
    expect(high).toBeLessThanOrEqual(1.2);
  });

  it('counts its way to a median that is the sorted one, to the bit', () => {
    const samples = fc.array(fc.double({ min: 1e-3, max: 10, noNaN: true }), { minLength: 2, maxLength: 9 });
    const sorting = (resample: readonly number[]) => median(resample);
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const options = { resamples: 50 };
        expect(bootstrapInterval(a, median, options)).toEqual(bootstrapInterval(a, sorting, options));
        expect(bootstrapRatioInterval(a, b, median, options)).toEqual(
          bootstrapRatioInterval(a, b, sorting, options),
        );
      }),
    );
  });

  it('has no interval for one value or for values without spread', () => {
    expect(bootstrapInterval([1], median)).toBeNull();
    expect(bootstrapInterval([2, 2, 2], median)).toBeNull();
  });

  it('covers the mean of a normal sample about as often as it says', () => {
    // 200 samples of 15 seeded normal draws: a 95 % interval of so few misses a little more often than 5 %.
    let hits = 0;
    let state = 12345;
    const draw = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    for (let i = 0; i < 200; i++) {
      const normals = Array.from(
        { length: 15 },
        () => Math.sqrt(-2 * Math.log(draw())) * Math.cos(2 * Math.PI * draw()),
      );
      const [low, high] = bootstrapInterval(normals, mean, { seed: i + 1, resamples: 300 })!;
      if (low <= 0 && high >= 0) hits += 1;
    }
    expect(hits).toBeGreaterThanOrEqual(170);
    expect(hits).toBeLessThanOrEqual(198);
  });
});

describe('the bootstrap interval of a ratio', () => {
  const slow = [3, 3.1, 2.9, 3.05, 2.95];
  const fast = [1, 1.02, 0.98, 1.01, 0.99];

  it('holds the ratio of the medians, and repeats', () => {
    const interval = bootstrapRatioInterval(slow, fast, median);
    expect(interval).not.toBeNull();
    const [low, high] = interval ?? [NaN, NaN];
    expect(low).toBeGreaterThan(2.9 / 1.02 - 1e-9);
    expect(low).toBeLessThan(3);
    expect(high).toBeGreaterThan(3);
    expect(high).toBeLessThan(3.1 / 0.98 + 1e-9);
    expect(bootstrapRatioInterval(slow, fast, median)).toEqual(interval);
  });

  it('needs two values on both sides, and is a point where nothing varies', () => {
    expect(bootstrapRatioInterval([3], fast, median)).toBeNull();
    expect(bootstrapRatioInterval([3, 3], [2, 2], median)).toEqual([1.5, 1.5]);
  });
});
