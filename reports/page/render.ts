/** Handlebars templates to one self-contained HTML file. Everything from a record is escaped. */
import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { type Chart, drawSvg, withLook } from '../charts/chart.js';
import { packedLibraries, scriptJson, sha256Source } from './bundle.js';
import { downloadsOf } from './exports.js';
import { generator } from './generator.js';
import type { Grid, GridCell } from './grid.js';
import { packRecords, type PageRecords } from './records-bundle.js';
import type { PageView, SettingView } from './view.js';

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

/** One partial a section. */
const partials = ['overview', 'claims', 'table', 'grid', 'chart', 'failures', 'records'] as const;

/** @param content - what travels inside the page, so that it can be verified */
export async function renderPage(view: PageView, content: PageRecords): Promise<string> {
  const handlebars = Handlebars.create();
  for (const name of partials) handlebars.registerPartial(name, read(`${name}.hbs`));
  const page = handlebars.compile<unknown>(read('page.hbs'), { strict: false, knownHelpersOnly: true });
  const charts = [...(view.pareto === null ? [] : [view.pareto]), ...view.tables.flatMap(chartsOf)];
  const drawn = new Map<string, string>();
  for (const chart of charts) drawn.set(chart.id, await drawSvg(chart.spec));
  const script = read('interactive.js');
  return page({
    ...view,
    pareto: view.pareto === null ? null : chartView(view.pareto, drawn),
    tables: view.tables.map((table) => ({
      ...table,
      settings: table.settings.map((setting) => settingView(setting, drawn)),
      missing: table.missing === null ? null : gridView(table.missing),
      reanalysis: table.reanalysis === null ? null : gridView(table.reanalysis),
    })),
    origins: view.origins === null ? null : { ...view.origins, grid: gridView(view.origins.grid) },
    generator: generator(),
    packedRecords: packRecords(content),
    style: read('page.css'),
    script,
    policy: `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${sha256Source(script)} 'unsafe-eval'`,
    specs: scriptJson(Object.fromEntries(charts.map(({ id, spec }) => [id, withLook(spec)]))),
    libraries: charts.length === 0 ? null : packedLibraries(),
  });
}

const chartsOf = (table: PageView['tables'][number]): Chart[] =>
  table.settings.flatMap(({ charts }) => [...charts]);

const settingView = (setting: SettingView, drawn: ReadonlyMap<string, string>) => ({
  ...setting,
  grid: gridView(setting.grid),
  more: setting.more.map(gridView),
  charts: setting.charts.map((chart) => chartView(chart, drawn)),
});

const chartView = ({ id, title, description, table }: Chart, drawn: ReadonlyMap<string, string>) => ({
  id,
  title,
  description,
  table,
  svg: drawn.get(id) ?? '',
});

/** A grid with what the template can't count: spans, and which column starts a group. */
function gridView(grid: Grid) {
  const starts = new Set<number>();
  let column = 0;
  for (const group of grid.columns) {
    starts.add(column);
    column += group.columns.length;
  }
  const mark = <T extends object>(cell: T, index: number) => ({ ...cell, first: starts.has(index) });
  const cellView = (cell: GridCell, index: number) =>
    mark({ ...cell, value: cell.text === cell.chip?.word ? '' : cell.text }, index);
  return {
    ...grid,
    columns: grid.columns.map(({ title, columns }) => ({ title, span: columns.length })),
    headers: grid.columns.flatMap(({ columns }) => columns).map((title, index) => mark({ title }, index)),
    groups: grid.groups.map(({ title, rows }) => ({
      title,
      span: column + 1,
      rows: rows.map((row) => ({ ...row, cells: row.cells.map(cellView) })),
    })),
    sources: grid.groups.flatMap(({ title, rows }) =>
      rows
        .filter(({ records }) => records.length > 0)
        .map(({ header, records }) => ({ header: title === null ? header : `${title}: ${header}`, records })),
    ),
    downloads: downloadsOf(grid),
  };
}
