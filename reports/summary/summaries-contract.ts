/** What a report says of summarization. */
import type { RunRecord } from '../../harness/record.js';
import type { DecodingSizes, SummarizerSizes, SummarizerTraining } from '../../harness/summarizer-sizes.js';
import type { SummaryColumn } from '../paper/summary-table.js';

/** One row of summarization. */
export interface SummariesRow {
  readonly key: string;
  readonly architecture: string;
  readonly title: string;
  readonly kind: 'summarizer' | 'summary-floor';
  /** With a result, one a seed. */
  readonly records: readonly RunRecord[];
  readonly failed: readonly RunRecord[];
}

export interface SummariesSetting {
  readonly kind: 'summaries';
  readonly id: string;
  readonly title: string;
  readonly column: SummaryColumn | null;
  readonly standIn: boolean;
  /** Why no value of it compares with the paper's. */
  readonly notComparable: readonly string[];
  readonly backend: string;
  /** Null where only floors ran. */
  readonly summarizer: SummarizerSizes | null;
  /** Subwords that the Transformer reads on the paper's track; null where it reads as many as the others. */
  readonly transformerLength: number | null;
  readonly training: SummarizerTraining | null;
  readonly decoding: DecodingSizes | null;
  readonly data: NonNullable<RunRecord['summary']>['data'] | null;
  readonly rows: readonly SummariesRow[];
}
