import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  rouge,
  rougeNames,
  type RougeName,
  rougeOfBest,
  rougeTokens,
} from '../../../tasks/summarization/rouge.js';

const plain = { stemmer: false };
const stems = { stemmer: true };

describe('rouge', () => {
  it('counts what two short texts share', () => {
    const { rouge1, rouge2, rougeL, rougeLsum } = rouge('the cat sat on the mat', 'the the the cat', plain);
    // Unigrams: two of three "the", and "cat". Bigrams: "the cat". Subsequence: "the cat".
    expect(rouge1).toEqual({ precision: 3 / 4, recall: 3 / 6, f: 0.6 });
    expect(rouge2.f).toBeCloseTo((2 * (1 / 3) * (1 / 5)) / (1 / 3 + 1 / 5), 15);
    expect(rougeL).toEqual({ precision: 2 / 4, recall: 2 / 6, f: 0.4 });
    expect(rougeLsum).toEqual(rougeL);
  });

  it('takes lines in any order for rougeLsum, but not for rougeL', () => {
    const { rougeL, rougeLsum } = rouge('rain fell\nwind rose', 'wind rose\nrain fell', plain);
    expect([rougeL.f, rougeLsum.f]).toEqual([0.5, 1]);
  });

  it('counts a token once in rougeLsum however many lines have it in common', () => {
    const { rougeLsum } = rouge('rain\nrain', 'rain', plain);
    expect([rougeLsum.precision, rougeLsum.recall]).toEqual([1, 0.5]);
  });

  it('gives 0, never NaN, where a side is empty or has a single token', () => {
    for (const [target, prediction] of [
      ['', ''],
      ['rain', ''],
      ['', 'rain'],
      ['!', '?'],
    ] as const) {
      const scores = rouge(target, prediction, plain);
      expect(rougeNames.map((name) => scores[name].f)).toEqual([0, 0, 0, 0]);
    }
    expect(rouge('rain', 'rain', plain).rouge2).toEqual({ precision: 0, recall: 0, f: 0 });
  });

  it('compares stems of tokens of more than three letters when asked', () => {
    expect(rougeTokens('Walking dogs naïve_2', stems)).toEqual(['walk', 'dog', 'na', 've', '2']);
    expect(rougeTokens('the gas was', stems)).toEqual(['the', 'gas', 'was']);
    expect(rouge('dogs walking', 'dog walks', plain).rouge1.f).toBe(0);
    expect(rouge('dogs walking', 'dogs walks', stems).rouge1.f).toBe(1);
  });

  it('takes for each name the best of several targets', () => {
    const targets = ['b a', 'a x b y z'];
    const best = rougeOfBest(targets, 'a b', plain);
    const each = targets.map((target) => rouge(target, 'a b', plain));
    for (const name of rougeNames) expect(best[name].f).toBe(Math.max(...each.map((one) => one[name].f)));
    expect(best.rouge1).toEqual(each[0]?.rouge1);
    expect(best.rougeL).toEqual(each[1]?.rougeL);
    expect(() => rougeOfBest([], 'a', plain)).toThrow('no target');
  });

  it('refuses texts whose common subsequence would take for ever, and takes those below', () => {
    expect(() => rouge('a '.repeat(100_000), 'a '.repeat(1_000), plain)).toThrow(
      'a target of 100000 tokens and a prediction of 1000 takes too long',
    );
    expect(rouge('a '.repeat(5_000), 'a '.repeat(1_000), plain).rougeLsum.f).toBeCloseTo(1 / 3, 12);
  });

  it('is between 0 and 1, 1 for equal texts, and symmetric in what is precision and what is recall', () => {
    const text = fc.array(fc.constantFrom('rain', 'fell', 'wind', '\n', '.'), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [target, prediction] = [a.join(' '), b.join(' ')];
        const [there, back] = [rouge(target, prediction, plain), rouge(prediction, target, plain)];
        for (const name of rougeNames) {
          expect(there[name].f).toBeGreaterThanOrEqual(0);
          expect(there[name].f).toBeLessThanOrEqual(1);
        }
        for (const name of ['rouge1', 'rouge2', 'rougeL'] as const) {
          expect(there[name].precision).toBe(back[name].recall);
        }
        expect(there.rougeL.f).toBeLessThanOrEqual(there.rouge1.f);
        const tokens = rougeTokens(target, plain).length;
        const same = rouge(target, target, plain);
        expect(rougeNames.map((name) => same[name].f)).toEqual([
          Number(tokens > 0),
          Number(tokens > 1),
          Number(tokens > 0),
          Number(tokens > 0),
        ]);
      }),
    );
  });
});

type GoldenScores = Record<RougeName, { precision: number; recall: number; fmeasure: number }>;
type Golden = { id: string } & (
  | { kind: 'pair'; target: string; prediction: string; stemmer: GoldenScores; no_stemmer: GoldenScores }
  | {
      kind: 'multi_target';
      targets: string[];
      prediction: string;
      stemmer: GoldenScores;
      no_stemmer: GoldenScores;
    }
  | {
      kind: 'corpus_mean_fmeasure';
      pairs: { target: string; prediction: string }[];
      stemmer: Record<RougeName, number>;
      no_stemmer: Record<RougeName, number>;
    }
);

const golden = new URL('../../../../shared/golden/metrics/rouge.json', import.meta.url);
if (!existsSync(golden)) console.info('skipped: golden scores of rouge_score, ../shared is not here');

describe.runIf(existsSync(golden))('rouge beside rouge_score', () => {
  const { cases } = existsSync(golden)
    ? (JSON.parse(readFileSync(golden, 'utf8')) as { cases: Golden[] })
    : { cases: [] };
  const apart = (ours: number, theirs: number) => Math.abs(ours - theirs);

  it.each([
    ['with', stems, 'stemmer'],
    ['without', plain, 'no_stemmer'],
  ] as const)('agrees to 1e-12 in every golden case %s stemmer', (_how, options, field) => {
    expect(cases.length).toBe(73);
    for (const one of cases) {
      if (one.kind === 'corpus_mean_fmeasure') {
        const scores = one.pairs.map(({ target, prediction }) => rouge(target, prediction, options));
        for (const name of rougeNames) {
          const mean = scores.reduce((sum, score) => sum + score[name].f, 0) / scores.length;
          expect(apart(mean, one[field][name]), `${one.id} ${name}`).toBeLessThan(1e-12);
        }
        continue;
      }
      const targets = one.kind === 'pair' ? [one.target] : one.targets;
      const scores = rougeOfBest(targets, one.prediction, options);
      for (const name of rougeNames) {
        const { precision, recall, fmeasure } = one[field][name];
        expect(apart(scores[name].precision, precision), `${one.id} ${name}`).toBeLessThan(1e-12);
        expect(apart(scores[name].recall, recall), `${one.id} ${name}`).toBeLessThan(1e-12);
        expect(apart(scores[name].f, fmeasure), `${one.id} ${name}`).toBeLessThan(1e-12);
      }
    }
  });
});
