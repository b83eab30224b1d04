/** Are a cell's scores worse than they were? Seed by seed: the same seed draws the same parameters and order. */
import { type Comparison, mean, pairedT } from '../statistics/index.js';
import type { CellRuns } from './cells.js';
import type { Change, ChangeVerdict, Draft } from './contract.js';

/** All are fractions of 1, and higher is better. */
const scoreTitles: Readonly<Record<string, string>> = {
  accuracy: 'accuracy',
  macroF1: 'macro-F',
  auc: 'AUC',
  mrr: 'MRR',
  ndcg5: 'nDCG@5',
  ndcg10: 'nDCG@10',
  rouge1: 'ROUGE-1',
  rouge2: 'ROUGE-2',
  rougeL: 'ROUGE-L',
  rougeLsum: 'ROUGE-Lsum',
};

/** An interval that goes further than this to either side, two points, tells nothing. */
const widestScore = 0.02;

export const scoreDrafts = (runs: CellRuns): Draft[] =>
  Object.entries(scoreTitles).flatMap(([name, title]) => scoreDraft(runs, name, title));

function scoreDraft({ title: cell, base, head }: CellRuns, name: string, title: string): Draft[] {
  const pairs = base.flatMap((before) => {
    const after = head.find((record) => record.cell.seed === before.cell.seed);
    const [b, h] = [before.metrics[name], after?.metrics[name]];
    return after === undefined || b === undefined || h === undefined ? [] : [{ before, after, b, h }];
  });
  if (pairs.length === 0) return [];
  const [b, h] = [pairs.map((pair) => pair.b), pairs.map((pair) => pair.h)];
  const comparison = pairedT(h, b);
  const shared = {
    cell,
    quantity: 'score' as const,
    title,
    base: mean(b),
    head: mean(h),
    change: mean(h) - mean(b),
    interval: comparison?.interval ?? null,
    n: pairs.length,
    records: [...pairs.map(({ before }) => before.id), ...pairs.map(({ after }) => after.id)],
  };
  const same = pairs.every((pair) => pair.b === pair.h);
  return [
    {
      alone: comparison?.p ?? null,
      conclude: (p): Change => ({ ...shared, p, ...verdictOf(comparison, p, pairs.length, same) }),
    },
  ];
}

function verdictOf(
  comparison: Comparison | null,
  p: number | null,
  pairs: number,
  same: boolean,
): { verdict: ChangeVerdict; reason: string } {
  if (same) return { verdict: 'no difference detected', reason: 'the same to the last digit' };
  if (comparison === null || p === null)
    return {
      verdict: 'too noisy',
      reason: pairs === 1 ? 'one seed tells no difference' : 'the differences have no spread to judge by',
    };
  const [low, high] = comparison.interval;
  const reason = `${pairs} paired seeds`;
  if (p < 0.05) return { verdict: comparison.difference > 0 ? 'better' : 'worse', reason };
  return (high - low) / 2 > widestScore
    ? { verdict: 'too noisy', reason: `${reason}; the interval is wider than ±${100 * widestScore} points` }
    : { verdict: 'no difference detected', reason };
}
