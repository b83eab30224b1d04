/**
 * Claims that one row scores higher than another, or no lower, over the seeds that both have, in every setting that has
 * both.
 */
import { architectureTitle } from '../catalogue.js';
import { counted, halfWidth, listed, percent, points } from '../format.js';
import { type Comparison, holmOver, mean, pairBySeed, pairedT } from '../statistics/index.js';
import type { SummaryClaim } from './contract.js';
import { judge, testResult } from './judgement.js';
import { type ScoredRow, valuesOf } from './values.js';

/** "`better` scores higher than `worse`." */
interface Claim {
  readonly source: 'paper' | 'control';
  readonly text: string;
  readonly metric: string;
  /** Keys of rows. */
  readonly better: string;
  readonly worse: string;
  /** Of "no worse": the claim stands while `better` is not behind by as much as this, a fraction of 1. */
  readonly margin?: number;
}

interface Row extends ScoredRow {
  readonly key: string;
  readonly title: string;
}

interface Setting {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

/** A claim before Holm's correction. */
interface Draft {
  readonly claim: SummaryClaim;
  /** Of the difference plus the margin. */
  readonly comparison: Comparison | null;
  readonly margin: number;
}

/** The paper's claims and the controls are families apart. */
export function pairedClaims(
  table: { readonly name: string; readonly claims: readonly Claim[] },
  settings: readonly Setting[],
): SummaryClaim[] {
  return (['paper', 'control'] as const).flatMap((source) => {
    const claims = table.claims.filter((claim) => claim.source === source);
    return decide(
      claims.flatMap((claim) => settings.flatMap((setting) => draftOf(table.name, claim, setting))),
    );
  });
}

/** Verdicts of one family, with Holm's correction over it. */
function decide(drafts: readonly Draft[]): SummaryClaim[] {
  const family = holmOver(drafts.map(({ comparison }) => comparison));
  return drafts.map(({ claim, comparison, margin }) => {
    if (comparison === null) return claim;
    const { difference, interval, p: alone } = comparison;
    const p = family.adjusted(comparison);
    const closing =
      p < 0.05
        ? ''
        : (alone < 0.05 ? '; not enough among so many tests' : '; no difference detected') +
          `; one of ${halfWidth(interval)} points would have been, taken alone`;
    return {
      ...claim,
      verdict: judge(difference, p),
      evidence: `${claim.evidence}: ${points(difference - margin)} points, 95 % interval ${points(interval[0] - margin)} to ${points(interval[1] - margin)}, ${testResult(alone, p, family.size)}${margin === 0 ? '' : ` against ${points(-margin)} points`}${closing}.`,
    };
  });
}

function draftOf(table: string, claim: Claim, setting: Setting): Draft[] {
  const better = mainRow(setting, claim.better);
  const worse = mainRow(setting, claim.worse);
  if (better === undefined || worse === undefined) return [];
  const [high, low] = [valuesOf(better, claim.metric), valuesOf(worse, claim.metric)];
  const pairs = pairBySeed(high, low);
  const margin = claim.margin ?? 0;
  const base = {
    table,
    setting: setting.id,
    source: claim.source,
    text: `${claim.text} on ${setting.title}`,
    verdict: 'inconclusive' as const,
    records: pairs.flat().map(({ id }) => id),
  };
  if (pairs.length === 0) {
    const missing = [better, worse].filter((row) => valuesOf(row, claim.metric).length === 0);
    const evidence =
      missing.length === 0
        ? 'No seed was run for both.'
        : `${listed(missing.map(({ title }) => title))} left no score.`;
    return [{ claim: { ...base, evidence }, comparison: null, margin }];
  }
  const [a, b] = [pairs.map(([run]) => run.value), pairs.map(([, run]) => run.value)];
  const comparison = pairedT(
    a.map((value) => value + margin),
    b,
  );
  const seen = `${better.title} ${percent(mean(a))} %, ${worse.title} ${percent(mean(b))} % over ${counted(pairs.length, 'paired seed')}`;
  if (comparison !== null) return [{ claim: { ...base, evidence: seen }, comparison, margin }];
  const why = pairs.length === 1 ? 'one pair has no spread to judge by' : 'the differences have no spread';
  return [{ claim: { ...base, evidence: `${seen}; ${why}.` }, comparison: null, margin }];
}

/** The variant with default options, or the first. */
const mainRow = (setting: Setting, key: string): Row | undefined => {
  const variants = setting.rows.filter((row) => row.key === key);
  return variants.find((row) => row.title === architectureTitle(key)) ?? variants[0];
};
