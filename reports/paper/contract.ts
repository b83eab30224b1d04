/**
 * What a table or figure of the paper is, as a plain object: what was published and where, which cells it needs here,
 * and which sentences of the paper can be judged from their records.
 */
import type { Cell, DatasetChoice, RecommenderTraining, SpeedCell } from '../../harness/cell.js';
import type { PresetName } from './presets.js';
import type { RankingTable } from './ranking-table.js';
import type { SummaryTable } from './summary-table.js';

type JsonOptions = DatasetChoice['options'];

/** A variant of an architecture: a name with all of its options, defaults filled in. */
export interface ArchitectureChoice {
  readonly name: string;
  readonly options: JsonOptions;
}

/** A dataset that is at hand. */
export interface DatasetRequest {
  readonly name: string;
  readonly options: JsonOptions;
}

/** What a table is asked to plan. */
export interface CellRequest {
  readonly preset: PresetName;
  readonly backend: string;
  readonly architectures: readonly ArchitectureChoice[];
  readonly datasets: readonly DatasetRequest[];
  /** Each at least 1; the outermost loop of the plan. */
  readonly seeds: readonly number[];
  /** Processes that each speed cell is timed in, counted from the first seed on; of the preset when not given. */
  readonly rounds?: number;
  /** Which lengths tables 4 and 6 read; `equal` when not given. */
  readonly track?: Track;
  /** The edition of MIND that is at hand; without one nothing is recommended. */
  readonly news?: DatasetRequest | null;
  /** What words of news start from where the preset asks for it: a file and its numbers a word; random without. */
  readonly newsWords?: { readonly choice: RecommenderTraining['wordVectors']; readonly width: number } | null;
  /** Vectors of news from a file, for the rows that read only the user. */
  readonly newsVectors?: RecommenderTraining['newsVectors'];
  /** Documents with summaries that are at hand; without any nothing is summarized. */
  readonly summaries?: readonly DatasetRequest[];
}

/** `equal`: every architecture reads as many tokens. `paper`: the Transformer 512, the others what the paper gives them. */
export const tracks = ['equal', 'paper'] as const;
export type Track = (typeof tracks)[number];

/** A published value, as a fraction of 1. */
export interface Published {
  readonly mean: number;
  /** Null where a figure prints none. */
  readonly deviation: number | null;
  readonly n: number;
}

/** What every table has. */
export interface TableBase {
  /** What the command line and the records say: `table-4`. */
  readonly name: string;
  readonly title: string;
  /** Where it stands in the paper. */
  readonly where: string;
  /** For someone who sees it for the first time. */
  readonly howToRead: readonly string[];
  /** Known errors of the paper, and what it leaves unsaid. */
  readonly caveats: readonly string[];
  /** The cells it needs, in the order that tells most first. */
  cells(request: CellRequest): Cell[];
}

export type AccuracyMetric = 'accuracy' | 'macroF1';
export type PaperColumn = 'Amazon' | 'IMDB' | 'MIND';

/** How the paper measured a column of an accuracy table. */
interface PaperSetting {
  /** Training texts. */
  readonly train: number;
  /** Longest input, in tokens, of all but the Transformer. */
  readonly length: number;
}

/** "`better` scores higher than `worse`", tested over paired seeds in every setting that has both. */
export interface AccuracyClaim {
  readonly source: 'paper' | 'control';
  readonly text: string;
  readonly metric: AccuracyMetric;
  /** Keys of rows. */
  readonly better: string;
  readonly worse: string;
  /** Of "no worse": the claim stands while `better` is not behind by as much as this, a fraction of 1. */
  readonly margin?: number;
}

/** What a row is measured with: an architecture, what is not at its default, and the layers' weights where they matter. */
export interface RowVariant extends Variant {
  readonly encoder?: { readonly shareLayers: boolean };
}

export interface AccuracyTableRow extends RowVariant {
  /** What published values and claims call it. */
  readonly key: string;
  /** As the paper prints it. */
  readonly title: string;
}

export interface AccuracyTable extends TableBase {
  readonly kind: 'accuracy';
  readonly rows: readonly AccuracyTableRow[];
  /**
   * `architectures`: every architecture and variant stands in it, with floors, but what `elsewhere` holds; a row is any
   * variant of its architecture, and its key is the architecture's name. `rows`: an ablation, its rows and nothing else.
   */
  readonly holds: 'architectures' | 'rows';
  readonly elsewhere?: readonly RowVariant[];
  readonly columns: readonly PaperColumn[];
  readonly settings: Readonly<Record<PaperColumn, PaperSetting>>;
  published(key: string, column: PaperColumn, metric: AccuracyMetric): Published | null;
  readonly claims: readonly AccuracyClaim[];
}

export type SpeedMode = SpeedCell['mode'];

/** An architecture; without options, its default variant. */
export interface Variant {
  readonly architecture: string;
  readonly options?: JsonOptions;
}

/** "Each of `faster` takes less time than each of `slower`, at every length that both were measured at." */
export interface SpeedClaim {
  readonly text: string;
  readonly mode: SpeedMode;
  /** The shortest length it is about. */
  readonly from: number;
  readonly faster: readonly Variant[];
  readonly slower: readonly Variant[];
}

export interface SpeedFigure extends TableBase {
  readonly kind: 'speed';
  readonly rows: readonly { readonly architecture: string; readonly title: string }[];
  /** The row that the others are divided by. */
  readonly reference: string;
  /** Digitised seconds, of use as ratios only; null where the paper plots no point. */
  published(architecture: string, mode: SpeedMode, length: number): number | null;
  readonly claims: readonly SpeedClaim[];
}

/** A table of O(...): judged by counts, which need no run, and by how time and memory grow in the records of a figure. */
export interface ComplexityTable extends TableBase {
  readonly kind: 'complexity';
  readonly rows: readonly { readonly architecture: string; readonly title: string }[];
  /** As printed, `O(N²·d)`; null for what the table does not hold. */
  declared(architecture: string): string | null;
}

/** Told apart by `kind`. */
export type PaperTable = AccuracyTable | SpeedFigure | ComplexityTable | RankingTable | SummaryTable;
