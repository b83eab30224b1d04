/** Lines of a recommender: one impression, its candidates clicked or not, and their scores or ranks. */
import { z } from 'zod';
import { rankingScores } from '../../tasks/recommendation/metrics.js';
import { meanValues, type Scoring, type Values } from './contract.js';

const line = z.object({
  impression: z.union([z.string(), z.number()]).optional(),
  labels: z.array(z.union([z.literal(0), z.literal(1)], { error: 'expected 0 or 1' })).min(1),
  scores: z.array(z.number()).optional(),
  ranks: z.array(z.number().int().min(1)).optional(),
});

interface ScoredImpression {
  readonly impression?: string | number;
  readonly values: Values;
}

export function rankingScoring(): Scoring<z.infer<typeof line>, ScoredImpression> {
  return {
    line,
    example: '{"impression": 1, "labels": [0, 1, 0], "scores": [0.2, 0.9, 0.1]}',
    score({ impression, labels, scores, ranks }) {
      const values = { ...rankingScores(checkLabels(labels), scoresOf(labels.length, scores, ranks)) };
      return impression === undefined ? { values } : { impression, values };
    },
    each: ({ impression, values }) => (impression === undefined ? values : { impression, ...values }),
    metrics: (lines) => meanValues(lines.map(({ values }) => values)),
  };
}

/** Without both kinds AUC is 0/0, and one such impression would make the mean of a file no number. */
function checkLabels(labels: readonly (0 | 1)[]): readonly (0 | 1)[] {
  if (labels.includes(0) && labels.includes(1)) return labels;
  throw new Error(
    `labels are all ${labels[0] as number}: AUC needs a clicked candidate and one that is not; leave such impressions out`,
  );
}

/** A rank from 1 counts as the score 1 / rank, as in the evaluation script of MIND. */
function scoresOf(
  count: number,
  scores: readonly number[] | undefined,
  ranks: readonly number[] | undefined,
): readonly number[] {
  if ((scores === undefined) === (ranks === undefined)) {
    throw new Error(
      scores === undefined ? 'scores or ranks are missing' : 'scores and ranks are both given: give one',
    );
  }
  const name = scores === undefined ? 'ranks' : 'scores';
  const values = scores ?? ranks?.map((rank) => 1 / rank) ?? [];
  if (values.length === count) return values;
  throw new Error(`${count} labels and ${values.length} ${name}: they must be as many`);
}
