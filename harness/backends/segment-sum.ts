/**
 * The kernel `UnsortedSegmentSum` for the backends in JavaScript and wasm: out[s] = sum of x[i] over all i whose
 * segment is s. It is the gradient of `gather`, so embeddings need it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { tensorInput } from './kernel-input.js';

/** `numSegments` sums of `width` numbers each, which start at 0. */
type Sums = Float32Array | Int32Array;

export const segmentSum: KernelFunc = ({ inputs, attrs }) => {
  const x = tensorInput(inputs['x']);
  const segmentIds = tensorInput(inputs['segmentIds']);
  const { numSegments } = attrs as unknown as tf.UnsortedSegmentSumAttrs;
  const rest = x.shape.slice(segmentIds.rank);
  const width = tf.util.sizeFromShape(rest);
  const size = numSegments * width;
  const sums = x.dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
  addRowsTo(sums, segmentIds.dataSync(), x.dataSync(), width);
  return tf.tensor(sums, [numSegments, ...rest], x.dtype);
};

/**
 * Adds each row to the sum of its segment. Rows of segments that there are not are left out, as in TensorFlow.
 *
 * @param segments - one a row
 * @param rows - `width` numbers each
 */
export function addRowsTo(
  sums: Sums,
  segments: ArrayLike<number>,
  rows: ArrayLike<number>,
  width: number,
): void {
  const size = sums.length / width;
  for (let row = 0; row < segments.length; row++) {
    const segment = segments[row] as number;
    if (segment < 0 || segment >= size) continue;
    const [from, to] = [row * width, segment * width];
    for (let i = 0; i < width; i++) sums[to + i] = (sums[to + i] as number) + (rows[from + i] as number);
  }
}
