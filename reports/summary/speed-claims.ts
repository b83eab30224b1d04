/**
 * What the paper says of speed, judged from the records of a figure.
 *
 * A claim covers several comparisons: lengths, and sometimes architectures. To support it, every one has to point its
 * way: its p is the largest of theirs (an intersection-union test, which needs no correction). One clear
 * counterexample contradicts it: p is then the smallest among those that point the other way, times the number of
 * comparisons. Holm's correction goes over the claims.
 */
import { counted, listed, seconds, significant, thousands } from '../format.js';
import type { SpeedClaim, SpeedFigure, Variant } from '../paper/contract.js';
import { holmOver, median, smallestDifference } from '../statistics/index.js';
import { testResult } from './judgement.js';
import type { Judgement, SummaryClaim } from './contract.js';
import type { SpeedPoint, SpeedSetting } from './speed-contract.js';
import { type Ratio, ratioOf } from './ratio.js';
import { variantPoint } from './speed.js';

interface Pair {
  readonly length: number;
  readonly slower: SpeedPoint;
  readonly faster: SpeedPoint;
}

/** With times on both sides. */
type Compared = Pair & { readonly ratio: Ratio };

interface Test {
  readonly supports: boolean;
  readonly p: number;
  /** The comparison that decides. */
  readonly decisive: Compared;
}

interface Draft {
  readonly claim: SpeedClaim;
  readonly setting: SpeedSetting;
  readonly pairs: readonly Pair[];
  readonly compared: readonly Compared[];
  readonly test: Test | null;
}

/** Every claim in every setting that has all of its architectures, each pair at one length at least. */
export function speedClaims(figure: SpeedFigure, settings: readonly SpeedSetting[]): SummaryClaim[] {
  const drafts = settings.flatMap((setting) => figure.claims.flatMap((claim) => draftOf(claim, setting)));
  const family = holmOver(drafts.map(({ test }) => test));
  return drafts.map((draft): SummaryClaim => {
    const { claim, setting, pairs, test } = draft;
    const p = test === null ? 1 : family.adjusted(test);
    const where = settings.length > 1 ? `, ${setting.title}` : '';
    return {
      table: figure.name,
      setting: setting.id,
      source: 'paper',
      text: `${claim.text} in ${claim.mode} at ${lengthsOf(pairs)}${where}`,
      verdict: judge(test, p),
      evidence: evidenceOf(draft, p, family.size),
      records: [
        ...new Set(
          pairs.flatMap(({ faster, slower }) => [...faster.records, ...slower.records]).map(({ id }) => id),
        ),
      ],
    };
  });
}

function draftOf(claim: SpeedClaim, setting: SpeedSetting): Draft[] {
  const groups = claim.faster.flatMap((faster) =>
    claim.slower.map((slower) => pairsOf(claim, setting, faster, slower)),
  );
  if (groups.some((pairs) => pairs.length === 0)) return [];
  const pairs = groups.flat();
  const compared = pairs.flatMap((pair): Compared[] => {
    const ratio = ratioOf(pair.slower, pair.faster);
    return ratio === null ? [] : [{ ...pair, ratio }];
  });
  return [{ claim, setting, pairs, compared, test: testOf(compared) }];
}

function pairsOf(claim: SpeedClaim, setting: SpeedSetting, faster: Variant, slower: Variant): Pair[] {
  const lengths = [...new Set(setting.points.map(({ length }) => length))].filter(
    (length) => length >= claim.from,
  );
  return lengths.flatMap((length): Pair[] => {
    const fast = variantPoint(setting, faster, claim.mode, length);
    const slow = variantPoint(setting, slower, claim.mode, length);
    return fast === undefined || slow === undefined ? [] : [{ length, faster: fast, slower: slow }];
  });
}

