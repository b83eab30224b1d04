/** Table 6: the paper's cells beside ours. It prints no deviations, so no value is judged; its claims are. */
import { listed } from '../format.js';
import { shownMetrics, type ShownMetric, type SummaryTable } from '../paper/summary-table.js';
import { type Interval, mean, meanInterval } from '../statistics/index.js';
import type { SummaryCell } from './contract.js';
import type { SummariesRow, SummariesSetting } from './summaries-contract.js';
import { valuesOf } from './values.js';

/** Beside the paper's R-L stands ROUGE-Lsum. */
export const shownTitles: Readonly<Record<ShownMetric, string>> = {
  rouge1: 'R-1',
  rouge2: 'R-2',
  rougeLsum: 'R-L',
};

export function summariesCells(table: SummaryTable, settings: readonly SummariesSetting[]): SummaryCell[] {
  const here = settings.flatMap((setting) =>
    setting.rows.flatMap((row) => shownMetrics.map((name) => ourCell(table, setting, row, name))),
  );
  const missing = table.columns.flatMap((column) => {
    const ran = new Set(
      settings.filter((each) => each.column === column).flatMap(({ rows }) => rows.map(({ key }) => key)),
    );
    return table.rows
      .filter(({ key }) => !ran.has(key))
      .flatMap((row) =>
        shownMetrics.map((name) => ({
          ...emptyCell(row, `${column} ${shownTitles[name]}`, table.published(row.key, column, name)),
          reason: 'no run',
        })),
      );
  });
  return [...here, ...missing];
}

const emptyCell = (
  { architecture, title }: { readonly architecture: string; readonly title: string },
  column: string,
  published: number | null,
): SummaryCell => ({
  setting: null,
  architecture,
  row: title,
  column,
  unit: 'fraction',
  published,
  publishedDeviation: null,
  ours: null,
  interval: null,
  documentInterval: null,
  n: 0,
  verdict: 'not run',
  reason: '',
  records: [],
});

function ourCell(
  table: SummaryTable,
  setting: SummariesSetting,
  row: SummariesRow,
  name: ShownMetric,
): SummaryCell {
  const { column } = setting;
  const published = column === null ? null : table.published(row.key, column, name);
  const empty = {
    ...emptyCell(row, `${column ?? setting.title} ${shownTitles[name]}`, published),
    setting: setting.id,
  };
  const values = valuesOf(row, name);
  if (values.length === 0) {
    const kinds = row.failed.flatMap(({ failure }) => (failure === null ? [] : [failure.kind]));
    return { ...empty, reason: `left out: ${listed([...new Set(kinds)])}` };
  }
  return {
    ...empty,
    ours: mean(values.map(({ value }) => value)),
    interval: meanInterval(values.map(({ value }) => value)),
    documentInterval: overDocuments(row, name),
    n: values.length,
    verdict: 'not comparable',
    reason:
      published === null
        ? 'not a value of the paper'
        : [...setting.notComparable, 'the paper prints no deviation'].join('; '),
    records: values.map(({ id }) => id),
  };
}

/** The mean over runs of each end. */
function overDocuments({ records }: SummariesRow, name: string): Interval | null {
  const intervals = records.flatMap(({ summary }) => {
    const interval = summary?.documentInterval?.[name];
    return interval === undefined ? [] : [interval];
  });
  if (intervals.length === 0) return null;
  return [mean(intervals.map(([low]) => low)), mean(intervals.map(([, high]) => high))];
}
