import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { efficiencyLength } from '../../../reports/statistics/crossing.js';
import { growthOf } from '../../../reports/statistics/growth.js';
import { median } from '../../../reports/statistics/index.js';

describe('the exponent of growth', () => {
  it('is that of an exact power law, with an interval of no width', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -2, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 9, noNaN: true }),
        (power, factor) => {
          const growth = growthOf(
            [128, 512, 2_048].map((length) => ({ length, value: factor * length ** power })),
          );
          expect(growth?.exponent).toBeCloseTo(power, 9);
          expect(growth?.interval?.[0]).toBeCloseTo(power, 6);
          expect(growth?.interval?.[1]).toBeCloseTo(power, 6);
        },
      ),
    );
  });

  it('has the interval of the slope that R gives', () => {
    // lm(log(c(2, 4.2, 7.7, 17)) ~ log(c(1, 2, 4, 8))), confint: computed by hand from the normal equations.
    const growth = growthOf([2, 4.2, 7.7, 17].map((value, i) => ({ length: 2 ** i, value })));
    const x = [0, 1, 2, 3].map((i) => i * Math.LN2);
    const y = [2, 4.2, 7.7, 17].map(Math.log);
    const slope = (-1.5 * y[0]! - 0.5 * y[1]! + 0.5 * y[2]! + 1.5 * y[3]!) / 5 / Math.LN2;
    const centre = (y[0]! + y[1]! + y[2]! + y[3]!) / 4;
    const squares = y.reduce(
      (sum, value, i) => sum + (value - centre - slope * (x[i]! - 1.5 * Math.LN2)) ** 2,
      0,
    );
    const half = 4.302652729911275 * Math.sqrt(squares / 2 / (5 * Math.LN2 ** 2));
    expect(growth?.exponent).toBeCloseTo(slope, 12);
    expect(growth?.interval?.[1]).toBeCloseTo(slope + half, 9);
  });

  it('gives two points no interval, and one length nothing', () => {
    expect(
      growthOf([
        { length: 2, value: 3 },
        { length: 4, value: 6 },
      ]),
    ).toMatchObject({ interval: null });
    expect(
      growthOf([
        { length: 2, value: 3 },
        { length: 2, value: 6 },
      ]),
    ).toBeNull();
  });
});

describe('the efficiency length', () => {
  const lengths = [128, 512, 2_048];
  const curves = (ours: (n: number) => number, theirs: (n: number) => number) =>
    lengths.map((length) => ({ length, ours: [ours(length)], theirs: [theirs(length)] }));

  it('is where two power laws cross', () => {
    const found = efficiencyLength(
      curves(
        (n) => 300 * n,
        (n) => n * n,
      ),
      median,
    );
    expect(found).toEqual({
      estimate: { kind: 'from', length: expect.closeTo(300, 6) as number },
      interval: null,
    });
  });

  it('may be below or beyond what was measured', () => {
    expect(
      efficiencyLength(
        curves(
          (n) => n,
          (n) => n * n,
        ),
        median,
      )?.estimate,
    ).toEqual({ kind: 'always' });
    expect(
      efficiencyLength(
        curves(
          (n) => 1e4 * n,
          (n) => n * n,
        ),
        median,
      )?.estimate,
    ).toEqual({ kind: 'never' });
    expect(efficiencyLength([], median)).toBeNull();
  });

  it('counts from the last crossing of curves that cross twice', () => {
    const points = [1, -1, 1, -1].map((gap, i) => ({ length: 2 ** i, ours: [Math.exp(gap)], theirs: [1] }));
    expect(efficiencyLength(points, median)?.estimate).toEqual({
      kind: 'from',
      length: expect.closeTo(Math.sqrt(32), 9) as number,
    });
  });

  it('has an interval round it that noise widens', () => {
    const noisy = (spread: number) =>
      lengths.map((length) => ({
        length,
        ours: [1 - spread, 1, 1 + spread].map((factor) => 300 * length * factor),
        theirs: [1 - spread, 1, 1 + spread].map((factor) => length * length * factor),
      }));
    const width = (spread: number) => {
      const [low, high] = efficiencyLength(noisy(spread), median)!.interval!;
      if (low.kind !== 'from' || high.kind !== 'from') return Infinity;
      expect(low.length).toBeLessThanOrEqual(300.001);
      expect(high.length).toBeGreaterThanOrEqual(299.999);
      return high.length - low.length;
    };
    expect(width(0.3)).toBeGreaterThan(width(0.03));
    expect(width(0.03)).toBeGreaterThan(1);
  });
});
