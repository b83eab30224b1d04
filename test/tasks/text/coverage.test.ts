import { expect, test } from 'vitest';
import { coverageOf } from '../../../tasks/text/coverage.js';

const words = ['', '', 'good', 'bad', 'film', 'oddity'];

test('counts the words of the vocabulary and the tokens of the texts that have a vector', () => {
  const texts = [Int32Array.of(2, 3, 2, 1), Int32Array.of(5, 2, 4, 1)];
  expect(coverageOf({ size: 6, words }, new Set([2, 3, 4]), texts)).toEqual({
    words: 3,
    vocabularyShare: 0.75,
    tokenShare: 5 / 8,
  });
});

test('is nothing of nothing', () => {
  expect(coverageOf({ size: 2, words: ['', ''] }, new Set(), [])).toEqual({
    words: 0,
    vocabularyShare: 0,
    tokenShare: 0,
  });
});
