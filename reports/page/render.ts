/** Handlebars templates to one self-contained HTML file. Everything from a record is escaped. */
import { type Chart, drawSvg, withLook } from '../charts/chart.js';
import { packedLibraries, scriptJson, sha256Source } from './bundle.js';
import { generator } from './generator.js';
import { packRecords, type PageRecords } from './records-bundle.js';
import { chartView, gridView, pageFile, pageTemplate } from './templates.js';
import type { PageView, SettingView } from './view.js';

/** @param content - what travels inside the page, so that it can be verified */
export async function renderPage(view: PageView, content: PageRecords): Promise<string> {
  const page = pageTemplate('page.hbs');
  const charts = [...(view.pareto === null ? [] : [view.pareto]), ...view.tables.flatMap(chartsOf)];
  const drawn = new Map<string, string>();
  for (const chart of charts) drawn.set(chart.id, await drawSvg(chart.spec));
  const script = scripts.map(pageFile).join('');
  const libraries = packedLibraries();
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
    style: pageFile('page.css'),
    script,
    policy: `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${sha256Source(script)} ${libraries.source}`,
    specs: scriptJson(Object.fromEntries(charts.map((chart) => [chart.id, interactiveChart(chart)]))),
    rowTitles: scriptJson(view.controls.titles),
    libraries: charts.length === 0 ? null : libraries.base64,
  });
}

/** In the order in which they run. */
const scripts = ['controls.js', 'restate.js', 'interactive.js'] as const;

/** What the scripts need of a chart. */
const interactiveChart = ({ spec, relative, reference }: Chart) => ({
  spec: withLook(spec),
  relative,
  reference,
});

const chartsOf = (table: PageView['tables'][number]): Chart[] =>
  table.settings.flatMap(({ charts }) => [...charts]);

const settingView = (setting: SettingView, drawn: ReadonlyMap<string, string>) => ({
  ...setting,
  grid: gridView(setting.grid),
  more: setting.more.map(gridView),
  charts: setting.charts.map((chart) => chartView(chart, drawn)),
});
