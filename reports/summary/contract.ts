/**
 * What a report says, before it is laid out: the page and `--json` are both made from this. What a setting of each kind
 * holds is in a contract of its own.
 */
import type { FailureKind } from '../../harness/record.js';
import type { Interval } from '../statistics/index.js';
import type { AccuracySetting, PublishedComparison, RankGroups, SettingPower } from './accuracy-contract.js';
import type { ComplexitySetting } from './complexity-contract.js';
import type { RankingSetting } from './ranking-contract.js';
import type { Efficiency, LargestBatchSetting, SpeedSetting } from './speed-contract.js';
import type { SummariesSetting } from './summaries-contract.js';

export type Verdict = 'matches' | 'differs' | 'not run' | 'not comparable';
export type Judgement = 'supported' | 'contradicted' | 'inconclusive';

/** One number of a table, beside the paper's. Fractions of 1 for scores. */
export interface SummaryCell {
  /** Id of the setting it was measured in; null when no setting of that column ran. */
  readonly setting: string | null;
  readonly architecture: string;
  readonly row: string;
  readonly column: string;
  /** `power`: the exponent of the length that something grows by. */
  readonly unit: 'fraction' | 'seconds' | 'ratio' | 'bytes' | 'power';
  readonly published: number | null;
  /** Published standard deviation. */
  readonly publishedDeviation: number | null;
  /** Mean over seeds, or the median step; null when nothing usable ran. */
  readonly ours: number | null;
  readonly interval: Interval | null;
  /** Of rankings: 95 % by drawing impressions again, which says nothing of other seeds. */
  readonly impressionInterval?: Interval | null;
  /** Of summaries: 95 % by drawing documents again. */
  readonly documentInterval?: Interval | null;
  /** Seeds, or timed steps. */
  readonly n: number;
  readonly verdict: Verdict;
  readonly reason: string;
  /** Ids of the records that the number was computed from. */
  readonly records: readonly string[];
}

export interface SummaryClaim {
  readonly table: string;
  readonly setting: string;
  readonly source: 'paper' | 'control';
  readonly text: string;
  readonly verdict: Judgement;
  readonly evidence: string;
  readonly records: readonly string[];
}

/** A run that left no number: listed, never averaged. */
export interface FailedRun {
  readonly record: string;
  readonly cell: string;
  readonly kind: FailureKind;
  readonly message: string;
}

export type Setting = AccuracySetting | SpeedSetting | ComplexitySetting | RankingSetting | SummariesSetting;

export interface TableSummary {
  readonly name: string;
  readonly title: string;
  readonly settings: readonly Setting[];
  readonly cells: readonly SummaryCell[];
  /** Of a figure of speed. */
  readonly efficiency?: readonly Efficiency[];
  /** Of an accuracy table, by setting. */
  readonly power?: readonly SettingPower[];
  /** Of an accuracy table, by setting. */
  readonly rankGroups?: readonly RankGroups[];
  /** Of a figure of speed, where it was searched for. */
  readonly largestBatches?: readonly LargestBatchSetting[];
  /** The paper against itself, where it prints spreads. */
  readonly reanalysis?: readonly PublishedComparison[];
}

export interface Summary {
  readonly tables: readonly TableSummary[];
  readonly claims: readonly SummaryClaim[];
  readonly failures: readonly FailedRun[];
}
