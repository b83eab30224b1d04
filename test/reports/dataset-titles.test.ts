import { expect, test } from 'vitest';
import { datasetFacts } from '../../reports/catalogue.js';

test('a dataset’s title has the options that are not at their defaults', () => {
  const title = (options: Record<string, string | number>) =>
    datasetFacts({ name: 'amazon-electronics', options }).title;
  const defaults = { sampling: 'natural', sample: 50_000, seed: 1 };
  expect(title(defaults)).toBe('Amazon Electronics reviews, five ratings');
  expect(title({ ...defaults, sampling: 'balanced' })).toBe(
    'Amazon Electronics reviews, five ratings (sampling=balanced)',
  );
});

test('a user’s own data is called after its file, without a checksum', () => {
  const options = {
    file: 'reviews.csv',
    sha256: '0'.repeat(64),
    textColumn: 'review',
    labelColumn: 'label',
    classNames: '',
    validationFile: '',
    testFile: 'test.csv',
  };
  expect(datasetFacts({ name: 'own-reviews', options })).toEqual({
    title: 'reviews (testFile=test.csv, textColumn=review)',
    column: null,
    notComparable: null,
  });
});

test('a dataset that the catalogue does not hold keeps its name', () => {
  expect(datasetFacts({ name: 'gone', options: { a: 1 } }).title).toBe('gone (a=1)');
});
