/** Every table of a page, also those behind charts, as files to lie beside it. */
import { filesOf, flatten, type Flat, type TableFile } from './exports.js';
import { flatTable } from './templates.js';
import type { PageView } from './view.js';

export type { TableFile } from './exports.js';

export const tableFiles = (view: PageView): TableFile[] =>
  flatTables(view).flatMap(([id, table]) => filesOf(id, table));

function flatTables({ tables, pareto, origins }: PageView): [id: string, table: Flat][] {
  const settings = tables.flatMap((table) => table.settings);
  const grids = [
    ...(origins === null ? [] : [origins.grid]),
    ...settings.flatMap(({ grid, more }) => [grid, ...more]),
    ...tables.flatMap(({ missing, reanalysis }) => [missing, reanalysis].filter((grid) => grid !== null)),
  ];
  const charts = [...(pareto === null ? [] : [pareto]), ...settings.flatMap((setting) => setting.charts)];
  return [
    ...grids.map((grid): [string, Flat] => [grid.id, flatten(grid)]),
    ...charts.map(({ id, table }): [string, Flat] => [id, flatTable(table)]),
  ];
}
