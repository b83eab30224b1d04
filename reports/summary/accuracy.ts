/** Accuracy tables: the paper's cells beside ours. */
import { listed, points, probability } from '../format.js';
import type { AccuracyMetric, AccuracyTable, Published } from '../paper/contract.js';
import { type Comparison, holmOver, mean, meanInterval, moments, welch } from '../statistics/index.js';
import type { AccuracyRow, AccuracySetting } from './accuracy-contract.js';
import type { SummaryCell } from './contract.js';
import { valuesOf } from './values.js';

export const metrics: readonly { readonly name: AccuracyMetric; readonly title: string }[] = [
  { name: 'accuracy', title: 'accuracy' },
  { name: 'macroF1', title: 'macro-F' },
];

/** Without the floors, which have no seeds. */
export const trainedRows = ({ rows }: AccuracySetting): AccuracyRow[] =>
  rows.filter(({ kind }) => kind === 'encoder');

/** A cell whose verdict may still change when Holm's correction over the table is known. */
interface Draft {
  readonly cell: SummaryCell;
  /** Ours against the published value, where the two may be compared. */
  readonly comparison: Comparison | null;
}

export function accuracyCells(table: AccuracyTable, settings: readonly AccuracySetting[]): SummaryCell[] {
  const drafts = [
    ...settings.flatMap((setting) => settingDrafts(table, setting)),
    ...table.columns
      .filter((column) => !settings.some((setting) => setting.column === column))
      .flatMap((column) => missingColumn(table, column)),
  ];
  const family = holmOver(drafts.map(({ comparison }) => comparison));
  return drafts.map(({ cell, comparison }) => {
    if (comparison === null) return cell;
    const p = family.adjusted(comparison);
    const evidence = `${points(comparison.difference)} points, ${probability(p)} (Welch, Holm over ${family.size} cells)`;
    return p < 0.05
      ? { ...cell, verdict: 'differs', reason: evidence }
      : { ...cell, verdict: 'matches', reason: `no difference detected: ${evidence}` };
  });
}

function settingDrafts(table: AccuracyTable, setting: AccuracySetting): Draft[] {
  const ran = setting.rows.map((row) => row.key);
  const absent = setting.column === null ? [] : table.rows.filter(({ key }) => !ran.includes(key));
  return metrics.flatMap((metric) => [
    ...setting.rows.map((row) => draftOf(table, setting, row, metric)),
    ...absent.map(
      (row): Draft => ({
        cell: {
          ...emptyCell(table, row, setting.column ?? setting.title, metric),
          setting: setting.id,
          reason: 'no run with these settings',
        },
        comparison: null,
      }),
    ),
  ]);
}

const missingColumn = (table: AccuracyTable, column: AccuracyTable['columns'][number]): Draft[] =>
  metrics.flatMap((metric) =>
    table.rows.map((row) => ({
      cell: {
        ...emptyCell(table, row, column, metric),
        reason: `no run on ${column}`,
      },
      comparison: null,
    })),
  );

function emptyCell(
  table: AccuracyTable,
  { key, architecture, title }: Pick<AccuracyRow, 'key' | 'architecture' | 'title'>,
  column: string,
  metric: (typeof metrics)[number],
): SummaryCell {
  const known = table.columns.find((name) => name === column);
  const published = known === undefined ? null : table.published(key, known, metric.name);
  return {
    setting: null,
    architecture,
    row: title,
    column: `${column} ${metric.title}`,
    unit: 'fraction',
    published: published?.mean ?? null,
    publishedDeviation: published?.deviation ?? null,
    ours: null,
    interval: null,
    n: 0,
    verdict: 'not run',
    reason: '',
    records: [],
  };
}

function draftOf(
  table: AccuracyTable,
  setting: AccuracySetting,
  row: AccuracyRow,
  metric: (typeof metrics)[number],
): Draft {
  const runs = valuesOf(row, metric.name);
  const empty = {
    ...emptyCell(table, row, setting.column ?? setting.title, metric),
    setting: setting.id,
  };
  if (runs.length === 0) return { cell: { ...empty, reason: failureReason(row) }, comparison: null };
  const values = runs.map(({ value }) => value);
  const published = setting.column === null ? null : table.published(row.key, setting.column, metric.name);
  const reasons = incomparable(setting, published, values.length);
  return {
    cell: {
      ...empty,
      ours: mean(values),
      interval: meanInterval(values),
      n: values.length,
      verdict: 'not comparable',
      reason: [...reasons, ...(row.failed.length === 0 ? [] : [failureReason(row)])].join('; '),
      records: runs.map(({ id }) => id),
    },
    comparison: reasons.length > 0 ? null : againstPublished(values, published),
  };
}

/** Null where the paper prints no spread. */
function againstPublished(values: readonly number[], published: Published | null): Comparison | null {
  if (published === null || published.deviation === null) return null;
  return welch(moments(values), { ...published, deviation: published.deviation });
}

/** Why a value of ours does not stand beside the paper's; empty when it does. */
function incomparable(setting: AccuracySetting, published: Published | null, n: number): string[] {
  if (setting.column === null)
    return [setting.standIn ? 'stand-in data, not in the paper' : 'data not in the paper'];
  if (published === null) return ['not a row of the paper'];
  if (setting.notComparable.length > 0) return [...setting.notComparable];
  if (published.deviation === null) return ['the paper prints no deviation here'];
  return n < 2 ? ['one seed: no spread to compare with'] : [];
}

/** `left out: did not learn (seeds 1 and 3)` */
function failureReason(row: AccuracyRow): string {
  const kinds = [...new Set(row.failed.flatMap(({ failure }) => (failure === null ? [] : [failure.kind])))];
  const parts = kinds.map((kind) => {
    const seeds = row.failed
      .filter(({ failure }) => failure?.kind === kind)
      .map(({ cell }) => String(cell.seed));
    return `${kind} (seed${seeds.length === 1 ? '' : 's'} ${listed(seeds)})`;
  });
  return parts.length === 0 ? 'no score in its records' : `left out: ${parts.join(', ')}`;
}
