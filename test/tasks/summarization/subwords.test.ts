/** Subwords: every text comes back, the same texts give the same vocabulary, and Hugging Face reads the same ids. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSubwords, firstByteId, learnSubwords } from '../../../tasks/summarization/subwords.js';
import { tokenizerFile } from '../../../tasks/summarization/tokenizer-file.js';
import { idsByHuggingFace } from '../../support/hugging-face.js';

const texts = [
  "The cat sat on the mat; the cat's hat was on the cat.",
  'A lower lowest lowering of newer newest widest: 12 34 1234, naïve café — “quoted”.',
  '猫はマットの上に座った。 Ünïcödé 🙂🙂 & <tags>',
  'low low low lower lower newest newest newest newest widest widest',
];
const learned = learnSubwords(texts, 360);

/** Lone halves of surrogates are no text: UTF-8 cannot write them. */
const anyText = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .filter((text) => text === Buffer.from(text).toString());
const texty = fc.oneof(anyText, fc.constantFrom(...texts), fc.stringMatching(/^[a-z 0-9.,'!\t\n-]{0,60}$/));

describe('subwords', () => {
  test('a text in lower case comes back but for white space at its ends', () => {
    fc.assert(
      fc.property(texty, (text) => {
        const lines = (each: string) =>
          each
            .split('\n')
            .map((line) => line.trim())
            .join('\n')
            .trim();
        expect(lines(learned.decode(learned.encode(text)))).toBe(lines(text.toLowerCase()));
      }),
      { numRuns: 500 },
    );
  });

  test('the pair that comes most often is joined first, of equal ones the one with the smaller ids', () => {
    const byte = (letter: string) => firstByteId + letter.charCodeAt(0);
    const { merges } = learnSubwords(['ab ab ab cd cd'], 262);
    // ' a' comes three times, as 'ab' does: the blank's byte is the smaller one.
    expect(merges).toEqual([
      [byte(' '), byte('a')],
      [firstByteId + 256, byte('b')],
    ]);
  });

  test('equal to counting all pairs anew after each one', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[abc]{1,8}$/), { minLength: 1, maxLength: 12 }), (words) => {
        const text = words.join(' ');
        expect(learnSubwords([text], 290).merges).toEqual(plainMerges(words, 30));
      }),
      { numRuns: 200 },
    );
  });

  test('the same texts give the same vocabulary, no larger than asked for', () => {
    expect(learnSubwords(texts, 360).merges).toEqual(learned.merges);
    expect(learned.size).toBeLessThanOrEqual(360);
    expect(learned.size).toBeGreaterThan(280);
  });

  test('Hugging Face’s library reads the file and gives the same ids', () => {
    const file = JSON.parse(JSON.stringify(tokenizerFile(learned))) as object;
    const theirs = idsByHuggingFace(file);
    fc.assert(
      fc.property(texty, (text) => {
        expect(theirs(text)).toEqual(learned.encode(text));
      }),
      { numRuns: 500 },
    );
  });

  test('half a character decodes to the sign for what is no text, and special ids to nothing', () => {
    const [, first = 0] = createSubwords([]).encode('é');
    expect(createSubwords([]).decode([1, first, 2])).toBe('\ufffd');
  });
});

/** By the definition: count all pairs of all words, join the best, again. */
function plainMerges(words: readonly string[], most: number): [number, number][] {
  let ids = words.map((word) => Array.from(Buffer.from(` ${word}`), (byte) => firstByteId + byte));
  const merges: [number, number][] = [];
  while (merges.length < most) {
    const counts = new Map<string, number>();
    for (const word of ids)
      for (let i = 1; i < word.length; i++) {
        const key = `${String(word[i - 1])},${String(word[i])}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    const [best] = [...counts]
      .map(([key, count]) => ({ pair: key.split(',').map(Number) as [number, number], count }))
      .toSorted((a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1]);
    if (best === undefined || best.count < 2) break;
    const joined = firstByteId + 256 + merges.length;
    ids = ids.map((word) => join(word, best.pair, joined));
    merges.push(best.pair);
  }
  return merges;
}

function join(
  [first, second, ...rest]: readonly number[],
  pair: readonly number[],
  joined: number,
): number[] {
  if (first === undefined) return [];
  if (first === pair[0] && second === pair[1]) return [joined, ...join(rest, pair, joined)];
  return [first, ...join(second === undefined ? [] : [second, ...rest], pair, joined)];
}
