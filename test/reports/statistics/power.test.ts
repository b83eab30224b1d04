import { describe, expect, it } from 'vitest';
import { drawNormals, stream, uniform } from '../../../architectures/random.js';
import { detectableDifference, detectableOverTexts, pairedT } from '../../../reports/statistics/index.js';
import { pairedPower } from '../../../reports/statistics/power.js';

const tries = 20_000;
/** Five standard errors of a simulated share. */
const close = (share: number, expected: number) => {
  expect(Math.abs(share - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / tries));
};

describe('the power of a paired t test', () => {
  it('is 5 % without a difference, and that of G*Power with one', () => {
    expect(pairedPower(0, 2)).toBeCloseTo(0.05, 4);
    expect(pairedPower(0, 33)).toBeCloseTo(0.05, 4);
    // Faul et al. 2007, the manual's example of matched pairs: effect 0.5, n = 34.
    expect(pairedPower(0.5 * Math.sqrt(34), 33)).toBeCloseTo(0.8078, 3);
  });

  it.each([2, 3, 5, 12])('with %i pairs is what a simulation has', (pairs) => {
    const difference = detectableDifference(0.02, pairs);
    const draws = drawNormals(stream(7, 'power', pairs), tries * pairs, 0.02);
    let seen = 0;
    for (let i = 0; i < tries; i++) {
      const ours = [...draws.subarray(i * pairs, (i + 1) * pairs)].map((noise) => 0.7 + difference + noise);
      if ((pairedT(ours, new Array<number>(pairs).fill(0.7))?.p ?? 1) < 0.05) seen += 1;
    }
    close(seen / tries, 0.8);
  });

  it('sees smaller differences with more pairs, and larger ones with more power', () => {
    expect(detectableDifference(1, 10)).toBeLessThan(detectableDifference(1, 5) / Math.SQRT2);
    expect(detectableDifference(1, 5, 0.95)).toBeGreaterThan(detectableDifference(1, 5));
    expect(detectableDifference(3, 4)).toBeCloseTo(3 * detectableDifference(1, 4), 9);
  });
});

describe('what a test set leaves open', () => {
  it('is what a simulation of two models that err apart has', () => {
    const texts = 400;
    const accuracy = 0.7;
    const difference = detectableOverTexts(accuracy, texts);
    const random = stream(3, 'texts');
    const share = (right: number) => {
      let sum = 0;
      for (let i = 0; i < texts; i++) if (uniform(random) < right) sum += 1;
      return sum / texts;
    };
    const standardError = Math.sqrt((2 * accuracy * (1 - accuracy)) / texts);
    let seen = 0;
    const repeats = 4_000;
    for (let i = 0; i < repeats; i++)
      if (
        Math.abs(share(accuracy + difference / 2) - share(accuracy - difference / 2)) >
        1.96 * standardError
      )
        seen += 1;
    expect(seen / repeats).toBeGreaterThan(0.77);
    expect(seen / repeats).toBeLessThan(0.83);
  });

  it('halves with four times the texts', () => {
    expect(detectableOverTexts(0.8, 4_000)).toBeCloseTo(detectableOverTexts(0.8, 1_000) / 2, 12);
    expect(detectableOverTexts(0.5, 10_000)).toBeCloseTo(2.8016 * 0.0070711, 5);
  });
});
