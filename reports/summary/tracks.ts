/**
 * The two tracks of table 4. Equal length: all architectures read as many tokens, and stand in one setting by that. The
 * paper's: the Transformer reads 512 tokens where the others read 1,024 or 2,048, so its records are of another length,
 * and join the others' setting by the ratio of the two in the paper.
 */
import type { TrainedCell } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { datasetFacts } from '../catalogue.js';
import type { AccuracyTable } from '../paper/contract.js';
import { transformerLength } from '../paper/table-4-values.js';
import { groupBy } from './records.js';

type Trained = RunRecord & { readonly cell: TrainedCell };

export interface TrackGroup<R> {
  readonly runs: readonly R[];
  /** Null on the equal-length track. */
  readonly transformerLength: number | null;
}

const isTransformer = ({ cell }: Trained): boolean => cell.architecture === 'transformer';

/** @param keyOf - equal for records of one setting, the length part of it */
export function byTrack(
  table: AccuracyTable,
  records: readonly Trained[],
  keyOf: (record: Trained) => string,
): TrackGroup<Trained>[] {
  const groups = groupBy(records, keyOf).map(([, runs]) => runs);
  const joined = groups.map((runs): TrackGroup<Trained> => {
    const [first] = runs;
    const shorter = first === undefined || runs.some(isTransformer) ? null : shortened(table, first);
    const key = shorter === null ? null : keyOf(shorter);
    const guests = records.filter((record) => isTransformer(record) && keyOf(record) === key);
    return guests.length === 0 || shorter === null
      ? { runs, transformerLength: null }
      : { runs: [...runs, ...guests], transformerLength: shorter.cell.encoder.length };
  });
  // Transformers that all stand in a setting of the paper's track need none of their own.
  const guests = new Set(
    joined.flatMap(({ runs, transformerLength: length }) => (length === null ? [] : runs)),
  );
  return joined.filter(({ runs }) => !(runs.every(isTransformer) && runs.every((run) => guests.has(run))));
}

/** As the Transformer beside it would be; null where the paper gives both the same length. */
function shortened(table: AccuracyTable, record: Trained): Trained | null {
  const { encoder, dataset } = record.cell;
  const { column } = datasetFacts(dataset);
  if (table.holds === 'rows' || column === null) return null;
  const length = (encoder.length * transformerLength) / table.settings[column].length;
  if (length === encoder.length) return null;
  return { ...record, cell: { ...record.cell, encoder: { ...encoder, length } } };
}
