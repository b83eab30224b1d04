/**
 * Scores of a recommender over impressions: means, the interval that other impressions would give, and slices by the
 * length of the user's history.
 */
import { stream, uniform } from '../../architectures/random.js';
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
    impressionInterval: drawAgain(each),
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

const draws = 1_000;

/** Percentile bootstrap of the means; the draws have a seed of their own, the same for every model. */
function drawAgain(each: readonly RankingScores[]): RankingEvaluation['impressionInterval'] {
  const random = stream(1, 'bootstrap', 'impressions');
  const columns = rankingNames.map((name) => Float64Array.from(each, (scores) => scores[name]));
  const means = rankingNames.map(() => new Float64Array(draws));
  for (let draw = 0; draw < draws; draw++) {
    const sums = new Float64Array(columns.length);
    for (let n = 0; n < each.length; n++) {
      const chosen = Math.floor(uniform(random) * each.length);
      for (const [i, column] of columns.entries()) sums[i] = (sums[i] as number) + (column[chosen] as number);
    }
    for (const [i, mean] of means.entries()) mean[draw] = (sums[i] as number) / each.length;
  }
  return byName((name) => {
    const sorted = (means[rankingNames.indexOf(name)] ?? new Float64Array()).toSorted();
    const at = (share: number) => sorted[Math.round(share * (draws - 1))] as number;
    return [at(0.025), at(0.975)];
  });
}
