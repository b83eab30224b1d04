/** Which blocks a block sees. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseRandomBlocks, fixedBias, randomPlaces } from '../../../architectures/layers/block-lists.js';
import { stream, uniform } from '../../../architectures/random.js';

const drawsOf = (heads: number, rows: number, places: number, seed = 1) => {
  const random = stream(seed, 'draws');
  return {
    values: Array.from({ length: heads * rows * places }, () => uniform(random)),
    heads,
    rows,
    places,
  };
};

/** The blocks that inner block i sees without random ones. */
const fixedBlocks = (i: number, blocks: number) => new Set([0, blocks - 1, i - 1, i, i + 1]);

describe('random blocks', () => {
  it('are distinct, outside of what is seen anyway, and as many as there are left', () => {
    const arbitrary = fc.record({
      blocks: fc.integer({ min: 3, max: 24 }),
      heads: fc.integer({ min: 1, max: 3 }),
      places: fc.integer({ min: 0, max: 8 }),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ blocks, heads, places, seed }) => {
        const { chosen, bias } = chooseRandomBlocks(drawsOf(heads, blocks - 2, places, seed), blocks);
        const perList = randomPlaces(blocks, places);
        expect(chosen).toHaveLength(heads * (blocks - 2) * perList);
        for (let list = 0; list < heads * (blocks - 2); list++) {
          const i = 1 + (list % (blocks - 2));
          const seen = fixedBlocks(i, blocks);
          const open = [...chosen.slice(list * perList, (list + 1) * perList)].filter(
            (_, place) => bias[list * perList + place] === 0,
          );
          expect(new Set(open).size).toBe(open.length);
          expect(open.every((block) => block > 0 && block < blocks && !seen.has(block))).toBe(true);
          expect(open).toHaveLength(Math.min(perList, blocks - seen.size));
        }
      }),
    );
  });

  it('take every block that is left equally often', () => {
    const [blocks, rounds] = [10, 4000];
    const counts = new Map<number, number>();
    for (let seed = 1; seed <= rounds; seed++) {
      const { chosen } = chooseRandomBlocks(drawsOf(1, 8, 2, seed), blocks);
      for (const block of chosen.slice(6, 8)) counts.set(block, (counts.get(block) ?? 0) + 1); // of block 4
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 6, 7, 8]);
    for (const count of counts.values()) expect(Math.abs(count / rounds - 2 / 5)).toBeLessThan(0.035);
  });

  it('differ between heads, and repeat for inputs longer than what was drawn for', () => {
    const { chosen } = chooseRandomBlocks(drawsOf(2, 6, 2), 40);
    expect(chosen.slice(0, 76)).not.toEqual(chosen.slice(76));
    expect(chooseRandomBlocks(drawsOf(2, 6, 2), 40).chosen).toEqual(chosen);
  });
});

it('the window shuts its place where it repeats a global block, and nowhere else', () => {
  for (const blocks of [3, 4, 5, 9]) {
    const bias = fixedBias(blocks);
    for (let i = 1; i <= blocks - 2; i++) {
      const listed = [0, blocks - 1, i - 1, i, i + 1];
      const open = listed.filter((_, place) => bias[(i - 1) * 5 + place] === 0);
      expect(open.sort((a, b) => a - b)).toEqual([...new Set(listed)].sort((a, b) => a - b));
    }
  }
});
