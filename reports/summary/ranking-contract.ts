/** What a report says of news recommendation. */
import type { RecommenderSizes, RecommenderTraining } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';

/** One row of news recommendation. */
export interface RankingRow {
  readonly key: string;
  readonly architecture: string;
  readonly title: string;
  readonly kind: 'recommender' | 'ranking-floor';
  /** With a result, one a seed. */
  readonly records: readonly RunRecord[];
  readonly failed: readonly RunRecord[];
}

export interface RankingSetting {
  readonly kind: 'ranking';
  readonly id: string;
  readonly title: string;
  /** Why no value of it compares with the paper's. */
  readonly notComparable: readonly string[];
  readonly backend: string;
  /** Null where only floors ran. */
  readonly recommender: RecommenderSizes | null;
  readonly training: RecommenderTraining | null;
  readonly data: NonNullable<RunRecord['ranking']>['data'] | null;
  readonly rows: readonly RankingRow[];
}
