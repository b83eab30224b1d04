import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hasTokens,
  lowerCaseWordPunctuation,
  normalise,
  wordPunctuation,
} from '../../../tasks/text/tokenize.js';

describe('wordPunctuation', () => {
  it('parts words from runs of punctuation and keeps case', () => {
    expect(wordPunctuation("Can't stop -- $3.88!?")).toEqual([
      'Can',
      "'",
      't',
      'stop',
      '--',
      '$',
      '3',
      '.',
      '88',
      '!?',
    ]);
  });

  it('takes letters and digits of every script for word characters, as Python does', () => {
    expect(wordPunctuation('naïve_Ωmega 東京、٣')).toEqual(['naïve_Ωmega', '東京', '、', '٣']);
  });

  it('splits at the white space of Python: no-break space and the separators 1c to 1f', () => {
    expect(wordPunctuation('a\u00a0b\x1cc\u3000d')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('gives no token for white space only', () => {
    expect(wordPunctuation(' \t\n\u2003')).toEqual([]);
  });

  it('loses nothing but white space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const kept = wordPunctuation(text).join('');
        expect(kept).toBe(
          text.replace(/[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g, ''),
        );
      }),
    );
  });
});

const golden = new URL('../../../../shared/golden/metrics/tokenize.json', import.meta.url);
if (!existsSync(golden)) console.info('skipped: golden tokens of NLTK, ../shared is not here');

describe.runIf(existsSync(golden))('wordPunctuation beside NLTK', () => {
  it('gives the tokens of wordpunct_tokenize in every golden case', () => {
    const { cases } = JSON.parse(readFileSync(golden, 'utf8')) as {
      cases: { text: string; wordpunct: string[] }[];
    };
    expect(cases.length).toBeGreaterThan(80);
    for (const { text, wordpunct } of cases) expect(wordPunctuation(text)).toEqual(wordpunct);
  });
});

describe('lowerCaseWordPunctuation', () => {
  it('is word punctuation in lower case', () => {
    expect(lowerCaseWordPunctuation('GOOD Film.')).toEqual(['good', 'film', '.']);
  });
});

describe('normalise', () => {
  it('makes texts equal that differ in case and white space only', () => {
    expect(normalise('  A\n\nfilm\u00a0I\tSaw ')).toBe('a film i saw');
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(normalise(normalise(text))).toBe(normalise(text));
      }),
    );
  });
});

describe('hasTokens', () => {
  it('is true exactly when the tokenizer finds one', () => {
    const unit = fc.constantFrom(' ', '\n', '\u00a0', '\x1d', '\ufeff', 'a', '.', 'é');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 4 }), (text) => {
        expect(hasTokens(text)).toBe(wordPunctuation(text).length > 0);
      }),
    );
  });
});
