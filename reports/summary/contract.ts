/** What a report says, before it is laid out: the page and `--json` are both made from this. */
import type { EncoderSizes, RecommenderSizes, RecommenderTraining, Training } from '../../harness/cell.js';
import type { DecodingSizes, SummarizerSizes, SummarizerTraining } from '../../harness/summarizer-sizes.js';
import type { FailureKind, RunRecord } from '../../harness/record.js';
import type { AccuracyMetric, PaperColumn, SpeedMode } from '../paper/contract.js';
import type { SummaryColumn } from '../paper/summary-table.js';
import type { EfficiencyLength, Growth, Interval } from '../statistics/index.js';

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

/** One variant of an architecture at one length and mode. */
export interface SpeedPoint {
  readonly architecture: string;
  readonly title: string;
  readonly mode: SpeedMode;
  readonly length: number;
  readonly batch: number;
  /** Seconds of every timed step, all records together. */
  readonly samples: readonly number[];
  readonly median: number | null;
  readonly interval: Interval | null;
  readonly peakTensorBytes: number | null;
  /** Of the process, less what it held before the first tensor. */
  readonly residentBytes: number | null;
  readonly records: readonly RunRecord[];
  readonly failed: readonly RunRecord[];
}

export interface SpeedSetting {
  readonly kind: 'speed';
  readonly id: string;
  readonly title: string;
  readonly backend: string;
  readonly machine: string;
  readonly threads: number | null;
  readonly encoder: Omit<EncoderSizes, 'length'>;
  readonly tokens: number;
  readonly points: readonly SpeedPoint[];
}

/** From which length on a variant stays below a form of the Transformer. */
export interface Efficiency extends EfficiencyLength {
  readonly setting: string;
  /** Title of the variant that it is held against. */
  readonly baseline: string;
  readonly architecture: string;
  readonly title: string;
  readonly mode: SpeedMode;
  readonly quantity: 'time' | 'memory';
  /** Where both were measured: what `always` and `never` speak of. */
  readonly lengths: readonly number[];
  readonly records: readonly string[];
}

/** The largest batch of one variant that was found to fit. */
export interface LargestBatch {
  readonly architecture: string;
  readonly title: string;
  readonly mode: SpeedMode;
  readonly length: number;
  /** Sequences; 0 where not even one fits. */
  readonly batch: number;
  /** The smallest batch that did not fit; null where none was met. */
  readonly tooLarge: number | null;
  /** At that batch: the median step over its tokens. */
  readonly secondsPerToken: number | null;
  readonly interval: Interval | null;
  readonly peakTensorBytes: number | null;
  /** Of the whole process. */
  readonly peakResidentBytes: number | null;
  /** At the batch of the sweep, which holds the tokens of a step constant; null where that was not timed. */
  readonly shared: {
    readonly batch: number;
    readonly secondsPerToken: number;
    readonly records: readonly string[];
  } | null;
  /** Ids of all tries. */
  readonly records: readonly string[];
}

export interface LargestBatchSetting {
  readonly id: string;
  readonly title: string;
  readonly limitBytes: number;
  readonly backend: string;
  readonly machine: string;
  readonly encoder: Omit<EncoderSizes, 'length'>;
  readonly rows: readonly LargestBatch[];
}

/** How a sequence's time or memory grows with its length. */
export interface MeasuredGrowth {
  readonly mode: SpeedMode;
  readonly quantity: 'time' | 'memory';
  readonly growth: Growth;
  readonly records: readonly string[];
}

/** One variant of an architecture: what its paper declares, what is counted, what was measured. */
export interface ComplexityRow {
  readonly architecture: string;
  readonly title: string;
  /** O(...) of the table, or of the architecture's own paper; null for a plugin, which no record declares. */
  readonly declared: string | null;
  /** The power of N in it. */
  readonly power: number | null;
  /** Powers of N between two lengths; null where the suite can't count. */
  readonly counted: { readonly multiplyAdds: number; readonly activationBytes: number } | null;
  readonly measured: readonly MeasuredGrowth[];
}

export interface ComplexitySetting {
  readonly kind: 'complexity';
  readonly id: string;
  readonly title: string;
  /** What the slopes were taken over. */
  readonly speed: SpeedSetting;
  readonly rows: readonly ComplexityRow[];
}

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

export type Setting = AccuracySetting | SpeedSetting | ComplexitySetting | RankingSetting | SummariesSetting;

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
