import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, cellId } from '../../harness/identity.js';
import { speedCell, trainedCell } from './cells.js';

/** The same value with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

test('an id is 16 hexadecimal digits and stays what it is from version to version', () => {
  expect(cellId(trainedCell, 'aa')).toBe('4cb1f26952602046');
});

test('the order of keys does not change an id', () => {
  expect(cellId(reversed(trainedCell) as typeof trainedCell, 'aa')).toBe(cellId(trainedCell, 'aa'));
});

test.each([
  ['seed', { ...trainedCell, seed: 2 }],
  ['architecture', { ...trainedCell, architecture: 'transformer' }],
  ['option', { ...trainedCell, options: { pooling: 'mean' } }],
  ['backend', { ...trainedCell, backend: 'tensorflow' }],
  ['dataset', { ...trainedCell, dataset: { ...trainedCell.dataset, train: 241 } }],
  ['size', { ...trainedCell, encoder: { ...trainedCell.encoder, layers: 2 } }],
  ['kind', speedCell],
])('another %s gives another id', (_what, cell) => {
  expect(cellId(cell, 'aa')).not.toBe(cellId(trainedCell, 'aa'));
});

test('other sources give another id', () => {
  expect(cellId(trainedCell, 'ab')).not.toBe(cellId(trainedCell, 'aa'));
});

test('canonical JSON reads back as the same value and does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value))).toBe(text);
    }),
  );
});
