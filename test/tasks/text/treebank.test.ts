import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { treebankSentence, treebankWords } from '../../../tasks/text/treebank.js';

describe('treebankSentence', () => {
  it.each([
    ["They don't, can't and won't.", ['They', 'do', "n't", ',', 'ca', "n't", 'and', 'wo', "n't", '.']],
    ['"Yes," she said.', ['``', 'Yes', ',', "''", 'she', 'said', '.']],
    ['It costs $3.88 (3,36 euros).', ['It', 'costs', '$', '3.88', '(', '3,36', 'euros', ')', '.']],
    [
      "I cannot, I'm gonna -- 'tis all",
      ['I', 'can', 'not', ',', 'I', "'m", 'gon', 'na', '--', "'", 'tis', 'all'],
    ],
    ['wait...what?!', ['wait', '...', 'what', '?', '!']],
    ['a naïve café’s owner', ['a', 'naïve', 'café', '’', 's', 'owner']],
  ])('parts %j as NLTK does', (text, tokens) => {
    expect(treebankSentence(text)).toEqual(tokens);
  });

  it('splits the last period only, also before closing quotes and brackets', () => {
    expect(treebankSentence('Mr. X. (He left.)')).toEqual(['Mr.', 'X.', '(', 'He', 'left', '.', ')']);
  });

  it('loses no letter or digit, and takes time in proportion to the length', () => {
    const unit = fc.constantFrom('a', "'", '"', '.', ' ', ',', '-', '(', 'n', 't', 's', '1', '`');
    const kept = (text: string) => text.replace(/[^a-z1]/g, '');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        expect(kept(treebankSentence(text).join(''))).toBe(kept(text));
      }),
    );
    for (const hostile of ['. '.repeat(50_000), `.${' '.repeat(200_000)}x`, `x${".'".repeat(50_000)}y`]) {
      const start = performance.now();
      treebankSentence(hostile);
      expect(performance.now() - start).toBeLessThan(5_000);
    }
  });
});

describe('treebankWords', () => {
  it('ends a sentence where one ends, so that its period is a token', () => {
    expect(treebankWords('A good film. I liked it! So will you.')).toEqual([
      'A',
      'good',
      'film',
      '.',
      'I',
      'liked',
      'it',
      '!',
      'So',
      'will',
      'you',
      '.',
    ]);
  });
});

const golden = new URL('../../../../shared/golden/metrics/tokenize.json', import.meta.url);
if (!existsSync(golden)) console.info('skipped: Treebank tokens of NLTK, ../shared is not here');

describe.runIf(existsSync(golden))('treebankSentence beside NLTK', () => {
  it('gives the tokens of NLTK 3.10 in every golden case', () => {
    const { cases } = JSON.parse(readFileSync(golden, 'utf8')) as {
      cases: { text: string; nltk_word: string[] }[];
    };
    expect(cases.length).toBeGreaterThan(80);
    for (const { text, nltk_word } of cases) expect(treebankSentence(text)).toEqual(nltk_word);
  });
});
