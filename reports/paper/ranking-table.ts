/** What a table of rankings is: news recommendation, Table 5. */
import type { RankingName } from '../../tasks/recommendation/metrics.js';
import type { TableBase } from './contract.js';

export interface RankingTableRow {
  /** What published values, records and claims call it; see `reports/summary/ranking-rows.ts`. */
  readonly key: string;
  /** That of the architecture, or the key. */
  readonly architecture: string;
  /** As the paper prints it. */
  readonly title: string;
  /** Why no run can stand in it; null where one can. */
  readonly cannotRun: string | null;
}

/** "`better` ranks better than `worse`", tested over paired seeds. */
export interface RankingClaim {
  readonly source: 'paper' | 'control';
  readonly text: string;
  readonly metric: RankingName;
  /** Keys of rows. */
  readonly better: string;
  readonly worse: string;
}

export interface RankingTable extends TableBase {
  readonly kind: 'ranking';
  readonly rows: readonly RankingTableRow[];
  /** A fraction of 1, without a deviation; null for what the paper does not print. */
  published(key: string, metric: RankingName): number | null;
  readonly claims: readonly RankingClaim[];
}
