import { describe, expect, it } from 'vitest';
import { baselines } from '../../../../tasks/classification/baselines/index.js';
import type { ClassificationData, Examples } from '../../../../tasks/classification/data.js';

const examplesOf = (list: [label: number, tokens: number[]][]): Examples => ({
  ids: list.map((_, i) => `${i}`),
  tokens: list.map(([, tokens]) => Int32Array.from(tokens)),
  labels: Int32Array.from(list, ([label]) => label),
});

/** The example of Manning, Raghavan and Schütze, Introduction to Information Retrieval, table 13.1. */
const [chinese, beijing, shanghai, macao, tokyo, japan] = [2, 3, 4, 5, 6, 7] as const;
const data: ClassificationData = {
  classes: ['China', 'other', 'never seen'],
  vocabulary: { size: 8, words: ['', '', 'chinese', 'beijing', 'shanghai', 'macao', 'tokyo', 'japan'] },
  train: examplesOf([
    [0, [chinese, beijing, chinese]],
    [0, [chinese, chinese, shanghai]],
    [0, [chinese, macao]],
    [1, [tokyo, japan, chinese]],
  ]),
  validation: examplesOf([[1, [tokyo, japan]]]),
  test: examplesOf([
    [0, [chinese, chinese, chinese, tokyo, japan]],
    [1, [chinese, tokyo, japan]],
    [0, []],
  ]),
  label: '',
  sha256: '',
  standIn: true,
  counts: { train: 4, validation: 1, test: 3 },
  duplicates: 0,
  majorityAccuracy: 2 / 3,
  meanLength: 2.75,
};

const predict = (name: string, given = data) => {
  const { validation, test } = baselines.find((baseline) => baseline.name === name)!.predict(given);
  return { validation: [...validation], test: [...test] };
};

describe('the catalogue of baselines', () => {
  it('has chance and naive Bayes', () => {
    expect(baselines.map((baseline) => baseline.name)).toEqual(['chance', 'naive-bayes']);
  });
});

describe('chance', () => {
  it('always answers the most frequent training class, not that of the test examples', () => {
    expect(predict('chance')).toEqual({ validation: [0], test: [0, 0, 0] });
    const turned = { ...data, train: { ...data.train, labels: Int32Array.of(1, 1, 0, 1) } };
    expect(predict('chance', turned)).toEqual({ validation: [1], test: [1, 1, 1] });
  });
});

describe('naive Bayes', () => {
  it('gives the textbook answer', () => {
    // P(China | d) ~ 3/4 (3/7)^3 (1/14)^2 = 0.0003 > P(other | d) ~ 1/4 (2/9)^5 = 0.0001; for the second text the
    // other way round: 3/4 (3/7) (1/14)^2 = 0.0016 < 1/4 (2/9)^3 = 0.0027.
    expect(predict('naive-bayes').test.slice(0, 2)).toEqual([0, 1]);
    expect(predict('naive-bayes').validation).toEqual([1]);
  });

  it('answers the most frequent class for a text without words, never a class without training examples', () => {
    expect(predict('naive-bayes').test[2]).toBe(0);
  });

  it('does not count unknown words', () => {
    const unknown = examplesOf([[0, [chinese, tokyo, japan, 1, 1, 1, 1, 1]]]);
    expect(predict('naive-bayes', { ...data, test: unknown }).test).toEqual([1]);
    const noisy = data.train.tokens.map((tokens, i) =>
      i === 3 ? Int32Array.of(...tokens, 1, 1, 1, 1, 1) : tokens,
    );
    expect(predict('naive-bayes', { ...data, train: { ...data.train, tokens: noisy } })).toEqual(
      predict('naive-bayes'),
    );
  });
});
