/**
 * Which keys each token attends to in a sliding window, laid out as blocks, and the cutting of sequences in such blocks.
 *
 * Consecutive queries share most of their keys. So a block of queries is given all keys that any of them sees, and a
 * band of allowed pairs, one for all blocks, says who sees whom: N x (window + block) scores in large products.
 *
 *     keys of block b:   [ before | own | after ]      own keys begin where the block's queries begin
 *
 * A key stands for the tokens j * stride to j * stride + kernel - 1 (kernel = stride = 1: the tokens themselves). Query
 * i sees it when one of them is within `reach` of i.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { never } from './masks.js';

export interface Window {
  /** Tokens seen on each side. */
  readonly reach: number;
  /** Tokens that one key stands for. */
  readonly kernel: number;
  /** Tokens from one key to the next; at most `kernel`. */
  readonly stride: number;
}

/** How one sequence is laid out; all in numbers of tokens or keys. */
export interface Blocks {
  readonly count: number;
  /** Queries of a block. */
  readonly queries: number;
  /** Keys that begin at a block's queries. */
  readonly own: number;
  /** Keys before and after its own. */
  readonly before: number;
  readonly after: number;
}

/** Queries of a block: half the reach wastes few scores, and a product of fewer rows than 16 wastes time. */
const smallestBlock = 16;
const largestBlock = 256;

/** The keys of `length` tokens: one begins at every multiple of the stride, and the last ones may be short. */
export const keysOf = (length: number, stride: number): number => Math.ceil(length / stride);

export function layOut(length: number, window: Window): Blocks {
  const { reach, kernel, stride } = window;
  const wanted = Math.min(largestBlock, Math.max(smallestBlock, Math.floor(reach / 2)));
  const queries = Math.ceil(wanted / stride) * stride;
  if (queries >= length)
    return { count: 1, queries: length, own: keysOf(length, stride), before: 0, after: 0 };
  const [count, own] = [Math.ceil(length / queries), queries / stride];
  const others = (count - 1) * own;
  return {
    count,
    queries,
    own,
    before: Math.min(others, Math.floor((reach + kernel - 1) / stride)),
    after: Math.min(others, Math.floor((queries - 1 + reach) / stride) + 1 - own),
  };
}

/** Keys that a block has at hand. */
export const keysAtHand = ({ before, own, after }: Blocks): number => before + own + after;

/**
 * 0 where a query of a block sees a key, else -1e30: [1, queries, keys at hand + shared].
 *
 * @param shared - further keys, behind the others, that every query sees
 */
export function bandOf(blocks: Blocks, { reach, kernel, stride }: Window, shared: number): Tensor3D {
  const [keys, width] = [keysAtHand(blocks), keysAtHand(blocks) + shared];
  const values = new Float32Array(blocks.queries * width).fill(never);
  for (let query = 0; query < blocks.queries; query++) {
    const first = Math.ceil((query - reach - kernel + 1) / stride) + blocks.before;
    const last = Math.floor((query + reach) / stride) + blocks.before;
    const row = query * width;
    values.fill(0, row + Math.max(0, first), row + Math.min(keys, last + 1));
    values.fill(0, row + keys, row + width);
  }
  return tf.tensor3d(values, [1, blocks.queries, width]);
}

/** The part of each block's window that lies in the block `offset` further on: keys `from` to `to` - 1 of that block. */
interface Piece {
  readonly offset: number;
  readonly from: number;
  readonly to: number;
}

function piecesOf({ own, before, after }: Blocks): Piece[] {
  const [first, last] = [-Math.ceil(before / own), Math.ceil(after / own)];
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const offset = first + i;
    return {
      offset,
      from: Math.max(0, -before - offset * own),
      to: Math.min(own, own + after - offset * own),
    };
  });
}

/**
 * The keys at hand of each block, zeros beyond either end.
 *
 * @param x - [rows, keys, d]
 * @returns [rows * count, before + own + after, d]
 */
export function cutWindows(x: Tensor3D, blocks: Blocks): Tensor3D {
  const [rows, , size] = x.shape;
  const { count, own } = blocks;
  const pieces = piecesOf(blocks);
  const [first, last] = [pieces[0]?.offset ?? 0, pieces[pieces.length - 1]?.offset ?? 0];
  const grid = toGrid(x, count + last, own, -first);
  const parts = pieces.map(({ offset, from, to }) =>
    tf.slice(grid, [0, offset - first, from, 0], [rows, count, to - from, size]),
  );
  const windows = parts.length === 1 ? grid : tf.concat(parts, 2);
  return tf.reshape(windows, [rows * count, keysAtHand(blocks), size]);
}

/**
 * The adjoint of `cutWindows`: every key gets the sum of what its copies hold.
 *
 * @param windows - [rows * count, before + own + after, d]
 * @returns [rows, keys, d]
 */
export function addWindows(windows: Tensor3D, blocks: Blocks, keys: number): Tensor3D {
  const size = windows.shape[2];
  const { count, own, before } = blocks;
  const rows = windows.shape[0] / count;
  const split = tf.reshape(windows, [rows, count, keysAtHand(blocks), size]);
  const pieces = piecesOf(blocks);
  const [first, last] = [pieces[0]?.offset ?? 0, pieces[pieces.length - 1]?.offset ?? 0];
  const grids = pieces.map(({ offset, from, to }) => {
    const start = offset * own + from + before;
    const part = tf.slice(split, [0, 0, start, 0], [rows, count, to - from, size]);
    const place: [number, number] = [offset - first, last - offset];
    return tf.pad(part, [[0, 0], place, [from, own - to], [0, 0]]);
  });
  const grid: Tensor = grids.length === 1 ? split : tf.addN(grids);
  const flat = tf.reshape<tf.Rank.R3>(grid, [rows, (count + last - first) * own, size]);
  return tf.slice(flat, [0, -first * own, 0], [rows, keys, size]);
}

/** [rows, keys, d] -> [rows, skipped + filled, own, d]: `skipped` blocks of zeros, then the keys, then zeros to the end. */
function toGrid(x: Tensor3D, filled: number, own: number, skipped: number): Tensor4D {
  const [rows, keys, size] = x.shape;
  const behind = filled * own - keys;
  const padded =
    skipped + behind === 0
      ? x
      : tf.pad(x, [
          [0, 0],
          [skipped * own, behind],
          [0, 0],
        ]);
  return tf.reshape(padded, [rows, skipped + filled, own, size]);
}
