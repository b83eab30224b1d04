/** Which row of an accuracy table a record is: by architecture, options and, where a table says so, shared layers. */
import type { TrainedCell } from '../../harness/cell.js';
import { optionsLabel } from '../catalogue.js';
import type { AccuracyTable, AccuracyTableRow, RowVariant } from '../paper/contract.js';

/** Options count by what is not at its default, so that a record may leave defaults out. */
export function isVariant({ architecture, options, encoder }: RowVariant, cell: TrainedCell): boolean {
  return (
    architecture === cell.architecture &&
    optionsLabel(architecture, options ?? {}) === optionsLabel(architecture, cell.options) &&
    (encoder?.shareLayers ?? false) === cell.encoder.shareLayers
  );
}

/** Whether a record stands in the table. */
export const belongs = (table: AccuracyTable, cell: TrainedCell): boolean =>
  table.holds === 'rows'
    ? rowOf(table, cell) !== undefined
    : !(table.elsewhere ?? []).some((row) => isVariant(row, cell));

/** Undefined for what the paper's table does not hold. */
export const rowOf = (table: AccuracyTable, cell: TrainedCell): AccuracyTableRow | undefined =>
  table.rows.find((row) =>
    table.holds === 'rows' ? isVariant(row, cell) : row.architecture === cell.architecture,
  );

/** Whether rows differ in it, so that a setting must not. */
export const variesLayers = ({ rows }: AccuracyTable): boolean =>
  rows.some(({ encoder }) => encoder !== undefined);

/** Rank of a row in its table: the paper's rows, then what is not in the paper, then the floors. */
export function keyRank(key: string, { rows }: AccuracyTable): number {
  const printed = rows.findIndex((row) => row.key === key);
  if (printed >= 0) return printed;
  return rows.length + 1 + ['none', 'naive-bayes', 'chance'].indexOf(key);
}
