/** What a record says of the data that a cell was run on. */
import type { ClassificationData } from '../tasks/classification/data.js';
import { coverageOf } from '../tasks/text/coverage.js';
import type { Outcome } from './record.js';

/** @param padding - share of padding in the training batches, 0 to 1 */
export function describeData(data: ClassificationData, padding: number): NonNullable<Outcome['data']> {
  const { initialTable, vocabulary, train } = data;
  return {
    label: data.label,
    sha256: data.sha256,
    standIn: data.standIn,
    classes: [...data.classes],
    counts: { ...data.counts },
    majorityAccuracy: data.majorityAccuracy,
    vocabulary: data.vocabulary.size,
    meanLength: data.meanLength,
    paddingShare: padding,
    wordVectors: initialTable == null ? null : coverageOf(vocabulary, initialTable.found, train.tokens),
  };
}
