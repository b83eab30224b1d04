/**
 * Which blocks of keys each block of queries sees (Zaheer et al., Big Bird, arXiv 2007.14062, section 2, "internal
 * transformer construction").
 *
 * The first and the last of n blocks are global: they see all blocks and are seen by all. Every inner block i sees
 *
 *     0, n - 1, i - 1, i, i + 1, and r random blocks of those that are left
 *
 * in places of this order. A block that two places name, such as block 0 for i = 1, is seen once: one place is shut.
 */
import { never } from './masks.js';

/** Places of the global blocks and of the window. */
export const fixedPlaces = 5;

/** From how many blocks on a list leaves a block out; with fewer, every block sees every block. */
export const fewestSparseBlocks = 5;

/** How many random places a list has: no more than there are blocks left for the first inner block, which has most. */
export const randomPlaces = (blocks: number, wanted: number): number =>
  Math.max(0, Math.min(wanted, blocks - 4));

export interface RandomBlocks {
  /** Block numbers, [heads, inner blocks, places]. */
  readonly chosen: Int32Array;
  /** To add to the scores of a place: 0, or far below any score where no block is left for it; as `chosen`. */
  readonly bias: Float32Array;
}

/** Draws in [0, 1), [heads, rows, places]; an inner block i takes row (i - 1) % rows. */
export interface Draws {
  readonly values: ArrayLike<number>;
  readonly heads: number;
  readonly rows: number;
  readonly places: number;
}

/** The random blocks of n blocks: for each head and inner block, distinct and uniform among those left. */
export function chooseRandomBlocks(draws: Draws, blocks: number): RandomBlocks {
  const inner = blocks - 2;
  const places = randomPlaces(blocks, draws.places);
  const chosen = new Int32Array(draws.heads * inner * places);
  const bias = new Float32Array(chosen.length);
  for (let list = 0; list < draws.heads * inner; list++) {
    const block = 1 + (list % inner);
    const row = Math.floor(list / inner) * draws.rows + ((block - 1) % draws.rows);
    const drawn = subset(leftFor(block, blocks), places, (k) => draws.values[row * draws.places + k] ?? 0);
    for (let place = 0; place < places; place++) {
      const found = drawn[place];
      chosen[list * places + place] = found === undefined ? 0 : leftBlock(found, block);
      bias[list * places + place] = found === undefined ? never : 0;
    }
  }
  return { chosen, bias };
}

/** How many inner blocks are outside the window of an inner block. */
const leftFor = (block: number, blocks: number): number =>
  blocks - 2 - (Math.min(blocks - 2, block + 1) - Math.max(1, block - 1) + 1);

/** The inner block of a number among those outside the window of `block`. */
function leftBlock(number: number, block: number): number {
  const windowStart = Math.max(1, block - 1);
  return 1 + number < windowStart ? 1 + number : number + 3 + block - windowStart;
}

/** `count` distinct numbers below `size`, or all of them, every subset as likely (Floyd's algorithm). */
function subset(size: number, count: number, draw: (k: number) => number): number[] {
  const taken: number[] = [];
  for (let last = Math.max(0, size - count); last < size; last++) {
    const number = Math.min(last, Math.floor(draw(taken.length) * (last + 1)));
    taken.push(taken.includes(number) ? last : number);
  }
  return taken;
}

/** To add to the scores of the fixed places, [inner blocks, 5]: shuts what the window repeats of the global blocks. */
export function fixedBias(blocks: number): Float32Array {
  const bias = new Float32Array((blocks - 2) * fixedPlaces);
  bias[2] = never;
  bias[bias.length - 1] = never;
  return bias;
}
