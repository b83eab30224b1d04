import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonLength, commonPositions } from '../../../tasks/summarization/common-subsequence.js';

const codes = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));
const positions = (a: string, b: string) => commonPositions(codes(a), codes(b));

/** By trying every subset of `a`. */
function longestByTrial(a: readonly number[], b: readonly number[]): number {
  let longest = 0;
  for (let subset = 0; subset < 2 ** a.length; subset++) {
    const chosen = a.filter((_, i) => (subset >> i) & 1);
    let at = 0;
    for (const item of b) if (item === chosen[at]) at += 1;
    if (at === chosen.length) longest = Math.max(longest, at);
  }
  return longest;
}

describe('longest common subsequences', () => {
  it('have the length that trying every subset finds, and positions that spell a subsequence of both', () => {
    const sequence = fc.array(fc.nat(3), { maxLength: 8 });
    fc.assert(
      fc.property(sequence, sequence, (a, b) => {
        const length = commonLength(a, b);
        expect(length).toBe(longestByTrial(a, b));
        expect(commonLength(b, a)).toBe(length);
        const found = commonPositions(a, b);
        expect(found).toHaveLength(length);
        expect(found).toEqual([...new Set(found)].toSorted((x, y) => x - y));
        expect(
          commonLength(
            found.map((i) => a[i] as number),
            b,
          ),
        ).toBe(length);
      }),
    );
  });

  it('keep the earlier part of the target where two are as long', () => {
    // "a" and "b" are both longest; a tie drops the last token of the first sequence.
    expect(positions('ab', 'ba')).toEqual([0]);
    expect(positions('ba', 'ab')).toEqual([0]);
    expect(positions('abcd', 'cdab')).toEqual([0, 1]);
  });

  it('are empty when either side is', () => {
    expect(positions('', 'a')).toEqual([]);
    expect(positions('a', '')).toEqual([]);
    expect(commonLength([], [])).toBe(0);
  });
});
