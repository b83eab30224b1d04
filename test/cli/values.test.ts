import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as values from '../../cli/values.js';

test.each([
  [values.parseList('a, b,a'), ['a', 'b']],
  [values.parseCount('12'), 12],
  [values.parseSeed('2147483647'), 2147483647],
  [values.parsePositive('1e-3'), 0.001],
  [values.parseShare('0'), 0],
  [values.parseDuration('20m'), 1200],
  [values.parseDuration('1h30m'), 5400],
  [values.parseDuration('0.5s'), 0.5],
  [values.parseBytes('512MB'), 2 ** 29],
  [values.parseBytes('1.5gb'), 1.5 * 2 ** 30],
  [values.parsePair('b=x=y', { a: '1' }), { a: '1', b: 'x=y' }],
  [values.collect('b', ['a']), ['a', 'b']],
])('what is right is read: %j', (value, expected) => {
  expect(value).toEqual(expected);
});

test.each([
  ['a list', values.parseList, ['', 'a,,b', ',']],
  ['a count', values.parseCount, ['0', '-1', '1.5', '1e3', 'x', '', '99999999999999999999']],
  ['a seed', values.parseSeed, ['0', '00', '-1', '2147483648', 'one']],
  ['a number above 0', values.parsePositive, ['0', '-1', 'x', '', 'Infinity']],
  ['a share', values.parseShare, ['-0.1', '0.91', 'x', '']],
  ['a time', values.parseDuration, ['20', 'm', '20 m', '1d', '', '0s', '-5m', '5mm5']],
  ['a size', values.parseBytes, ['4', 'GB', '0GB', '-1GB', '4TB']],
  ['a pair', values.parsePair, ['x', '=x', '']],
] as [string, (text: string) => unknown, string[]][])('what is not %s is refused', (_what, parse, wrong) => {
  for (const text of wrong) expect(() => parse(text), JSON.stringify(text)).toThrow(InvalidArgumentError);
});

test('seed 0 is refused with the reason', () => {
  expect(() => values.parseSeed('0')).toThrow('TensorFlow.js reads 0 as no seed');
});

test('the same option twice is refused', () => {
  expect(() => values.parsePair('a=2', { a: '1' })).toThrow('a is given twice');
});

test('every whole number of seconds is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seconds) => {
      const text = `${Math.floor(seconds / 3600)}h${Math.floor((seconds % 3600) / 60)}m${seconds % 60}s`;
      expect(values.parseDuration(text)).toBe(seconds);
    }),
  );
});
