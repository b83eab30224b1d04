/** Handlebars templates to one self-contained HTML file. Everything from a record is escaped. */
import { type Chart, drawSvg, withLook } from '../charts/chart.js';
import { counted } from '../format.js';
import { packedLibraries, scriptJson, sha256Source } from './bundle.js';
import { generator } from './generator.js';
import { recordViews } from './record-view.js';
import { packText } from './packed-text.js';
import { packRecords, type PageRecords } from './records-bundle.js';
import { type Sources, sourcesOf } from './sources.js';
import { chartsOf, usedRecords } from './table-files.js';
import { chartView, gridView, pageFile, pageTemplate } from './templates.js';
import type { PageView, SettingView } from './view.js';

/** @param content - what travels inside the page, so that it can be verified */
export async function renderPage(view: PageView, content: PageRecords): Promise<string> {
  const page = pageTemplate('page.hbs');
  const charts = chartsOf(view);
  const sources = sourcesOf(view.runs, usedRecords(view));
  const drawn = new Map<string, string>();
  for (const chart of charts) drawn.set(chart.id, await drawSvg(chart.spec));
  const script = scripts.map(pageFile).join('');
  const libraries = packedLibraries();
  return page({
    ...view,
    pareto: view.pareto === null ? null : chartView(view.pareto, drawn, sources),
    answer: view.answer.map((sentence) => traced(sentence, sources)),
    claims: {
      paper: view.claims.paper.map((claim) => traced(claim, sources)),
      control: view.claims.control.map((claim) => traced(claim, sources)),
    },
    tables: view.tables.map((table) => ({
      ...table,
      settings: table.settings.map((setting) => settingView(setting, drawn, sources)),
      missing: table.missing === null ? null : gridView(table.missing, sources),
      reanalysis: table.reanalysis === null ? null : gridView(table.reanalysis, sources),
    })),
    origins: view.origins === null ? null : { ...view.origins, grid: gridView(view.origins.grid, sources) },
    records: recordViews(view.runs),
    joined: sources.joined,
    generator: generator(),
    packedRecords: packRecords(content),
    style: pageFile('page.css'),
    script,
    policy: `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${sha256Source(script)} ${libraries.source}`,
    specs: packText(
      JSON.stringify(Object.fromEntries(charts.map((chart) => [chart.id, interactiveChart(chart)]))),
    ),
    rowTitles: scriptJson(view.controls.titles),
    libraries: charts.length === 0 ? null : libraries.packed,
  });
}

/** In the order in which they run. */
const scripts = ['controls.js', 'restate.js', 'interactive.js'] as const;

/** What the scripts need of a chart; seven digits of a number are more than can be seen. */
const interactiveChart = ({ spec, relative, reference }: Chart): unknown =>
  JSON.parse(
    JSON.stringify({ spec: withLook(spec), relative, reference }, (_key, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(7)) : value,
    ),
  );

/** What is said in words, with a link to its records. */
const traced = <T extends { readonly records: readonly string[] }>(said: T, { linkTo }: Sources) => ({
  ...said,
  href: linkTo(said.records),
  count: counted(new Set(said.records).size, 'record'),
});

const settingView = (setting: SettingView, drawn: ReadonlyMap<string, string>, sources: Sources) => ({
  ...setting,
  grid: gridView(setting.grid, sources),
  more: setting.more.map((grid) => gridView(grid, sources)),
  charts: setting.charts.map((chart) => chartView(chart, drawn, sources)),
});
