import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  removeDuplicates,
  sampleSplits,
  splitPools,
  type Splits,
} from '../../../tasks/classification/split.js';
import type { TextExample } from '../../../tasks/datasets/contract.js';

const example = (id: string, rest: Partial<TextExample> = {}): TextExample => ({
  id,
  text: `text of ${id}`,
  label: 'a',
  split: null,
  ...rest,
});

/** Examples of classes of the given sizes: `a` has the first, `b` the second, ... */
const classesOf = (sizes: number[], split: TextExample['split'] = null): TextExample[] =>
  sizes.flatMap((size, i) => {
    const label = String.fromCharCode(97 + i);
    return Array.from({ length: size }, (_, n) => example(`${split}/${label}${n}`, { label, split }));
  });

const ids = (examples: readonly TextExample[]) => examples.map(({ id }) => id);
const allIds = (splits: Splits) => ids([...splits.train, ...splits.validation, ...splits.test]);
const counts = (examples: readonly TextExample[]) =>
  Object.fromEntries(
    [...new Set(examples.map(({ label }) => label))].map((label) => [
      label,
      examples.filter((each) => each.label === label).length,
    ]),
  );

const anyExamples = fc
  .array(
    fc.record({ label: fc.constantFrom('a', 'b', 'c'), group: fc.option(fc.nat(30), { nil: undefined }) }),
    {
      maxLength: 150,
    },
  )
  .map((list) =>
    list.map(({ label, group }, i) =>
      example(`id${i}`, group === undefined ? { label } : { label, group: `group ${group}` }),
    ),
  );

describe('removeDuplicates', () => {
  it('keeps the validation copy of a text rather than the training copy, the test copy rather than either', () => {
    const copies = (['train', 'validation', 'test'] as const).map((split) =>
      example(split, { text: 'same', split }),
    );
    expect(ids(removeDuplicates(copies.slice(0, 2)))).toEqual(['validation']);
    expect(ids(removeDuplicates(copies))).toEqual(['test']);
    expect(ids(removeDuplicates(copies.toReversed()))).toEqual(['test']);
  });

  it('keeps the first of texts that differ in case and white space only', () => {
    const examples = [
      example('1', { text: 'A  film' }),
      example('2', { text: 'other' }),
      example('3', { text: 'a film' }),
    ];
    expect(ids(removeDuplicates(examples))).toEqual(['1', '2']);
  });

  it('keeps the test copy of a text and drops the training copy, in whichever order they come', () => {
    const train = example('train', { text: 'same', split: 'train' });
    const test = example('test', { text: 'same', split: 'test' });
    expect(ids(removeDuplicates([train, test]))).toEqual(['test']);
    expect(ids(removeDuplicates([test, train]))).toEqual(['test']);
    expect(ids(removeDuplicates([test, { ...test, id: 'later' }]))).toEqual(['test']);
  });
});

