import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lettersOf } from '../../../reports/statistics/index.js';

describe('rank groups as letters', () => {
  const of = (count: number, ...apart: readonly (readonly [number, number])[]) =>
    lettersOf(count, (above, below) => apart.some(([a, b]) => a === above && b === below));

  it('are one group of rows that are not told apart, and as many as rows that all are', () => {
    expect(of(3)).toEqual(['a', 'a', 'a']);
    expect(of(3, [0, 1], [0, 2], [1, 2])).toEqual(['a', 'b', 'c']);
    expect(of(1)).toEqual(['a']);
    expect(of(0)).toEqual([]);
  });

  it('overlap where a row is told apart from neither end', () => {
    expect(of(4, [0, 2], [0, 3], [1, 3])).toEqual(['a', 'ab', 'bc', 'c']);
    // Noise in between: the ends are not told apart, their neighbours are.
    expect(of(4, [0, 2])).toEqual(['a', 'ab', 'b', 'ab']);
  });

  it('share a letter just where two rows are not told apart, without a letter too many', () => {
    const pairs = fc
      .integer({ min: 1, max: 7 })
      .chain((count) =>
        fc.tuple(
          fc.constant(count),
          fc.array(fc.boolean(), { minLength: count ** 2, maxLength: count ** 2 }),
        ),
      );
    fc.assert(
      fc.property(pairs, ([count, apart]) => {
        const isApart = (above: number, below: number) => apart[above * count + below] ?? false;
        const letters = lettersOf(count, isApart);
        for (let above = 0; above < count; above++) {
          expect(letters[above]).not.toBe('');
          for (let below = above + 1; below < count; below++) {
            const shared = Array.from(letters[above] ?? '').some((letter) =>
              letters[below]?.includes(letter),
            );
            expect(shared).toBe(!isApart(above, below));
          }
        }
        const members = [...new Set(letters.join(''))].map((letter) =>
          letters.flatMap((own, row) => (own.includes(letter) ? [row] : [])),
        );
        for (const group of members)
          expect(members.filter((other) => group.every((row) => other.includes(row)))).toEqual([group]);
        expect(letters[0]).toContain('a');
      }),
    );
  });
});
