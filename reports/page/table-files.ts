/** The tables and charts of a page, in its order; and every table, also those behind charts, as files to lie beside it. */
import type { Chart } from '../charts/chart.js';
import { filesOf, flatten, type Flat, type TableFile } from './exports.js';
import type { Grid } from './grid.js';
import { flatTable } from './templates.js';
import type { PageView } from './view.js';

export type { TableFile } from './exports.js';

export const tableFiles = (view: PageView): TableFile[] =>
  [
    ...gridsOf(view).map((grid): [string, Flat] => [grid.id, flatten(grid)]),
    ...chartsOf(view).map(({ id, table }): [string, Flat] => [id, flatTable(table)]),
  ].flatMap(([id, table]) => filesOf(id, table));

export function gridsOf({ tables, origins }: PageView): Grid[] {
  return [
    ...(origins === null ? [] : [origins.grid]),
    ...tables.flatMap(({ settings }) => settings.flatMap(({ grid, more }) => [grid, ...more])),
    ...tables.flatMap(({ missing, reanalysis }) => [missing, reanalysis].filter((grid) => grid !== null)),
  ];
}

export const chartsOf = ({ pareto, tables }: PageView): Chart[] => [
  ...(pareto === null ? [] : [pareto]),
  ...tables.flatMap(({ settings }) => settings.flatMap(({ charts }) => [...charts])),
];

/** The records of every number that leads to its records. */
export function usedRecords(view: PageView): (readonly string[])[] {
  const cells = gridsOf(view).flatMap(({ groups }) =>
    groups.flatMap(({ rows }) => rows.flatMap((row) => row.cells)),
  );
  return [
    ...[...view.answer, ...view.claims.paper, ...view.claims.control].map(({ records }) => records),
    ...cells.map(({ records = [] }) => records),
    ...chartsOf(view).flatMap(({ table }) => [...(table.drawn?.records ?? [])]),
  ];
}
