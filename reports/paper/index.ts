/** The paper's tables and figures that this suite reproduces, and the plan of cells for any choice of them. */
import { type Cell, isFloor } from '../../harness/cell.js';
import type { CellRequest, PaperTable } from './contract.js';
import { figure2 } from './figure-2.js';
import { figure3 } from './figure-3.js';
import { figure4 } from './figure-4.js';
import { poolingTable } from './pooling.js';
import { table4 } from './table-4.js';
import { table5 } from './table-5.js';
import { table6 } from './table-6.js';
import { table7 } from './table-7.js';

/** In the order of the report. */
export const tables: readonly PaperTable[] = [
  table4,
  figure3,
  figure4,
  poolingTable,
  table5,
  table6,
  figure2,
  table7,
];

/**
 * The cells of several tables as one plan: baselines first, then seed 1 of every table, then seed 2, and so on.
 * The order within a seed is the tables' own.
 */
export function planCells(chosen: readonly PaperTable[], request: CellRequest): Cell[] {
  const rank = (cell: Cell) => (isFloor(cell) ? 0 : cell.seed);
  const cells = chosen.flatMap((table) => table.cells(request));
  return distinct(cells).toSorted((a, b) => rank(a) - rank(b));
}

/** Tables may share cells; each is measured once. */
const distinct = (cells: readonly Cell[]): Cell[] => [
  ...new Map(cells.map((cell) => [JSON.stringify(cell), cell])).values(),
];
