/** Everything that the templates lay out: text that is ready to be shown. No template computes. */
import type { RunRecord } from '../../harness/record.js';
import { accuracyChart } from '../charts/accuracy.js';
import { type Chart, isChart } from '../charts/chart.js';
import { curvesChart } from '../charts/curves.js';
import { paretoChart } from '../charts/pareto.js';
import { counted, listed, percent, thousands } from '../format.js';
import type { Origins } from '../origins.js';
import type { AccuracyTable, PaperTable } from '../paper/contract.js';
import type { AccuracySetting } from '../summary/accuracy-contract.js';
import type { Setting, Summary, TableSummary } from '../summary/contract.js';
import { describePower } from '../summary/power.js';
import { describeRankGroups } from '../summary/rank-groups.js';
import { accuracyGrid, missingGrid } from './accuracy-grid.js';
import { controlsOf } from './controls-view.js';
import { answerOf, type Fact, factsOf, scorecard } from './answer.js';
import { failuresView } from './failures-view.js';
import { glossary } from './glossary.js';
import { footnotesOf } from './footnotes.js';
import { originsView } from './origins-view.js';
import { missingRankingGrid, rankingView } from './ranking-view.js';
import { chipOf, type Grid } from './grid.js';
import { reanalysisGrid } from './reanalysis-grid.js';
import { runGroups } from './sources.js';
import { complexityView, speedView } from './speed-view.js';
import { missingSummariesGrid, summariesView } from './summaries-view.js';

export interface SettingView {
  readonly id: string;
  readonly title: string;
  /** What was learned, where something was: readers may leave it out. */
  readonly data?: string;
  readonly tag: string | null;
  readonly facts: readonly Fact[];
  readonly notes: readonly string[];
  readonly grid: Grid;
  /** Further tables, below it. */
  readonly more: readonly Grid[];
  readonly charts: readonly Chart[];
}

export interface TableView {
  readonly name: string;
  readonly title: string;
  readonly where: string;
  readonly settings: readonly SettingView[];
  readonly missing: Grid | null;
  readonly reanalysis: Grid | null;
  readonly howToRead: readonly string[];
  readonly caveats: readonly string[];
  readonly footnotes: readonly { readonly title: string; readonly deviations: readonly string[] }[];
}

export function viewOf(
  summary: Summary,
  tables: readonly PaperTable[],
  records: readonly RunRecord[],
  generatedFrom: string,
  origins: Origins | null = null,
) {
  const settings = summary.tables.flatMap((table) => table.settings);
  return {
    answer: answerOf(summary),
    facts: factsOf(records),
    standIn: standInWarning(settings),
    scorecard: scorecard(summary),
    pareto: paretoChart(architectureSettings(tables, summary)),
    claims: claimsView(summary),
    controls: controlsOf(summary),
    tables: tables.flatMap((table) => {
      const found = summary.tables.find(({ name }) => name === table.name);
      return found === undefined ? [] : [tableView(table, found)];
    }),
    failures: failuresView(summary.failures),
    origins: originsView(origins, records),
    runs: runGroups(records),
    glossary,
    generatedFrom,
  };
}

export type PageView = ReturnType<typeof viewOf>;

/** Of the tables that compare architectures, not variants of one. */
const architectureSettings = (tables: readonly PaperTable[], summary: Summary): AccuracySetting[] => {
  const names = tables.flatMap((table) =>
    table.kind === 'accuracy' && table.holds === 'architectures' ? [table.name] : [],
  );
  return summary.tables
    .filter(({ name }) => names.includes(name))
    .flatMap((table) => table.settings)
    .filter((setting) => setting.kind === 'accuracy');
};

function standInWarning(settings: readonly Setting[]): string | null {
  const accuracy = settings.filter((setting) => setting.kind === 'accuracy');
  const standIns = [...new Set(accuracy.filter(({ standIn }) => standIn).map(({ title }) => title))];
  if (standIns.length === 0) return null;
  const scope = accuracy.every(({ standIn }) => standIn) ? 'All accuracy here was' : 'Some accuracy here was';
  return `${scope} measured on text that stands in for the paper’s data: ${listed(standIns)}. Stand-ins are real text that npm packages ship, so they test the claims on other ground; they say nothing about the paper’s values.`;
}

function claimsView(summary: Summary) {
  const view = (source: 'paper' | 'control') =>
    summary.claims
      .filter((claim) => claim.source === source)
      .map((claim) => ({ ...claim, chip: chipOf(claim.verdict) }));
  return { paper: view('paper'), control: view('control') };
}

