/**
 * The paper against itself: which of its best values are better than the others by its own numbers? Means and standard
 * deviations of five runs are enough for Welch's test; the paper gives no test.
 */
import type { AccuracyMetric, AccuracyTable, PaperColumn } from '../paper/contract.js';
import { holm, welch } from '../statistics/index.js';
import { metrics } from './accuracy.js';
import type { PublishedComparison } from './accuracy-contract.js';

/** The best of every column and metric against each other row, in the order of the table. */
export function reanalyse(table: AccuracyTable): PublishedComparison[] {
  const compared = table.columns.flatMap((column) =>
    metrics.flatMap(({ name: metric }) => bestAgainstOthers(table, column, metric)),
  );
  const adjusted = holm(compared.map(({ p }) => p));
  return compared.map((comparison, index) => ({ ...comparison, adjusted: adjusted[index] ?? 1 }));
}

function bestAgainstOthers(table: AccuracyTable, column: PaperColumn, metric: AccuracyMetric) {
  const values = table.rows.flatMap(({ key, title }) => {
    const published = table.published(key, column, metric);
    if (published === null || published.deviation === null) return [];
    return [{ title, published: { ...published, deviation: published.deviation } }];
  });
  const [best, ...others] = values.toSorted((a, b) => b.published.mean - a.published.mean);
  if (best === undefined) return [];
  return others.flatMap((other) => {
    const comparison = welch(best.published, other.published);
    if (comparison === null) return [];
    const { difference, p } = comparison;
    return [{ column, metric, best: best.title, other: other.title, difference, p }];
  });
}
