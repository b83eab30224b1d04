/** The Handlebars templates, and views of what several pages show. No template computes; everything is escaped. */
import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import type { Chart } from '../charts/chart.js';
import { downloadsOf, downloadsOfFlat, type Flat } from './exports.js';
import type { Grid, GridCell } from './grid.js';

/** A file of this folder. */
export const pageFile = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

/** One partial a section. */
const partials = [
  'controls',
  'overview',
  'claims',
  'table',
  'grid',
  'chart',
  'failures',
  'records',
  'glossary',
] as const;

/** @param file - of a whole page */
export function pageTemplate(file: string): (view: unknown) => string {
  const handlebars = Handlebars.create();
  for (const name of partials) handlebars.registerPartial(name, pageFile(`${name}.hbs`));
  return handlebars.compile<unknown>(pageFile(file), { strict: false, knownHelpersOnly: true });
}

export const chartView = (
  { id, title, description, misleads, table }: Chart,
  drawn: ReadonlyMap<string, string>,
) => ({
  id,
  title,
  description,
  misleads,
  table,
  svg: drawn.get(id) ?? '',
  // For programs; what people paste lies beside the page.
  downloads: downloadsOfFlat(id, flatTable(table)).filter(({ label }) => label === 'CSV' || label === 'JSON'),
});

/** The numbers behind a chart, as the downloads hold them. */
export const flatTable = ({ columns, rows }: Chart['table']): Flat => ({ header: columns, rows });

/** A grid with what the template can't count: spans, and which column starts a group. */
export function gridView(grid: Grid) {
  const starts = new Set<number>();
  let column = 0;
  for (const group of grid.columns) {
    starts.add(column);
    column += group.columns.length;
  }
  const sourceId = (group: number, row: number) => `${grid.id}-records-${group + 1}-${row + 1}`;
  const mark = <T extends object>(cell: T, index: number) => ({ ...cell, first: starts.has(index) });
  const cellView = (cell: GridCell, index: number) =>
    mark({ ...cell, value: cell.text === cell.chip?.word ? '' : cell.text }, index);
  return {
    ...grid,
    prose: grid.prose === true,
    columns: grid.columns.map(({ title, columns, metric }) => ({ title, metric, span: columns.length })),
    headers: grid.columns.flatMap(({ columns }) => columns).map((title, index) => mark({ title }, index)),
    groups: grid.groups.map(({ title, length, rows }, group) => ({
      title,
      length,
      span: column + 2,
      rows: rows.map((row, index) => ({
        ...row,
        cells: row.cells.map(cellView),
        source: row.records.length === 0 ? null : sourceId(group, index),
        count: row.records.length,
      })),
    })),
    sources: grid.groups.flatMap(({ title, rows }, group) =>
      rows.flatMap(({ header, records }, index) =>
        records.length === 0
          ? []
          : [
              {
                id: sourceId(group, index),
                header: title === null ? header : `${title}: ${header}`,
                records: [...new Set(records)],
              },
            ],
      ),
    ),
    downloads: downloadsOf(grid),
  };
}
