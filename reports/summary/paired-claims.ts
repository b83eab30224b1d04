/** Claims that one row scores higher than another, over seeds that both have, in every setting that has both. */
import type { RunRecord } from '../../harness/record.js';
import { counted, percent, points } from '../format.js';
import { type Comparison, holmOver, mean, pairBySeed, pairedT } from '../statistics/index.js';
import type { SummaryClaim } from './contract.js';
import { judge, testResult } from './judgement.js';

interface Claim {
  readonly source: 'paper' | 'control';
  readonly text: string;
  readonly metric: string;
  /** Keys of rows. */
  readonly better: string;
  readonly worse: string;
}

/** A row's runs that left numbers. */
interface Row {
  readonly key: string;
  readonly title: string;
  readonly records: readonly RunRecord[];
}

interface Setting {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

interface Draft {
  readonly claim: SummaryClaim;
  readonly comparison: Comparison | null;
}

/** The paper's and the controls are families apart. */
export function pairedClaims(
  table: { readonly name: string; readonly claims: readonly Claim[] },
  settings: readonly Setting[],
): SummaryClaim[] {
  return (['paper', 'control'] as const).flatMap((source) => {
    const drafts = table.claims
      .filter((claim) => claim.source === source)
      .flatMap((claim) => settings.flatMap((setting) => draftOf(table.name, claim, setting)));
    const family = holmOver(drafts.map(({ comparison }) => comparison));
    return drafts.map(({ claim, comparison }) =>
      comparison === null ? claim : decided(claim, comparison, family.adjusted(comparison), family.size),
    );
  });
}

/** A metric of a row's runs, one a seed. */
export const metricOf = ({ records }: Pick<Row, 'records'>, name: string) =>
  records.flatMap(({ metrics, cell, id }) => {
    const value = metrics[name];
    return value === undefined ? [] : [{ seed: cell.seed, value, id }];
  });

function decided(
  claim: SummaryClaim,
  { difference, interval: [low, high], p: alone }: Comparison,
  p: number,
  family: number,
): SummaryClaim {
  const evidence = `${claim.evidence}: ${points(difference)} points, 95 % interval over seeds ${points(low)} to ${points(high)}, ${testResult(alone, p, family)}.`;
  return { ...claim, verdict: judge(difference, p), evidence };
}

function draftOf(table: string, claim: Claim, setting: Setting): Draft[] {
  const find = (key: string) => setting.rows.find((row) => row.key === key && row.records.length > 0);
  const [better, worse] = [find(claim.better), find(claim.worse)];
  if (better === undefined || worse === undefined) return [];
  const pairs = pairBySeed(metricOf(better, claim.metric), metricOf(worse, claim.metric));
  if (pairs.length === 0) return [];
  const [a, b] = [pairs.map(([run]) => run.value), pairs.map(([, run]) => run.value)];
  const seen = `${better.title} ${percent(mean(a))} %, ${worse.title} ${percent(mean(b))} % over ${counted(pairs.length, 'paired seed')}`;
  const comparison = pairedT(a, b);
  return [
    {
      comparison,
      claim: {
        table,
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
