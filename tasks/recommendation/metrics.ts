/**
 * Scores of a ranking of one impression's candidates, as the evaluation script of MIND has them (Wu et al., MIND: A
 * Large-scale Dataset for News Recommendation, 2020). All are fractions of 1.
 *
 * With y the labels (1 = clicked) and y[r] that of the candidate at rank r, 1 the best:
 *
 *     AUC    = share of (clicked, not clicked) pairs where the clicked one has the higher score; a tied pair counts 1/2
 *     MRR    = sum_r y[r] / r  /  sum_r y[r]
 *     DCG@k  = sum_{r<=k} (2^y[r] - 1) / log2(r + 1)        nDCG@k = DCG@k / the largest possible DCG@k
 *
 * MRR is the mean over all clicked candidates, not the reciprocal of the first one's rank. Among equal scores the later
 * candidate ranks first: the script sorts up, then reverses. (What numpy's sort, which is not stable, really does with
 * ties depends on the machine; this is the stable reading of it.)
 */

export const rankingNames = ['auc', 'mrr', 'ndcg5', 'ndcg10'] as const;
export type RankingName = (typeof rankingNames)[number];
export type RankingScores = Readonly<Record<RankingName, number>>;

/**
 * @param labels - of each candidate, 1 = clicked, 0 = not
 * @param scores - of each candidate, higher is better; for ranks from 1 give `1 / rank`
 * @returns NaN for what is not defined: AUC with all or none clicked, the others with none clicked
 */
export function rankingScores(labels: readonly number[], scores: readonly number[]): RankingScores {
  if (labels.length !== scores.length)
    throw new Error(`${labels.length} labels and ${scores.length} scores: they must be as many`);
  if (scores.some((score) => Number.isNaN(score))) throw new Error('a score is not a number: it has no rank');
  const rising = risingOrder(scores);
  const ranked = rising.toReversed().map((candidate) => labels[candidate] as number);
  return {
    auc: auc(labels, scores, rising),
    mrr: mrr(ranked),
    ndcg5: dcg(ranked, 5) / dcg(idealOf(labels), 5),
    ndcg10: dcg(ranked, 10) / dcg(idealOf(labels), 10),
  };
}

/** Candidates by score, the lowest first, equal ones in their own order. */
export function risingOrder(scores: readonly number[]): number[] {
  const of = (candidate: number) => scores[candidate] as number;
  // Compared, not subtracted: the difference of two infinite scores is no number.
  return scores.map((_, i) => i).sort((a, b) => Number(of(a) > of(b)) - Number(of(a) < of(b)));
}

/** Over one pass: each clicked candidate beats the unclicked ones below its score, and half of those beside it. */
function auc(labels: readonly number[], scores: readonly number[], rising: readonly number[]): number {
  const clicked = labels.filter((label) => label === 1).length;
  let [below, won, at] = [0, 0, 0];
  while (at < rising.length) {
    const score = scores[rising[at] as number];
    let [here, clickedHere] = [0, 0];
    for (; at < rising.length && scores[rising[at] as number] === score; at++) {
      here += 1;
      clickedHere += labels[rising[at] as number] as number;
    }
    const unclickedHere = here - clickedHere;
    won += clickedHere * (below + unclickedHere / 2);
    below += unclickedHere;
  }
  return won / (clicked * (labels.length - clicked));
}

function mrr(ranked: readonly number[]): number {
  const reciprocals = ranked.map((label, i) => label / (i + 1));
  return sum(reciprocals) / sum(ranked);
}

function dcg(ranked: readonly number[], k: number): number {
  return sum(ranked.slice(0, k).map((label, i) => (2 ** label - 1) / Math.log2(i + 2)));
}

const idealOf = (labels: readonly number[]): number[] => labels.toSorted((a, b) => b - a);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
