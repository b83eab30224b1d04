import { describe, expect, it } from 'vitest';
import { stream } from '../../../architectures/random.js';
import type { Impression } from '../../../tasks/recommendation/mind/behaviors.js';
import { createSamples, drawNegatives, latest } from '../../../tasks/recommendation/samples.js';

const impression = (history: number[], candidates: number[], labels: number[]): Impression => ({
  id: '1',
  time: 0,
  history: Int32Array.from(history),
  candidates: Int32Array.from(candidates),
  labels: Uint8Array.from(labels),
});

const options = { batchSize: 2, negatives: 2, history: 3, seed: 1, epoch: 1 };
const impressions = [
  impression([10, 11, 12, 13], [20, 21, 22, 23], [0, 1, 0, 0]),
  impression([], [20, 24, 25], [1, 0, 0]),
  impression([10], [21, 26, 27, 28], [1, 1, 0, 0]),
];

describe('training samples', () => {
  it('hold every click once an epoch, the clicked news first, its negatives of the same impression', () => {
    const clicks: number[] = [];
    for (const { news, candidates } of createSamples(impressions, options)) {
      for (let row = 0; row < 2; row++) {
        const [clicked = 0, ...others] = [...candidates.subarray(3 * row, 3 * row + 3)].map(
          (at) => news[at]!,
        );
        clicks.push(clicked);
        const home = impressions.find(({ candidates: shown, labels }) => {
          const at = shown.indexOf(clicked);
          return at >= 0 && labels![at] === 1 && others.every((other) => labels![shown.indexOf(other)] === 0);
        });
        expect(home).toBeDefined();
      }
    }
    expect(clicks.toSorted()).toEqual([20, 21, 21, 26]);
  });

  it('list each article once, no news first, and keep the latest of a long history', () => {
    for (const { news, clicked } of createSamples(impressions, options)) {
      expect(news[0]).toBe(0);
      const real = [...news].filter((row) => row !== 0);
      expect(new Set(real).size).toBe(real.length);
      expect(news.length % 128).toBe(0);
      const histories = [0, 1].map((row) =>
        [...clicked.subarray(3 * row, 3 * row + 3)].map((at) => news[at]),
      );
      for (const history of histories)
        expect([
          [11, 12, 13],
          [0, 0, 0],
          [10, 0, 0],
        ]).toContainEqual(history);
    }
  });

  it('are others in another epoch, and the same for the same seed', () => {
    const all = (epoch: number) =>
      [...createSamples(impressions, { ...options, epoch })].map(({ news, candidates }) => [
        [...news],
        [...candidates],
      ]);
    expect(all(1)).toEqual(all(1));
    expect([2, 3, 4, 5].map(all)).not.toEqual([1, 1, 1, 1].map(all));
  });

  it('repeat negatives only where an impression has too few', () => {
    const random = stream(1, 'test');
    const drawn = drawNegatives(impressions[0]!, 3, random);
    expect(drawn.toSorted()).toEqual([20, 22, 23]);
    const again = drawNegatives(impressions[1]!, 5, random);
    expect(again).toHaveLength(5);
    expect(new Set(again)).toEqual(new Set([24, 25]));
  });

  it('take the end of a history', () => {
    expect([...latest(Int32Array.from([1, 2, 3]), 2)]).toEqual([2, 3]);
  });
});
