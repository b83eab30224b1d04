/**
 * What a table or figure of the paper is, as a plain object: what was published and where, which cells it needs here,
 * and which sentences of the paper can be judged from their records.
 */
import type { Cell, DatasetChoice, SpeedCell } from '../../harness/cell.js';
import type { PresetName } from './presets.js';

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
}

/** A published value, as a fraction of 1. */
export interface Published {
  readonly mean: number;
  readonly deviation: number;
  readonly n: number;
}

/** What every table has. */
interface TableBase {
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
  readonly better: string;
  readonly worse: string;
}

export interface AccuracyTable extends TableBase {
  readonly kind: 'accuracy';
  /** Rows as the paper prints them: name of the architecture here, and its title there. */
  readonly rows: readonly { readonly architecture: string; readonly title: string }[];
  readonly columns: readonly PaperColumn[];
  readonly settings: Readonly<Record<PaperColumn, PaperSetting>>;
  published(architecture: string, column: PaperColumn, metric: AccuracyMetric): Published | null;
  readonly claims: readonly AccuracyClaim[];
}

export type SpeedMode = SpeedCell['mode'];

/** "`faster` takes less time than `slower`" at one length. */
interface SpeedClaim {
  readonly text: string;
  readonly mode: SpeedMode;
  readonly length: number;
  readonly faster: string;
  readonly slower: string;
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

/** Told apart by `kind`. */
export type PaperTable = AccuracyTable | SpeedFigure;