function tableView(table: PaperTable, summary: TableSummary): TableView {
  const { name, title, where, howToRead, caveats } = table;
  const shared = { name, title, where, howToRead, caveats, reanalysis: reanalysisGrid(table, summary) };
  if (table.kind === 'accuracy') {
    const settings = summary.settings.filter((setting) => setting.kind === 'accuracy');
    return {
      ...shared,
      settings: settings.map((setting) => accuracyView(table, setting, summary)),
      missing: missingGrid(table, summary.cells),
      footnotes: footnotesOf(settings.flatMap(({ rows }) => rows.map(({ architecture }) => architecture))),
    };
  }
  if (table.kind === 'ranking') {
    const settings = summary.settings.filter((setting) => setting.kind === 'ranking');
    const names = settings.flatMap(({ rows }) => rows.map(({ architecture }) => architecture));
    return {
      ...shared,
      settings: settings.map((setting) => rankingView(setting, summary.cells)),
      missing: missingRankingGrid(table, summary.cells),
      footnotes: footnotesOf(names),
    };
  }
  if (table.kind === 'summaries') {
    const settings = summary.settings.filter((setting) => setting.kind === 'summaries');
    const names = settings.flatMap(({ rows }) => rows.map(({ architecture }) => architecture));
    return {
      ...shared,
      settings: settings.map((setting) => summariesView(setting, summary.cells)),
      missing: missingSummariesGrid(table, summary.cells),
      footnotes: footnotesOf(names),
    };
  }
  return table.kind === 'speed'
    ? { ...shared, ...speedView(table, summary) }
    : { ...shared, ...complexityView(table, summary) };
}

function accuracyView(table: AccuracyTable, setting: AccuracySetting, summary: TableSummary): SettingView {
  const { id, title, column, notComparable } = setting;
  const comparison =
    column === null
      ? 'The paper has no such column: its values do not apply, its claims are judged.'
      : `Beside the paper’s ${column} column. Values are not comparable: ${notComparable.join('; ')}.`;
  return {
    id,
    title,
    data: title,
    tag: setting.standIn ? 'stand-in' : null,
    facts: [...accuracyFacts(setting), ...toldApartFact(setting, summary), ...powerFact(setting, summary)],
    notes: column !== null && notComparable.length === 0 ? [] : [comparison],
    grid: accuracyGrid(table, setting, summary),
    more: [],
    charts: [accuracyChart(setting), curvesChart(setting)].filter(isChart),
  };
}

function toldApartFact({ id }: AccuracySetting, { rankGroups = [] }: TableSummary): Fact[] {
  const own = rankGroups.find(({ setting }) => setting === id);
  return own === undefined ? [] : [{ name: 'Told apart', value: describeRankGroups(own) }];
}

function powerFact({ id }: AccuracySetting, { power = [] }: TableSummary): Fact[] {
  const own = power.find(({ setting }) => setting === id);
  return own === undefined ? [] : [{ name: 'Power', value: describePower(own) }];
}

function accuracyFacts({ backend, encoder, transformerLength, training, data }: AccuracySetting): Fact[] {
  const { counts } = data ?? {};
  return [
    ...(counts === undefined
      ? []
      : [
          {
            name: 'Texts',
            value: `${thousands(counts.train)} train, ${thousands(counts.validation)} validation, ${thousands(counts.test)} test; ${data?.classes.length ?? 0} classes, largest ${percent(data?.majorityAccuracy ?? 0)} %; mean length ${thousands(data?.meanLength ?? 0)} tokens`,
          },
        ]),
    ...(encoder === null
      ? []
      : [
          {
            name: 'Encoder',
            value: `length ${thousands(encoder.length)}${transformerLength === null ? '' : ` (the Transformer ${thousands(transformerLength)})`}, ${counted(encoder.layers, 'layer')}, hidden ${encoder.hidden}, ${counted(encoder.heads, 'head')}, feed-forward ${encoder.feedForward}, dropout ${encoder.dropout}, ${encoder.norm}-norm`,
          },
        ]),
    ...(training === null
      ? []
      : [
          {
            name: 'Training',
            value: `Adam ${training.learningRate}, batch ${training.batchSize}, at most ${counted(training.maxEpochs, 'epoch')}, best by validation; vocabulary ${thousands(training.vocabulary)}`,
          },
        ]),
    ...wordVectorsFact(training, data),
    { name: 'Backend', value: backend },
  ];
}

function wordVectorsFact(training: AccuracySetting['training'], data: AccuracySetting['data']): Fact[] {
  const name = training?.wordVectors?.name;
  if (name === undefined) return [];
  const coverage = data?.wordVectors ?? null;
  const known =
    coverage === null
      ? ''
      : `: ${thousands(coverage.words)} words, ${percent(coverage.vocabularyShare)} % of the vocabulary, ${percent(coverage.tokenShare)} % of the training tokens; the others drawn with the same mean and covariance`;
  return [{ name: 'Word vectors', value: `${name}${known}` }];
}
