/**
 * Pooling of overlapping windows of tokens to one vector each, by a weighted sum or a maximum.
 *
 * Window p holds the tokens p * stride to p * stride + kernel - 1, for every p * stride below N; the last ones are cut
 * short by the end. The j-th tokens of all windows are one slice of the sequence seen as a grid of [N / stride, stride],
 * so no token is gathered.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';
import { never } from './masks.js';
import { keysOf } from './windows.js';

export interface Grid {
  /** N */
  readonly length: number;
  /** P: number of windows. */
  readonly windows: number;
  readonly kernel: number;
  readonly stride: number;
}

/** @param kernel - at least `stride`: no token is left out */
export const gridOf = (length: number, kernel: number, stride: number): Grid => ({
  length,
  kernel,
  stride,
  windows: keysOf(length, stride),
});

/** The j-th token of every window, for each j below `kernel`, zeros beyond the end: [B, N, D] -> [B, P, D] each. */
export function windowTokens(x: Tensor3D, grid: Grid): Tensor3D[] {
  const [batch, length, size] = x.shape;
  const { windows, kernel, stride } = grid;
  const rows = rowsOf(grid);
  const padded = tf.pad(x, [
    [0, 0],
    [0, rows * stride - length],
    [0, 0],
  ]);
  const cells = tf.reshape(padded, [batch, rows, stride, size]);
  return Array.from({ length: kernel }, (_, j) => {
    const begin = [0, Math.floor(j / stride), j % stride, 0];
    return tf.reshape(tf.slice(cells, begin, [batch, windows, 1, size]), [batch, windows, size]);
  });
}

/** The adjoint of `windowTokens`: every token gets the sum of its places in windows. */
function addWindowTokens(parts: readonly Tensor3D[], grid: Grid): Tensor3D {
  const { length, windows, stride } = grid;
  const [batch, , size] = parts[0]?.shape ?? [0, 0, 0];
  const rows = rowsOf(grid);
  const columns = Array.from({ length: stride }, (_, column) => {
    const placed = parts.flatMap((part, j) => {
      const above = Math.floor(j / stride);
      return j % stride === column
        ? [
            tf.pad(part, [
              [0, 0],
              [above, rows - windows - above],
              [0, 0],
            ]),
          ]
        : [];
    });
    return tf.reshape(tf.addN(placed), [batch, rows, 1, size]);
  });
  const flat = tf.reshape<tf.Rank.R3>(tf.concat(columns, 2), [batch, rows * stride, size]);
  return tf.slice(flat, [0, 0, 0], [-1, length, -1]);
}

/** Rows of the grid that hold all tokens of all windows. */
const rowsOf = ({ windows, kernel, stride }: Grid): number => windows - 1 + Math.ceil(kernel / stride);

/** 1 where a token of a window is real, else 0: [B, P, kernel]. */
export function windowMask(mask: Tensor2D, grid: Grid): Tensor3D {
  return tf.concat(windowTokens(tf.reshape(mask, [...mask.shape, 1]), grid), 2);
}

/**
 * y_p = sum_j weights_pj x_(p * stride + j)
 *
 * @param x - [B, N, D]
 * @param weights - [B, P, kernel]
 * @returns [B, P, D]
 */
export function weightedPooling(x: Tensor3D, weights: Tensor3D, grid: Grid): Tensor3D {
  return withGradient<Tensor3D>(
    [x, weights],
    () => {
      const columns = tf.split<Tensor3D>(weights, grid.kernel, 2);
      const terms = windowTokens(x, grid).map((tokens, j) => tf.mul<Tensor3D>(tokens, columns[j] as Tensor));
      return { value: tf.addN(terms), saved: [x, weights] };
    },
    (dy, saved) => {
      const [tokens, kept] = saved as [Tensor3D, Tensor3D];
      const columns = tf.split<Tensor3D>(kept, grid.kernel, 2);
      const dx = columns.map((column) => tf.mul<Tensor3D>(dy, column));
      const dWeights = windowTokens(tokens, grid).map((each) => tf.sum<Tensor3D>(tf.mul(each, dy), 2, true));
      return [addWindowTokens(dx, grid), tf.concat(dWeights, 2)];
    },
  );
}

/**
 * y_p = the maximum of each feature over the real tokens of window p, 0 without one. The gradient goes to the first token
 * that has it.
 *
 * @param x - [B, N, D]
 * @param real - `windowMask`
 * @returns [B, P, D]
 */
export function maxPooling(x: Tensor3D, real: Tensor3D, grid: Grid): Tensor3D {
  return withGradient<Tensor3D>(
    [x],
    () => {
      const most = candidates(x, real, grid).reduce((a, b) => tf.maximum<Tensor3D>(a, b));
      return { value: tf.mul<Tensor3D>(most, tf.max(real, 2, true)), saved: [x, real, most] };
    },
    (dy, saved) => {
      const [tokens, kept, most] = saved as [Tensor3D, Tensor3D, Tensor3D];
      let left = tf.mul<Tensor3D>(dy, tf.max(kept, 2, true));
      const dx = candidates(tokens, kept, grid).map((each) => {
        const taken = tf.mul<Tensor3D>(left, tf.cast(tf.equal(each, most), 'float32'));
        left = tf.sub(left, taken);
        return taken;
      });
      return [addWindowTokens(dx, grid)];
    },
  );
}

/** The tokens of every window, those that are not real far below all others: [B, P, D] each. */
function candidates(x: Tensor3D, real: Tensor3D, grid: Grid): Tensor3D[] {
  const closed = tf.split<Tensor3D>(tf.mul(tf.sub(1, real), never), grid.kernel, 2);
  return windowTokens(x, grid).map((each, j) => tf.add(each, closed[j] as Tensor));
}
