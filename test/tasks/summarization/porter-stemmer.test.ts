import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { porterStem } from '../../../tasks/summarization/porter-stemmer.js';

describe('porterStem', () => {
  test.each([
    ['1a', 'caresses caress', 'ponies poni', 'caress caress', 'cats cat'],
    ['1b', 'feed feed', 'agreed agre', 'plastered plaster', 'bled bled', 'motoring motor', 'sing sing'],
    [
      '1b, restored',
      'sized size',
      'hopping hop',
      'falling fall',
      'hissing hiss',
      'failing fail',
      'filing file',
    ],
    ['1c', 'happy happi', 'sky sky', 'enjoy enjoy'],
    [
      '2',
      'relational relat',
      'conditional condit',
      'rational ration',
      'hopefulness hope',
      'formaliti formal',
    ],
    ['3', 'triplicate triplic', 'formative form', 'electrical electr', 'goodness good'],
    ['4', 'revival reviv', 'adjustment adjust', 'replacement replac', 'adoption adopt', 'bowdlerize bowdler'],
    ['5', 'probate probat', 'rate rate', 'cease ceas', 'controll control', 'roll roll'],
  ])('step %s does what Porter shows', (_step, ...pairs) => {
    for (const [word, stem] of pairs.map((pair) => pair.split(' '))) {
      expect([word, porterStem(word ?? '')]).toEqual([word, stem]);
    }
  });

  it('makes the changes of NLTK: irregular words, short ones, -ies and -ied of four letters, -fulli, -logi', () => {
    const pairs = ['skies sky', 'dying die', 'Proceed proceed', 'is is', 'ties tie', 'flies fli', 'died die'];
    const others = ['spied spi', 'say say', 'joyfully joy', 'geology geolog', 'rationally ration'];
    for (const [word, stem] of [...pairs, ...others].map((pair) => pair.split(' '))) {
      expect([word, porterStem(word ?? '')]).toEqual([word, stem]);
    }
  });

  it('takes any text: never longer than its lower case, which has the same stem from three characters on', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      'L',
      'y',
      'ss',
      'ies',
      'ied',
      'eed',
      'ING',
      'alli',
      '7',
      'é',
      'İ',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const word = parts.join('');
        const lower = word.toLowerCase();
        const stem = porterStem(word);
        expect(stem.length).toBeLessThanOrEqual(lower.length);
        // As in NLTK, two characters as they are written stay as they are; the lower case of İ has one more.
        expect(stem).toBe(Array.from(word).length > 2 ? porterStem(lower) : lower);
      }),
    );
  });
});

const golden = new URL('../../../../shared/golden/metrics/porter.json', import.meta.url);
if (!existsSync(golden)) console.info('skipped: golden stems of NLTK, ../shared is not here');

describe.runIf(existsSync(golden))('porterStem beside NLTK', () => {
  it('gives the same stem in every golden case', () => {
    const { cases } = JSON.parse(readFileSync(golden, 'utf8')) as { cases: { word: string; stem: string }[] };
    expect(cases.length).toBe(635);
    const wrong = cases.filter(({ word, stem }) => porterStem(word) !== stem);
    expect(wrong.map(({ word, stem }) => [word, stem, porterStem(word)])).toEqual([]);
  });
});
