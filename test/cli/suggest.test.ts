import { expect, test } from 'vitest';
import { UsageError } from '../../cli/errors.js';
import { findByName, unknownName } from '../../cli/suggest.js';

const all = [{ name: 'transformer' }, { name: 'fastformer' }, { name: 'none' }];

test('a known name is found', () => {
  expect(findByName('architecture', 'none', all)).toBe(all[2]);
});

test.each([
  ['transfomer', "did you mean 'transformer'?"],
  ['FastFormer', "did you mean 'fastformer'?"],
  ['non', "did you mean 'none'?"],
])('a slip (%s) gets the nearest name', (slip, hint) => {
  expect(() => findByName('architecture', slip, all)).toThrow(hint);
  expect(() => findByName('architecture', slip, all)).toThrow(UsageError);
});

test('a name like no other gets no guess, but all that there are', () => {
  const { message } = unknownName('architecture', 'completely-different', ['transformer', 'none']);
  expect(message).toBe("unknown architecture 'completely-different'. There are: transformer, none");
});

test('where there is nothing to name, it says so', () => {
  expect(unknownName('option', 'x', []).message).toBe("unknown option 'x'; there are none");
});
