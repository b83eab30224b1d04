/** The Handlebars templates, and views of what several pages show. No template computes; everything is escaped. */
import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import type { Chart, ChartTable } from '../charts/chart.js';
import { downloadsOf, downloadsOfFlat, type Flat } from './exports.js';
import type { Grid, GridCell } from './grid.js';
import type { Sources } from './sources.js';

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
  sources: Sources,
) => ({
  id,
  title,
  description,
  misleads,
  table,
  rows: linkedRows(table, sources),
  svg: drawn.get(id) ?? '',
  // For programs; what people paste lies beside the page.
  downloads: downloadsOfFlat(id, flatTable(table)).filter(({ label }) => label === 'CSV' || label === 'JSON'),
});

const linkedRows = ({ rows, drawn }: ChartTable, { linkTo }: Sources) =>
  rows.map((row, index) =>
    row.map((text, column) => ({
      text,
      href: column === drawn?.column ? linkTo(drawn.records[index] ?? []) : null,
    })),
  );

/** The numbers behind a chart, as the downloads hold them. */
export const flatTable = ({ columns, rows }: Chart['table']): Flat => ({ header: columns, rows });

/** A grid with what the template can't tell: spans, which column starts a group, where a number leads. */
export function gridView(grid: Grid, { linkTo }: Sources) {
  const starts = new Set<number>();
  let column = 0;
  for (const group of grid.columns) {
    starts.add(column);
    column += group.columns.length;
  }
  const mark = <T extends object>(cell: T, index: number) => ({ ...cell, first: starts.has(index) });
  const cellView = ({ text, note, chip, records = [] }: GridCell, index: number) =>
    mark({ note, chip, value: text === chip?.word ? '' : text, href: linkTo(records) }, index);
  return {
    ...grid,
    prose: grid.prose === true,
    columns: grid.columns.map(({ title, columns, metric }) => ({ title, metric, span: columns.length })),
    headers: grid.columns.flatMap(({ columns }) => columns).map((title, index) => mark({ title }, index)),
    groups: grid.groups.map(({ title, length, rows }) => ({
      title,
      length,
      span: column + 1,
      rows: rows.map(({ header, cells }) => ({ header, cells: cells.map(cellView) })),
    })),
    downloads: downloadsOf(grid),
  };
}
