/** Floors of summarization, and ROUGE over documents. */
import { describe, expect, test } from 'vitest';
import type { SummaryPair } from '../../../tasks/datasets/pair-contract.js';
import { evaluateSummaries, summaryMetrics } from '../../../tasks/summarization/evaluate.js';
import { summaryFloors } from '../../../tasks/summarization/floors/index.js';
import { rouge } from '../../../tasks/summarization/rouge.js';
import { pairDataOf } from '../../support/pairs.js';

const pair: SummaryPair = {
  id: 'one',
  document: ['The cat sat.', 'Rain fell all day long.', 'A dog barked at the cat.', 'Nothing else.'],
  summary: ['a dog barked', 'the cat sat'],
  split: null,
};
const data = pairDataOf([pair, { ...pair, id: 'two', summary: ['one', 'two', 'three', 'four'] }], [pair]);
const write = (name: string, seed = 1) =>
  summaryFloors.find((floor) => floor.name === name)?.fit(data, seed)(pair);

describe('floors', () => {
  test('the first sentences, the first words', () => {
    expect(write('lead-1')).toEqual(['The cat sat.']);
    expect(write('lead-3')).toEqual(pair.document.slice(0, 3));
    expect(write('lead-10')).toEqual(pair.document);
    expect(write('first-five-words')).toEqual(['The cat sat. Rain fell']);
  });

  test('random sentences: as many as training summaries have on average, by seed, in order', () => {
    const drawn = Array.from({ length: 20 }, (_, i) => write('random-sentences', i + 1) ?? []);
    for (const sentences of drawn) {
      expect(sentences).toHaveLength(3);
      expect(sentences).toEqual(pair.document.filter((sentence) => sentences.includes(sentence)));
    }
    expect(write('random-sentences', 5)).toEqual(write('random-sentences', 5));
    expect(new Set(drawn.map((sentences) => sentences.join())).size).toBeGreaterThan(1);
  });

  test('the oracle takes what the summary says and leaves the rest, and is better than the floors', () => {
    const chosen = write('oracle-extract') ?? [];
    expect(chosen).toEqual(['The cat sat.', 'A dog barked at the cat.']);
    const score = (sentences: readonly string[]) => {
      const scores = rouge(pair.summary.join('\n'), sentences.join('\n'), { stemmer: false });
      return scores.rouge1.f + scores.rouge2.f;
    };
    for (const { name } of summaryFloors)
      expect(score(chosen)).toBeGreaterThanOrEqual(score(write(name) ?? []));
  });
});

describe('scores of summaries', () => {
  test('means over documents, plain and stemmed, inside of their intervals', () => {
    const targets = Array.from({ length: 40 }, (_, i) => `running dogs ${i}\nbark`);
    const written = targets.map((target, i) => (i % 2 === 0 ? target : 'run dog'));
    const { metrics, documentInterval } = evaluateSummaries(targets, written);
    expect(metrics['rouge1']).toBeCloseTo(0.5, 10);
    expect(metrics['rouge1Stemmed']).toBeGreaterThan(0.5);
    for (const name of summaryMetrics) {
      const [low, high] = documentInterval[name] ?? [NaN, NaN];
      expect(low).toBeLessThan(metrics[name] ?? NaN);
      expect(high).toBeGreaterThan(metrics[name] ?? NaN);
    }
  });
});
