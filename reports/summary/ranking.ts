/** Table 5: the paper's cells beside ours. It prints no deviations, so no value is judged; its claims are. */
import { type RankingName, rankingNames } from '../../tasks/recommendation/metrics.js';
import { listed } from '../format.js';
import type { RankingTable } from '../paper/ranking-table.js';
import { type Interval, mean, meanInterval } from '../statistics/index.js';
import type { SummaryCell } from './contract.js';
import type { RankingRow, RankingSetting } from './ranking-contract.js';
import { valuesOf } from './values.js';

export const rankingTitles: Readonly<Record<RankingName, string>> = {
  auc: 'AUC',
  mrr: 'MRR',
  ndcg5: 'nDCG@5',
  ndcg10: 'nDCG@10',
};

export function rankingCells(table: RankingTable, settings: readonly RankingSetting[]): SummaryCell[] {
  const here = settings.flatMap((setting) =>
    setting.rows.flatMap((row) => rankingNames.map((name) => ourCell(table, setting, row, name))),
  );
  const ran = new Set(settings.flatMap(({ rows }) => rows.map(({ key }) => key)));
  const absent = table.rows.filter(({ key }) => !ran.has(key));
  const missing = absent.flatMap(({ key, title, cannotRun }) =>
    rankingNames.map((name) => ({
      ...emptyCell(table, { key, architecture: key, title }, name),
      reason: cannotRun ?? 'no run',
    })),
  );
  return [...here, ...missing];
}

function emptyCell(
  table: RankingTable,
  { key, architecture, title }: Pick<RankingRow, 'key' | 'architecture' | 'title'>,
  name: RankingName,
): SummaryCell {
  return {
    setting: null,
    architecture,
    row: title,
    column: rankingTitles[name],
    unit: 'fraction',
    published: table.published(key, name),
    publishedDeviation: null,
    ours: null,
    interval: null,
    impressionInterval: null,
    n: 0,
    verdict: 'not run',
    reason: '',
    records: [],
  };
}

function ourCell(
  table: RankingTable,
  setting: RankingSetting,
  row: RankingRow,
  name: RankingName,
): SummaryCell {
  const values = valuesOf(row, name);
  const empty = { ...emptyCell(table, row, name), setting: setting.id };
  if (values.length === 0) {
    const kinds = row.failed.flatMap(({ failure }) => (failure === null ? [] : [failure.kind]));
    return { ...empty, reason: `left out: ${listed([...new Set(kinds)])}` };
  }
  const reason =
    empty.published === null
      ? 'not a row of the paper'
      : [...setting.notComparable, 'the paper prints no deviation'].join('; ');
  return {
    ...empty,
    ours: mean(values.map(({ value }) => value)),
    interval: meanInterval(values.map(({ value }) => value)),
    impressionInterval: overImpressions(row, name),
    n: values.length,
    verdict: 'not comparable',
    reason,
    records: values.map(({ id }) => id),
  };
}

/** The mean over runs of each end. */
function overImpressions({ records }: RankingRow, name: RankingName): Interval | null {
  const intervals = records.flatMap(({ ranking }) => {
    const interval = ranking?.impressionInterval?.[name];
    return interval === undefined ? [] : [interval];
  });
  if (intervals.length === 0) return null;
  return [mean(intervals.map(([low]) => low)), mean(intervals.map(([, high]) => high))];
}
