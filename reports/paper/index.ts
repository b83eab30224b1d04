/** The paper's tables and figures that this suite reproduces, and the plan of cells for any choice of them. */
import type { Cell } from '../../harness/cell.js';
import type { CellRequest, PaperTable } from './contract.js';
import { figure2 } from './figure-2.js';
import { table4 } from './table-4.js';

/** In the order of the report. */
export const tables: readonly PaperTable[] = [table4, figure2];

/**
 * The cells of several tables as one plan: baselines first, then seed 1 of every table, then seed 2, and so on.
 * The order within a seed is the tables' own.
 */
export function planCells(chosen: readonly PaperTable[], request: CellRequest): Cell[] {
  const rank = (cell: Cell) => (cell.kind === 'baseline' ? 0 : cell.seed);
  return chosen.flatMap((table) => table.cells(request)).toSorted((a, b) => rank(a) - rank(b));
}
