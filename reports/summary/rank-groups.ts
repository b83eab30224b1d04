/**
 * Which rows of a setting can be told apart? All pairs of its trained rows by accuracy: the paired t test over the seeds
 * that both ran, with Holm's correction over the pairs of the setting. Rows that are not told apart share a group: their
 * order may be chance.
 *
 * Each pair has its own variance. One pooled over all rows would have more degrees of freedom, but rows are not equally
 * noisy, and the noisiest would be told apart by chance.
 */
import { counted, listed } from '../format.js';
import { allPairs, holmOver, lettersOf, mean, pairBySeed, pairedT } from '../statistics/index.js';
import { trainedRows } from './accuracy.js';
import { valuesOf } from './values.js';
import type { AccuracyRow, AccuracySetting, RankedPair, RankGroups } from './accuracy-contract.js';

/** Null where there are no two rows to compare. */
export function rankGroupsOf(setting: AccuracySetting): RankGroups | null {
  const rows = byMean(trainedRows(setting));
  if (rows.length < 2) return null;
  const tests = allPairs(rows).map(([above, below]) => testOf(above, below));
  const family = holmOver(tests);
  const pairs = tests.flatMap((test): RankedPair[] =>
    test === null ? [] : [{ ...test, adjusted: family.adjusted(test) }],
  );
  const apart = pairs.filter(isApart);
  const areApart = (a = '', b = '') =>
    apart.some(({ above, below }) => (above === a && below === b) || (above === b && below === a));
  const letters = lettersOf(rows.length, (a, b) => areApart(rows[a]?.title, rows[b]?.title));
  return {
    setting: setting.id,
    title: setting.title,
    metric: 'accuracy',
    rows: rows.map(({ title, architecture }, place) => ({
      title,
      architecture,
      letters: pairs.length === 0 ? null : (letters[place] ?? null),
    })),
    pairs,
    untested: tests.length - pairs.length,
  };
}

/** Rows that left a score, the best first. */
const byMean = (rows: readonly AccuracyRow[]): AccuracyRow[] =>
  rows
    .map((row) => ({ row, values: valuesOf(row, 'accuracy').map(({ value }) => value) }))
    .filter(({ values }) => values.length > 0)
    .toSorted((a, b) => mean(b.values) - mean(a.values))
    .map(({ row }) => row);

/** Null where fewer than two shared seeds, or differences that are all the same, tell nothing. */
function testOf(first: AccuracyRow, second: AccuracyRow): Omit<RankedPair, 'adjusted'> | null {
  const pairs = pairBySeed(valuesOf(first, 'accuracy'), valuesOf(second, 'accuracy'));
  const comparison = pairedT(
    pairs.map(([own]) => own.value),
    pairs.map(([, other]) => other.value),
  );
  if (comparison === null) return null;
  const { difference, p } = comparison;
  // A mean may be the better one for its other seeds.
  const [above, below] = difference > 0 ? [first, second] : [second, first];
  return {
    above: above.title,
    below: below.title,
    seeds: pairs.length,
    difference: Math.abs(difference),
    p,
  };
}

const isApart = ({ adjusted }: RankedPair): boolean => adjusted < 0.05;

/** For the page and the terminal. */
export function describeRankGroups({ rows, pairs, untested }: RankGroups): string {
  if (pairs.length === 0)
    return 'not tested: no two rows share two seeds or more over which their difference varies';
  const apart = pairs.filter(isApart);
  const family = `${counted(pairs.length, 'pair')} of rows, by accuracy, paired t over shared seeds with Holm’s correction over the pairs`;
  const below = [...new Set(apart.map((pair) => pair.below))].map(
    (title) =>
      `${title} below ${listed(apart.filter((pair) => pair.below === title).map(({ above }) => above))}`,
  );
  const found =
    apart.length === 0
      ? `none of ${family}: the order of the rows may be chance`
      : `${apart.length} of ${family}: ${below.join('; ')}`;
  const left =
    untested === 0
      ? ''
      : `. Not tested: ${counted(untested, 'pair')} with fewer than two shared seeds, or the same difference at each`;
  return `${found}${left}${floorWords(rows, apart)}`;
}

/** The rows that beat the same encoder without a mixer are those whose mixing is seen to matter. */
function floorWords(rows: RankGroups['rows'], apart: readonly RankedPair[]): string {
  const floor = rows.find(({ architecture }) => architecture === 'none');
  if (floor === undefined) return '';
  const count = apart.filter(({ above, below }) => [above, below].includes(floor.title)).length;
  const others = count === 0 ? 'no other row' : `${count} of the ${rows.length - 1} other rows`;
  return `. ${floor.title} (attention removed) is told apart from ${others}`;
}
