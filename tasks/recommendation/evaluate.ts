/**
 * Scores of a recommender over impressions: means, the interval that other impressions would give, and slices by the
 * length of the user's history.
 */
import { drawAgain } from '../bootstrap.js';
import type { Impression } from './mind/behaviors.js';
import { type RankingName, rankingNames, type RankingScores, rankingScores } from './metrics.js';

export interface Slice {
  /** Clicked news in the history. */
  readonly name: string;
  readonly impressions: number;
  /** Null without impressions. */
  readonly metrics: RankingScores | null;
}

export interface RankingEvaluation {
  readonly impressions: number;
  /** Means over impressions, fractions of 1. */
  readonly metrics: RankingScores;
  /** 95 %, of drawing as many impressions again: not the spread over seeds. */
  readonly impressionInterval: Readonly<Record<RankingName, readonly [number, number]>>;
  readonly slices: readonly Slice[];
}

const sliceBounds = [
  { name: '0', from: 0, to: 0 },
  { name: '1-5', from: 1, to: 5 },
  { name: '6-20', from: 6, to: 20 },
  { name: '> 20', from: 21, to: Infinity },
] as const;

/** @param scores - of each impression's candidates, higher is better */
export function evaluateRanking(
  impressions: readonly Impression[],
  scores: readonly (readonly number[])[],
): RankingEvaluation {
  const each = scoreEach(impressions, scores);
  return {
    impressions: each.length,
    metrics: meanScores(each),
    impressionInterval: intervals(each),
    slices: sliceBounds.map(({ name, from, to }) => {
      const inside = each.filter((_, i) => {
        const clicks = impressions[i]?.history.length ?? 0;
        return from <= clicks && clicks <= to;
      });
      return { name, impressions: inside.length, metrics: inside.length === 0 ? null : meanScores(inside) };
    }),
  };
}

/** The means alone, as validation needs them. */
export const rankingMeans = (
  impressions: readonly Impression[],
  scores: readonly (readonly number[])[],
): RankingScores => meanScores(scoreEach(impressions, scores));

const scoreEach = (
  impressions: readonly Impression[],
  scores: readonly (readonly number[])[],
): RankingScores[] => impressions.map(({ labels }, i) => rankingScores([...(labels ?? [])], scores[i] ?? []));

const byName = <T>(value: (name: RankingName) => T): Record<RankingName, T> => ({
  auc: value('auc'),
  mrr: value('mrr'),
  ndcg5: value('ndcg5'),
  ndcg10: value('ndcg10'),
});

const meanScores = (each: readonly RankingScores[]): RankingScores =>
  byName((name) => each.reduce((sum, scores) => sum + scores[name], 0) / each.length);

function intervals(each: readonly RankingScores[]): RankingEvaluation['impressionInterval'] {
  const columns = rankingNames.map((name) => each.map((scores) => scores[name]));
  const drawn = drawAgain(columns, 'impressions');
  return byName((name) => drawn[rankingNames.indexOf(name)] as [number, number]);
}