describe('splitPools', () => {
  it('keeps each part that the origin has, and holds out only what is missing', () => {
    const all = [
      ...classesOf([80, 20], 'train'),
      ...classesOf([10, 10], 'validation'),
      ...classesOf([6, 4], 'test'),
    ];
    const both = splitPools(all);
    expect([both.train.length, both.validation.length, both.test.length]).toEqual([100, 20, 10]);
    expect(both.validation.every(({ split }) => split === 'validation')).toBe(true);
    const noTest = splitPools(all.filter(({ split }) => split !== 'test'));
    expect(counts(noTest.test)).toEqual({ a: 8, b: 2 });
    expect([noTest.train.length, noTest.validation.length]).toEqual([90, 20]);
  });

  it('keeps the test part of the origin and carves a tenth of each class of the rest for validation', () => {
    const test = classesOf([7, 3], 'test');
    const pools = splitPools([...classesOf([400, 100], 'train'), ...test]);
    expect(ids(pools.test)).toEqual(ids(test));
    expect(counts(pools.validation)).toEqual({ a: 40, b: 10 });
    expect(counts(pools.train)).toEqual({ a: 360, b: 90 });
  });

  it('takes 80 / 10 / 10 of each class where the origin has no split', () => {
    const pools = splitPools(classesOf([500, 100, 10]));
    expect(counts(pools.train)).toEqual({ a: 400, b: 80, c: 8 });
    expect(counts(pools.validation)).toEqual({ a: 50, b: 10, c: 1 });
    expect(counts(pools.test)).toEqual({ a: 50, b: 10, c: 1 });
  });

  it('leaves classes of fewer than five examples in training', () => {
    const pools = splitPools(classesOf([100, 1, 2, 4]));
    expect(counts(pools.train)).toMatchObject({ b: 1, c: 2, d: 4 });
    expect(counts(pools.test)).toEqual({ a: 10 });
  });

  it('has each example on exactly one side, in the order given', () => {
    fc.assert(
      fc.property(anyExamples, (examples) => {
        const pools = splitPools(examples);
        expect(allIds(pools).sort()).toEqual(ids(examples).sort());
        for (const side of [pools.train, pools.validation, pools.test]) {
          expect(ids(side)).toEqual(ids(examples.filter((each) => side.includes(each))));
        }
      }),
    );
  });

  it('never has one group on two sides', () => {
    fc.assert(
      fc.property(anyExamples, (examples) => {
        const { train, validation, test } = splitPools(examples);
        const groups = [train, validation, test].map(
          (side) => new Set(side.map((each) => each.group ?? each.id)),
        );
        const distinct = new Set(groups.flatMap((side) => [...side]));
        expect(groups.reduce((sum, side) => sum + side.size, 0)).toBe(distinct.size);
      }),
    );
  });

  it('holds out a few groups of a class that has few, one each, and not the only one', () => {
    const six = Array.from({ length: 54 }, (_, i) => example(`s${i}`, { label: 'six', group: `s${i % 6}` }));
    const one = Array.from({ length: 20 }, (_, i) => example(`o${i}`, { label: 'one', group: 'o' }));
    const pools = splitPools([...six, ...one]);
    expect(counts(pools.test)).toEqual({ six: 9 });
    expect(counts(pools.validation)).toEqual({ six: 9 });
    expect(counts(pools.train)).toEqual({ six: 36, one: 20 });
  });

  it('keeps the only example of a class in training also when its group is of another class', () => {
    const examples = [...classesOf([100]), example('rare', { label: 'rare', group: 'null/a5' })];
    for (let i = 0; i < 100; i++) {
      const rare = example('rare', { label: 'rare', group: `null/a${i}` });
      expect(ids(splitPools([...examples.slice(0, 100), rare]).train)).toContain('rare');
    }
  });

  it('does not depend on what other examples there are: one more moves hardly any', () => {
    const fewer = splitPools(classesOf([200]));
    const more = splitPools(classesOf([210]));
    const kept = ids(fewer.test).filter((id) => ids(more.test).includes(id));
    expect(kept.length).toBeGreaterThan(15);
  });
});

describe('sampleSplits', () => {
  const pools = splitPools(classesOf([700, 200, 100]));

  it('gives as many as asked for, with the shares of the classes', () => {
    const sampled = sampleSplits(pools, { train: 400, validation: 50, test: 10 });
    expect(counts(sampled.train)).toEqual({ a: 280, b: 80, c: 40 });
    expect(counts(sampled.validation)).toEqual({ a: 35, b: 10, c: 5 });
    expect(counts(sampled.test)).toEqual({ a: 7, b: 2, c: 1 });
  });

  it('gives all for null and when asked for more than there is', () => {
    expect(sampleSplits(pools, { train: null, validation: null, test: null })).toEqual(pools);
    expect(sampleSplits(pools, { train: 10_000, validation: 101, test: 100 })).toEqual(pools);
  });

  it('gives exactly the number asked for, never one twice, whatever the sizes', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(sizes, fc.nat(300), (classSizes, count) => {
        const train = classesOf(classSizes);
        const sampled = sampleSplits(
          { train, validation: [], test: [] },
          { train: count, validation: 0, test: 0 },
        );
        expect(new Set(ids(sampled.train)).size).toBe(Math.min(count, train.length));
      }),
    );
  });

  it('does not let one split depend on how many of another are asked for', () => {
    const few = sampleSplits(pools, { train: 50, validation: 20, test: 20 });
    const many = sampleSplits(pools, { train: 500, validation: 20, test: 20 });
    expect([few.validation, few.test]).toEqual([many.validation, many.test]);
    const inMany = new Set(ids(many.train));
    expect(ids(few.train).every((id) => inMany.has(id))).toBe(true);
  });
});
