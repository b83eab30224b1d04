/** What a reader may leave out, and set charts relative to. */
import { architectureTitle } from '../catalogue.js';
import { thousands } from '../format.js';
import type { Setting, Summary } from '../summary/contract.js';
import { metrics } from '../summary/accuracy.js';
import { rankingTitles } from '../summary/ranking.js';
import { shownTitles } from '../summary/summaries.js';

interface Choice {
  readonly value: string;
  readonly title: string;
}

export interface Filter {
  readonly kind: 'architecture' | 'data' | 'metric' | 'length';
  readonly legend: string;
  readonly choices: readonly Choice[];
}

/** A row of any setting. */
interface Titled {
  readonly title: string;
  readonly architecture: string;
}

const rowsOf = (setting: Setting): readonly Titled[] =>
  setting.kind === 'speed' ? setting.points : setting.rows;

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

export function controlsOf({ tables }: Summary) {
  const settings = tables.flatMap((table) => table.settings);
  const rows = settings.flatMap(rowsOf);
  const architectures = distinct(rows.map(({ architecture }) => architecture));
  const learned = settings.filter(({ kind }) => kind !== 'speed' && kind !== 'complexity');
  const lengths = distinct(
    settings.flatMap((setting) =>
      setting.kind === 'speed' ? setting.points.map(({ length }) => length) : [],
    ),
  );
  const filters: Filter[] = [
    {
      kind: 'architecture',
      legend: 'Architectures',
      choices: architectures.map((value) => ({ value, title: titleOf(value, rows) })),
    },
    { kind: 'data', legend: 'Data', choices: named(distinct(learned.map(({ title }) => title))) },
    { kind: 'metric', legend: 'Metrics', choices: named(metricsOf(settings)) },
    {
      kind: 'length',
      legend: 'Sequence lengths (speed)',
      choices: lengths
        .toSorted((a, b) => a - b)
        .map((length) => ({ value: String(length), title: `${thousands(length)} tokens` })),
    },
  ];
  return {
    architectures,
    filters: filters.filter(({ choices }) => choices.length > 0),
    /** Rows that charts can be relative to. */
    baselines: distinct(
      settings.flatMap((setting) =>
        setting.kind === 'complexity' ? [] : rowsOf(setting).map(({ title }) => title),
      ),
    ),
    /** Which architecture each title of a row belongs to. */
    titles: Object.fromEntries(rows.map(({ title, architecture }) => [title, architecture])),
  };
}

/** Floors of rankings have their names from their rows. */
function titleOf(architecture: string, rows: readonly Titled[]): string {
  const title = architectureTitle(architecture);
  return title === architecture
    ? (rows.find((row) => row.architecture === architecture)?.title ?? title)
    : title;
}

const named = (values: readonly string[]): Choice[] => values.map((value) => ({ value, title: value }));

const metricsOf = (settings: readonly Setting[]): string[] => [
  ...(settings.some(({ kind }) => kind === 'accuracy') ? metrics.map(({ title }) => title) : []),
  ...(settings.some(({ kind }) => kind === 'ranking') ? Object.values(rankingTitles) : []),
  ...(settings.some(({ kind }) => kind === 'summaries') ? Object.values(shownTitles) : []),
];
