/** MIND made ready for recommendation: split, tokenized, numbered. */
import type { InitialTable } from '../text/initial-table.js';
import type { Vocabulary } from '../text/vocabulary.js';
import type { Impression } from './mind/behaviors.js';
import type { Problems } from './mind/problems.js';

/** Articles by row; row 0 is "no news", which pads. */
export interface NewsData {
  readonly ids: readonly string[];
  /** Topics of the dataset, sorted. */
  readonly topics: readonly string[];
  /** Of each row: 1 + its index in `topics`; 0 for "no news". */
  readonly topicOf: Int32Array;
  /** Tokens kept of a title. */
  readonly titleLength: number;
  /** Vocabulary ids, 0 = padding, row-major [rows, titleLength]. */
  readonly titles: Int32Array;
  /** Vectors that a file gives in place of titles, row-major [rows, width]; null where titles are read. */
  readonly vectors: { readonly width: number; readonly values: Float32Array; readonly found: number } | null;
}

export interface RecommendationData {
  readonly news: NewsData;
  readonly vocabulary: Vocabulary;
  /** What the word table starts from where word vectors were given, else random. */
  readonly initialTable: InitialTable | null;
  readonly train: readonly Impression[];
  /** Chooses the epoch. */
  readonly validation: readonly Impression[];
  readonly test: readonly Impression[];
  /** Archives that it is from, such as `MINDsmall_train.zip, MINDsmall_dev.zip`. */
  readonly label: string;
  /** Of the archives. */
  readonly sha256: string;
  /** How train, validation and test were told apart, for the report. */
  readonly splitRule: string;
  readonly problems: Problems;
}
