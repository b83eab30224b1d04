import { describe, expect, it } from 'vitest';
import { mindEditions } from '../../../tasks/datasets/mind.js';
import { evaluateRanking } from '../../../tasks/recommendation/evaluate.js';
import { categoryMatch } from '../../../tasks/recommendation/floors/category-match.js';
import { clickRate } from '../../../tasks/recommendation/floors/click-rate.js';
import { floors } from '../../../tasks/recommendation/floors/index.js';
import { loadRecommendation } from '../../../tasks/recommendation/load.js';
import type { Impression } from '../../../tasks/recommendation/mind/behaviors.js';
import { sharedData } from '../datasets/read-all.js';
import { mindFolder, someImpressions, someNews } from './mind-files.js';

const edition = mindEditions.find(({ name }) => name === 'mind-small')!;
const load = (folder: string) =>
  loadRecommendation({
    edition,
    folders: [folder],
    counts: { train: null, validation: null, test: null },
    vocabulary: 1,
    titleLength: 1,
  });
const made = () => load(mindFolder({ MINDsmall_train: { news: someNews, behaviors: someImpressions(80) } }));

const impression = (history: number[], candidates: number[], labels: number[]): Impression => ({
  id: '1',
  time: 0,
  history: Int32Array.from(history),
  candidates: Int32Array.from(candidates),
  labels: Uint8Array.from(labels),
});

const shared = sharedData('the real impressions of MIND');

describe('ranking floors', () => {
  it('category match is the share of clicked news with the topic of the candidate', async () => {
    const score = categoryMatch.fit(await made(), 1);
    expect(score(impression([1, 3, 2], [1, 2], [1, 0]))).toEqual([2 / 3, 1 / 3]);
    expect(score(impression([], [1, 2], [1, 0]))).toEqual([0, 0]);
  });

  it('click-through rate is smoothed by one click at the rate of all', async () => {
    const data = await made();
    const one = { ...data, train: [impression([], [1, 2, 3, 4], [1, 0, 0, 0])], validation: [] };
    const score = clickRate.fit(one, 1);
    expect(score(impression([], [1, 2, 9], [1, 0, 0]))).toEqual([2 / 5, 1 / 5, 1 / 4]);
  });

  it('every floor but a random order ranks made-up readers of one topic above chance', async () => {
    const data = await made();
    const aucs = floors.map(
      (floor) => evaluateRanking(data.test, data.test.map(floor.fit(data, 1))).metrics.auc,
    );
    expect(aucs[2]).toBeGreaterThan(0.9);
    expect(aucs[3]).toBeGreaterThan(0.9);
  });

  it.skipIf(shared === null)('have their known values on the last day of the real sample', async () => {
    const data = await load(shared!);
    expect([data.train.length + data.validation.length, data.test.length]).toEqual([4_032, 968]);
    expect(data.problems).toEqual({});
    const aucs = floors.map(
      (floor) => evaluateRanking(data.test, data.test.map(floor.fit(data, 1))).metrics.auc,
    );
    expect(aucs.map((auc) => Number(auc.toFixed(4)))).toEqual([0.4967, 0.5154, 0.5686, 0.5753]);
  });
});

describe('an evaluation', () => {
  const few = [
    impression([], [1, 2], [1, 0]),
    impression([1], [1, 2], [1, 0]),
    impression(new Array<number>(30).fill(1), [1, 2], [0, 1]),
  ];

  it('is the mean over impressions, with slices by the length of the history', () => {
    const { metrics, slices } = evaluateRanking(few, [
      [2, 1],
      [2, 1],
      [2, 1],
    ]);
    expect(metrics.auc).toBeCloseTo(2 / 3, 12);
    expect(slices.map(({ name, impressions }) => [name, impressions])).toEqual([
      ['0', 1],
      ['1-5', 1],
      ['6-20', 0],
      ['> 20', 1],
    ]);
    expect(slices.map(({ metrics: scores }) => scores?.auc ?? null)).toEqual([1, 1, null, 0]);
  });

  it('has an interval over impressions that holds the mean, and is as wide as the standard error says', () => {
    const many = Array.from({ length: 400 }, () => few[1]!);
    const scores = many.map((_, i) => (i % 2 === 0 ? [2, 1] : [1, 2]));
    const { impressionInterval } = evaluateRanking(many, scores);
    const [low, high] = impressionInterval.auc;
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
    expect((high - low) / 2).toBeCloseTo((1.96 * 0.5) / Math.sqrt(400), 2);
  });
});
