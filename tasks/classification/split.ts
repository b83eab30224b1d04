/**
 * Which example is for training, which for validation, which for testing.
 *
 * Two steps, neither of which knows a cell's seed: every architecture, baseline and seed gets the same examples, so
 * differences can be paired.
 * 1. Pools. Parts that the origin has, a test or a validation part, are kept; where it has none, a tenth is for testing
 *    and a tenth for validation, each class apart, groups whole. Pools do not depend on how many examples are asked
 *    for.
 * 2. A sample of each pool with the classes' shares of the pool. A small sample is nearly a part of a larger one.
 */
import type { TextExample } from '../datasets/contract.js';
import { rankOf } from '../rank.js';
import { normalise } from '../text/tokenize.js';

export interface Splits {
  readonly train: readonly TextExample[];
  readonly validation: readonly TextExample[];
  readonly test: readonly TextExample[];
}

/** Examples asked for; null = all. */
export interface Counts {
  readonly train: number | null;
  readonly validation: number | null;
  readonly test: number | null;
}

const heldOutShare = 0.1;

/**
 * One example of each text, in the order given. Of equal texts the first is kept, but one of the origin's test part
 * wins over one of its validation part, and that over one of its training part: no test text is trained on or chosen by,
 * and the test set stays the origin's.
 */
export function removeDuplicates(examples: readonly TextExample[]): TextExample[] {
  const keptByText = new Map<string, TextExample>();
  for (const example of examples) {
    const text = normalise(example.text);
    const kept = keptByText.get(text);
    if (kept === undefined || precedence(example) > precedence(kept)) keptByText.set(text, example);
  }
  const kept = new Set(keptByText.values());
  return examples.filter((example) => kept.has(example));
}

const precedence = ({ split }: TextExample): number =>
  split === 'test' ? 2 : split === 'validation' ? 1 : 0;

/** Step 1. Classes of fewer than five examples are held out by no one: they stay in training. */
export function splitPools(examples: readonly TextExample[]): Splits {
  const given = (part: TextExample['split']) => examples.filter(({ split }) => split === part);
  const [givenTest, givenValidation] = [given('test'), given('validation')];
  const rest = examples.filter(({ split }) => split === null || split === 'train');
  const test = givenTest.length > 0 ? { heldOut: givenTest, rest } : holdOut(rest, heldOutShare);
  if (givenValidation.length > 0)
    return { train: test.rest, validation: givenValidation, test: test.heldOut };
  // The same share of the whole, whether or not the test part came out of it.
  const share = givenTest.length > 0 ? heldOutShare : heldOutShare / (1 - heldOutShare);
  const validation = holdOut(test.rest, share);
  return { train: validation.rest, validation: validation.heldOut, test: test.heldOut };
}

/** Step 2. Asked for more than there is, it gives all there is. */
export function sampleSplits(pools: Splits, counts: Counts): Splits {
  return {
    train: sample(pools.train, counts.train),
    validation: sample(pools.validation, counts.validation),
    test: sample(pools.test, counts.test),
  };
}

/**
 * Takes whole groups, in random order, until each class has given its share. A group counts for the rarest class in
 * it; it is taken when that brings the class nearer to its share.
 */
function holdOut(
  examples: readonly TextExample[],
  share: number,
): { heldOut: TextExample[]; rest: TextExample[] } {
  const groups = groupBy(examples, (example) => example.group ?? example.id);
  const classSizes = new Map(
    [...groupBy(examples, (example) => example.label)].map(([k, v]) => [k, v.length]),
  );
  const sizeOf = (example: TextExample) => classSizes.get(example.label) ?? 0;
  const rarestLabel = (group: readonly TextExample[]) =>
    group.reduce((rarest, each) => (sizeOf(each) < sizeOf(rarest) ? each : rarest)).label;

  const heldOut = new Set<TextExample>();
  for (const stratum of groupBy([...groups], ([, members]) => rarestLabel(members)).values()) {
    const size = stratum.reduce((sum, [, members]) => sum + members.length, 0);
    let taken = 0;
    for (const [, members] of sortByRank(stratum, ([name]) => name)) {
      if (taken + members.length / 2 > size * share) continue;
      taken += members.length;
      for (const example of members) heldOut.add(example);
    }
  }
  return {
    heldOut: examples.filter((example) => heldOut.has(example)),
    rest: examples.filter((example) => !heldOut.has(example)),
  };
}

function sample(pool: readonly TextExample[], count: number | null): readonly TextExample[] {
  if (count === null || count >= pool.length) return pool;
  const strata = [...groupBy(pool, (example) => example.label).values()];
  const sizes = shareOut(
    strata.map((stratum) => stratum.length),
    count,
  );
  const chosen = new Set(
    strata.flatMap((stratum, i) => sortByRank(stratum, (example) => example.id).slice(0, sizes[i])),
  );
  return pool.filter((example) => chosen.has(example));
}

/** `count` divided in proportion to `sizes`, in whole numbers, by largest remainder. */
function shareOut(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (size * count) / total);
  const shares = exact.map(Math.floor);
  const missing = count - shares.reduce((sum, share) => sum + share, 0);
  const remainder = (i: number) => (exact[i] as number) - (shares[i] as number);
  const byRemainder = [...shares.keys()].sort((a, b) => remainder(b) - remainder(a));
  for (const i of byRemainder.slice(0, missing)) shares[i] = (shares[i] as number) + 1;
  return shares;
}

/** A random order that depends on each item's name only, not on what else there is. */
function sortByRank<Item>(items: readonly Item[], name: (item: Item) => string): Item[] {
  return items
    .map((item) => ({ item, name: name(item), rank: rankOf(`split/${name(item)}`) }))
    .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
    .map(({ item }) => item);
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}
