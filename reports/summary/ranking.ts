/** Table 5: the paper's cells beside ours. It prints no deviations, so no value is judged; its claims are. */
import { type RankingName, rankingNames } from '../../tasks/recommendation/metrics.js';
import { counted, listed, percent, points } from '../format.js';
import type { RankingClaim, RankingTable } from '../paper/ranking-table.js';
import {
  type Comparison,
  holmOver,
  type Interval,
  mean,
  meanInterval,
  pairBySeed,
  pairedT,
} from '../statistics/index.js';
import { judge, testResult } from './accuracy.js';
import type { RankingRow, RankingSetting, SummaryCell, SummaryClaim } from './contract.js';

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

const valuesOf = (row: RankingRow, name: RankingName) =>
  row.records.flatMap(({ metrics, cell, id }) => {
    const value = metrics[name];
    return value === undefined ? [] : [{ seed: cell.seed, value, id }];
  });

/** The mean over runs of each end. */
function overImpressions({ records }: RankingRow, name: RankingName): Interval | null {
  const intervals = records.flatMap(({ ranking }) => {
    const interval = ranking?.impressionInterval?.[name];
    return interval === undefined ? [] : [interval];
  });
  if (intervals.length === 0) return null;
  return [mean(intervals.map(([low]) => low)), mean(intervals.map(([, high]) => high))];
}

/** Every claim in every setting that has both rows; the paper's and the controls are families apart. */
export function rankingClaims(table: RankingTable, settings: readonly RankingSetting[]): SummaryClaim[] {
  return (['paper', 'control'] as const).flatMap((source) => {
    const drafts = table.claims
      .filter((claim) => claim.source === source)
      .flatMap((claim) => settings.flatMap((setting) => draftOf(table, claim, setting)));
    const family = holmOver(drafts.map(({ comparison }) => comparison));
    return drafts.map(({ claim, comparison }) =>
      comparison === null ? claim : decided(claim, comparison, family.adjusted(comparison), family.size),
    );
  });
}

interface Draft {
  readonly claim: SummaryClaim;
  readonly comparison: Comparison | null;
}

function decided(
  claim: SummaryClaim,
  { difference, interval: [low, high], p: alone }: Comparison,
  p: number,
  family: number,
): SummaryClaim {
  const evidence = `${claim.evidence}: ${points(difference)} points, 95 % interval over seeds ${points(low)} to ${points(high)}, ${testResult(alone, p, family)}.`;
  return { ...claim, verdict: judge(difference, p), evidence };
}

function draftOf(table: RankingTable, claim: RankingClaim, setting: RankingSetting): Draft[] {
  const find = (key: string) => setting.rows.find((row) => row.key === key && row.records.length > 0);
  const [better, worse] = [find(claim.better), find(claim.worse)];
  if (better === undefined || worse === undefined) return [];
  const pairs = pairBySeed(valuesOf(better, claim.metric), valuesOf(worse, claim.metric));
  if (pairs.length === 0) return [];
  const [a, b] = [pairs.map(([run]) => run.value), pairs.map(([, run]) => run.value)];
  const seen = `${better.title} ${percent(mean(a))} %, ${worse.title} ${percent(mean(b))} % over ${counted(pairs.length, 'paired seed')}`;
  const comparison = pairedT(a, b);
  return [
    {
      comparison,
      claim: {
        table: table.name,
        setting: setting.id,
        source: claim.source,
        text: `${claim.text} on ${setting.title}`,
        verdict: 'inconclusive',
        evidence: comparison === null ? `${seen}; too few pairs to judge by.` : seen,
        records: pairs.flat().map(({ id }) => id),
      },
    },
  ];
}
