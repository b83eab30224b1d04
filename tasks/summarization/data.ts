/** Documents and summaries made ready: split, sampled, as sentences; and the same as ids for a model. */
import type { SummaryPair } from '../datasets/pair-contract.js';
import type { Subwords } from './subwords.js';

/** What is common to floors and models. */
export interface PairData {
  readonly train: readonly SummaryPair[];
  /** Chooses the epoch. */
  readonly validation: readonly SummaryPair[];
  readonly test: readonly SummaryPair[];
  /** What it was read from, such as `cnn_stories.tgz, all_train.txt`. */
  readonly label: string;
  /** Of the files, or of the pairs where there is no one file. */
  readonly sha256: string;
  readonly standIn: boolean;
  readonly splitRule: string;
  /** Left out: no document or no summary; and a document that was there before. */
  readonly empty: number;
  readonly duplicates: number;
}

/** One pair as vocabulary ids, cut to what a model reads and writes. */
export interface NumberedPair {
  readonly source: Int32Array;
  /** Without the start, with the end. */
  readonly target: Int32Array;
}

export interface SummarizationData extends PairData {
  readonly subwords: Subwords;
  readonly numbered: Readonly<Record<'train' | 'validation' | 'test', readonly NumberedPair[]>>;
}
