/** What a table of summaries is: Table 6. */
import type { PairDataset } from '../../tasks/datasets/pair-contract.js';
import type { TableBase } from './contract.js';

export type SummaryColumn = NonNullable<PairDataset['paperColumn']>;

/** What the table shows of each dataset, in the paper's order; beside its R-L stands `rougeLsum`. */
export const shownMetrics = ['rouge1', 'rouge2', 'rougeLsum'] as const;
export type ShownMetric = (typeof shownMetrics)[number];

export interface SummaryTableRow {
  /** That of the architecture: what published values, records and claims call it. */
  readonly key: string;
  readonly architecture: string;
  /** As the paper prints it. */
  readonly title: string;
}

/** "`better` summarizes better than `worse`", tested over paired seeds. */
export interface SummaryClaimOfPaper {
  readonly source: 'paper' | 'control';
  readonly text: string;
  readonly metric: ShownMetric;
  readonly better: string;
  readonly worse: string;
}

export interface SummaryTable extends TableBase {
  readonly kind: 'summaries';
  readonly rows: readonly SummaryTableRow[];
  readonly columns: readonly SummaryColumn[];
  /** A fraction of 1, without a deviation; null for what the paper does not print. */
  published(key: string, column: SummaryColumn, metric: ShownMetric): number | null;
  readonly claims: readonly SummaryClaimOfPaper[];
}