/** Null where a comparison has no spread to judge by. */
function testOf(compared: readonly Compared[]): Test | null {
  const all = compared.flatMap((one) => (one.ratio.p === null ? [] : [{ ...one, p: one.ratio.p }]));
  if (all.length < compared.length) return null;
  const against = all.filter(({ ratio }) => ratio.value <= 1).toSorted((a, b) => a.p - b.p);
  const [clearest] = against;
  if (clearest !== undefined) {
    return { supports: false, p: Math.min(1, all.length * clearest.p), decisive: clearest };
  }
  const [weakest] = all.toSorted((a, b) => b.p - a.p || a.ratio.value - b.ratio.value);
  return weakest === undefined ? null : { supports: true, p: weakest.p, decisive: weakest };
}

/** A difference that two builds of one program show is none, however sure. */
function judge(test: Test | null, adjusted: number): Judgement {
  if (test === null || adjusted >= 0.05 || isSmall(test.decisive.ratio)) return 'inconclusive';
  return test.supports ? 'supported' : 'contradicted';
}

const isSmall = ({ value }: Ratio): boolean => Math.abs(Math.log(value)) <= Math.log1p(smallestDifference);

/** `length 512`, `lengths 128 to 1,024` */
function lengthsOf(pairs: readonly Pair[]): string {
  const lengths = pairs.map(({ length }) => length);
  const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
  return shortest === longest
    ? `length ${thousands(shortest)}`
    : `lengths ${thousands(shortest)} to ${thousands(longest)}`;
}

function evidenceOf({ pairs, compared, test }: Draft, adjusted: number, family: number): string {
  const missing = pairs.filter(
    (pair) => !compared.some((one) => one.slower === pair.slower && one.faster === pair.faster),
  );
  const silent = missing.length === 0 ? [] : [`${listed(silentPoints(missing))} left no time.`];
  const shown = test?.decisive ?? compared[0];
  if (shown === undefined) return silent.join(' ');
  const values = compared.map(({ ratio }) => ratio.value);
  const range =
    compared.length < 2
      ? ''
      : `Over ${counted(compared.length, 'comparison')} ${significant(Math.min(...values))} to ${significant(Math.max(...values))} times as long. The ${test?.supports === false ? 'clearest counterexample' : 'least clear'}, at ${thousands(shown.length)}: `;
  const result = test === null ? 'no spread to judge by' : testResult(test.p, adjusted, family);
  return [
    `${range}${comparisonText(shown)}, ${result} (${basisOf(shown.ratio)})${closing(test)}.`,
    ...silent,
  ].join(' ');
}

function closing(test: Test | null): string {
  if (test === null) return '';
  if (isSmall(test.decisive.ratio))
    return `; a difference below ${100 * smallestDifference} % is taken for none`;
  return test.decisive.ratio.tooNoisy ? '; too noisy to tell' : '';
}

const silentPoints = (pairs: readonly Pair[]): string[] => [
  ...new Set(
    pairs.flatMap(({ slower, faster, length }) =>
      [slower, faster]
        .filter(({ samples }) => samples.length === 0)
        .map(({ title, failed }) => `${title} at ${thousands(length)}${failureOf(failed)}`),
    ),
  ),
];

const failureOf = (failed: SpeedPoint['failed']): string => {
  const kind = failed[0]?.failure?.kind;
  return kind === undefined ? '' : ` (${kind})`;
};

function comparisonText({ slower, faster, ratio }: Compared): string {
  const times = `${faster.title} ${seconds(median(faster.samples))}, ${slower.title} ${seconds(median(slower.samples))} a step: ${slower.title} takes ${significant(ratio.value)} times as long`;
  return ratio.interval === null
    ? times
    : `${times}, 95 % interval ${significant(ratio.interval[0])} to ${significant(ratio.interval[1])}`;
}

const basisOf = ({ basis, n }: Ratio): string =>
  basis === 'rounds'
    ? `paired t over ${counted(n, 'round')}`
    : `Welch on logarithms of ${counted(n, 'step')} of one process`;
