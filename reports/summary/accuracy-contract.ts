/** What a report says of accuracy: the settings of a table, and what their differences can tell. */
import type { EncoderSizes, Training } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import type { AccuracyMetric, PaperColumn } from '../paper/contract.js';

/** One variant of an architecture in an accuracy setting. */
export interface AccuracyRow {
  /** Of the table's row; the architecture's name for what the table does not hold. */
  readonly key: string;
  readonly architecture: string;
  readonly title: string;
  readonly kind: 'encoder' | 'baseline';
  /** With a result, one a seed. */
  readonly records: readonly RunRecord[];
  readonly failed: readonly RunRecord[];
}

/** Everything that rows have in common, so that they may be compared. */
export interface AccuracySetting {
  readonly kind: 'accuracy';
  readonly id: string;
  readonly title: string;
  readonly column: PaperColumn | null;
  /** Why no value of it compares with the paper's. */
  readonly notComparable: readonly string[];
  readonly standIn: boolean;
  readonly backend: string;
  readonly encoder: EncoderSizes | null;
  /** Longest input of the Transformer, where that is not the others': the paper's track. */
  readonly transformerLength: number | null;
  readonly training: Training | null;
  readonly data: NonNullable<RunRecord['data']> | null;
  readonly rows: readonly AccuracyRow[];
}

/** The smallest difference between two rows of a setting that is seen with 80 % power. Fractions of 1. */
export interface SettingPower {
  readonly setting: string;
  readonly title: string;
  readonly metric: AccuracyMetric;
  /** Fewest that two rows share. */
  readonly seeds: number;
  /** Of the test set. */
  readonly texts: number;
  /** Standard deviation of paired differences over seeds, pooled over the pairs of rows. */
  readonly deviation: number;
  /** By the paired t test over seeds, on this test set. */
  readonly overSeeds: number;
  /** By the binomial standard error of the test set alone; at most. */
  readonly overTexts: number;
  /** On other texts of the kind: both, as independent errors. */
  readonly overBoth: number;
}

/** Which rows of a setting can be told apart: all pairs of its trained rows, with Holm's correction over the pairs. */
export interface RankGroups {
  readonly setting: string;
  readonly title: string;
  readonly metric: AccuracyMetric;
  /** The best mean first. Rows that share a letter are not told apart; null where no pair could be tested. */
  readonly rows: readonly {
    readonly title: string;
    readonly architecture: string;
    readonly letters: string | null;
  }[];
  /** Those that could be tested. */
  readonly pairs: readonly RankedPair[];
  /** How many pairs share fewer than two seeds, or differ by the same at each. */
  readonly untested: number;
}

/** The paired t test of two rows, over the seeds that both ran. */
export interface RankedPair {
  /** Titles of the rows: the better one over these seeds, and the other. */
  readonly above: string;
  readonly below: string;
  readonly seeds: number;
  /** A fraction of 1. */
  readonly difference: number;
  /** Two-sided, alone. */
  readonly p: number;
  /** After Holm over the pairs of the setting; below 0.05 the rows are told apart. */
  readonly adjusted: number;
}

/** The best value that the paper prints in a column, beside another one. */
export interface PublishedComparison {
  readonly column: PaperColumn;
  readonly metric: AccuracyMetric;
  readonly best: string;
  readonly other: string;
  /** Best minus other, a fraction of 1. */
  readonly difference: number;
  readonly p: number;
  /** After Holm over all comparisons of the table. */
  readonly adjusted: number;
}
