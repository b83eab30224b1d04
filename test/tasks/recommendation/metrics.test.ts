import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankingNames, rankingScores, type RankingScores } from '../../../tasks/recommendation/metrics.js';

const nothing = { auc: Number.NaN, mrr: Number.NaN, ndcg5: Number.NaN, ndcg10: Number.NaN };

/** AUC by its definition: every pair. */
function aucByPairs(labels: readonly number[], scores: readonly number[]): number {
  const values: number[] = [];
  for (const [i, label] of labels.entries()) {
    for (const [j, other] of labels.entries()) {
      if (label === 1 && other === 0) values.push((Math.sign(scores[i]! - scores[j]!) + 1) / 2);
    }
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('ranking metrics', () => {
  it('score a small impression as by hand', () => {
    // Ranks: c 1, b 2 (clicked), d 3 (clicked), a 4.
    const { auc, mrr, ndcg5 } = rankingScores([0, 1, 0, 1], [0.1, 0.7, 0.9, 0.3]);
    expect(auc).toBe(2 / 4);
    expect(mrr).toBeCloseTo((1 / 2 + 1 / 3) / 2, 15);
    expect(ndcg5).toBeCloseTo((1 / Math.log2(3) + 1 / 2) / (1 + 1 / Math.log2(3)), 15);
  });

  it('takes the mean over clicked candidates for MRR, not the first one alone', () => {
    expect(rankingScores([1, 1, 0], [3, 2, 1]).mrr).toBe(0.75);
  });

  it('puts the later of equal scores first, and counts a tied pair half for AUC', () => {
    expect(rankingScores([1, 0], [5, 5])).toMatchObject({ auc: 0.5, mrr: 0.5 });
    expect(rankingScores([0, 1], [5, 5])).toMatchObject({ auc: 0.5, mrr: 1 });
    expect(rankingScores([1, 0], [0, -0])).toMatchObject({ auc: 0.5, mrr: 0.5 });
    expect(rankingScores([1, 0], [Infinity, Infinity])).toMatchObject({ auc: 0.5, mrr: 0.5 });
  });

  it('looks no further than k', () => {
    const labels = Array.from({ length: 12 }, (_, i) => Number(i === 5));
    const scores = labels.map((_, i) => -i);
    expect(rankingScores(labels, scores)).toMatchObject({ ndcg5: 0, ndcg10: 1 / Math.log2(7) });
  });

  it('gives NaN for what is not defined', () => {
    expect(rankingScores([0, 0], [1, 2])).toEqual(nothing);
    expect(rankingScores([], [])).toEqual(nothing);
    expect(rankingScores([1, 1], [1, 2])).toEqual({ auc: Number.NaN, mrr: 0.75, ndcg5: 1, ndcg10: 1 });
  });

  it('refuses unequal lists and a score without a rank', () => {
    expect(() => rankingScores([1, 0], [1])).toThrow('2 labels and 1 scores');
    expect(() => rankingScores([1, 0], [1, Number.NaN])).toThrow('not a number');
  });

  it('has the AUC of all pairs, and does not change when scores are stretched', () => {
    const impression = fc.array(fc.tuple(fc.nat(1), fc.integer({ min: -4, max: 4 })), {
      minLength: 2,
      maxLength: 30,
    });
    fc.assert(
      fc.property(impression, (candidates) => {
        const [labels, scores] = [candidates.map(([label]) => label), candidates.map(([, score]) => score)];
        fc.pre(labels.includes(0) && labels.includes(1));
        const ours = rankingScores(labels, scores);
        expect(ours.auc).toBeCloseTo(aucByPairs(labels, scores), 12);
        expect(
          rankingScores(
            labels,
            scores.map((score) => 3 * score + 7),
          ),
        ).toEqual(ours);
        for (const name of rankingNames) expect(ours[name] >= 0 && ours[name] <= 1).toBe(true);
      }),
    );
  });
});

type Expected = Record<keyof RankingScores, number | 'NaN'>;
type Golden = { id: string } & (
  | { kind: 'scores'; labels: number[]; scores: number[]; expected: Expected }
  | { kind: 'ranks'; labels: number[]; ranks: number[]; expected: Expected }
  | { kind: 'average'; impressions: { labels: number[]; scores: number[] }[]; expected: Expected }
  | { kind: 'official_file'; truth: string; prediction: string; expected?: Expected }
);

interface Impression {
  readonly labels: readonly number[];
  readonly scores: readonly number[];
}

function impressionsOf(one: Golden): readonly Impression[] {
  if (one.kind === 'scores') return [one];
  if (one.kind === 'ranks') return [{ labels: one.labels, scores: one.ranks.map((rank) => 1 / rank) }];
  return one.kind === 'average' ? one.impressions : officialFile(one.truth, one.prediction);
}

/** Lines `id [a,b,...]`; a truth of `[]` is passed over, missing predictions are ranks of 1. */
function officialFile(truth: string, prediction: string): Impression[] {
  const lists = (text: string) =>
    text
      .trim()
      .split(/\r?\n/)
      .map((line) => JSON.parse(line.split(' ')[1] ?? '') as number[]);
  const ranks = lists(prediction);
  return lists(truth)
    .map((labels, i) => ({ labels, scores: (ranks[i] ?? labels.map(() => 1)).map((rank) => 1 / rank) }))
    .filter(({ labels }) => labels.length > 0);
}

const golden = new URL('../../../../shared/golden/metrics/ranking.json', import.meta.url);
if (!existsSync(golden)) console.info('skipped: golden scores of the MIND script, ../shared is not here');

describe.runIf(existsSync(golden))('ranking metrics beside the script of MIND', () => {
  it('agree to 1e-12 in every golden case that has scores', () => {
    const { cases } = JSON.parse(readFileSync(golden, 'utf8')) as { cases: Golden[] };
    const scored = cases.flatMap((one) =>
      one.expected === undefined ? [] : [{ one, expected: one.expected }],
    );
    expect([cases.length, scored.length]).toEqual([41, 35]);
    for (const { one, expected } of scored) {
      const scores = impressionsOf(one).map(({ labels, scores: given }) => rankingScores(labels, given));
      for (const name of rankingNames) {
        const mean = scores.reduce((sum, score) => sum + score[name], 0) / scores.length;
        const theirs = Number(expected[name]);
        if (Number.isNaN(theirs)) expect(mean, `${one.id} ${name}`).toBeNaN();
        else expect(Math.abs(mean - theirs), `${one.id} ${name}`).toBeLessThan(1e-12);
      }
    }
  });
});
