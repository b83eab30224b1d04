/** A dataset made ready for classification: split, sampled, tokenized, numbered. */
import type { LabelledTokens } from '../text/batches.js';
import type { InitialTable } from '../text/initial-table.js';
import type { Vocabulary } from '../text/vocabulary.js';

export interface Examples extends LabelledTokens {
  /** Of the dataset, for instance `train/pos/123_8`; same order as `tokens` and `labels`. */
  readonly ids: readonly string[];
}

export interface ClassificationData {
  /** Every label of the dataset, sorted; numbers by value. A label is its index here. */
  readonly classes: readonly string[];
  readonly vocabulary: Vocabulary;
  /** What the token table starts from where word vectors were given, else random. */
  readonly initialTable?: InitialTable | null;
  readonly train: Examples;
  readonly validation: Examples;
  readonly test: Examples;
  /** Where the data is from, such as `aclImdb_v1.tar.gz`. */
  readonly label: string;
  /** Of the archive, or of the examples' ids, labels and texts where there is no one file; hexadecimal. */
  readonly sha256: string;
  readonly standIn: boolean;
  /** Examples really used. */
  readonly counts: { readonly train: number; readonly validation: number; readonly test: number };
  /** Examples left out before the split because another has the same text. */
  readonly duplicates: number;
  /** Accuracy of always answering the most frequent training class, on the test examples. */
  readonly majorityAccuracy: number;
  /** Mean tokens of a training example before it is cut to length. */
  readonly meanLength: number;
}

/** The most frequent class of the training examples; of equals the first. */
export function majorityClass(labels: Int32Array, classes: number): number {
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts.indexOf(Math.max(...counts));
}
