/** A metric of a row's runs. */
import type { RunRecord } from '../../harness/record.js';

export interface ScoredRow {
  /** With a result, one a seed. */
  readonly records: readonly RunRecord[];
}

/** One value a seed; of a run that left none, nothing. */
export const valuesOf = (
  { records }: ScoredRow,
  metric: string,
): { seed: number; value: number; id: string }[] =>
  records.flatMap(({ metrics, cell, id }) => {
    const value = metrics[metric];
    return value === undefined ? [] : [{ seed: cell.seed, value, id }];
  });
