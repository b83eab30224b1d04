/** Rows of a table by index, with a gradient that works on every backend. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';
import { toRows } from './rows.js';

/**
 * @param table - [rows, D]
 * @param ids - int32 [B, N], each below the number of rows
 * @returns [B, N, D]
 */
export function embedding(table: Tensor, ids: Tensor2D): Tensor3D {
  const [rows = 0] = table.shape;
  const flat = tf.reshape<tf.Rank.R1>(ids, [-1]);
  return withGradient<Tensor3D>(
    [table],
    () => ({ value: tf.gather(table, ids) as Tensor3D, saved: [flat] }),
    (dy, saved) => {
      const [index] = saved as [tf.Tensor1D];
      return [tf.unsortedSegmentSum(toRows(dy), index, rows)];
    },
  );
}
