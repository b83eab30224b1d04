/**
 * The kernel `UnsortedSegmentSum` for the backends in JavaScript and wasm: out[s] = sum of x[i] over all i whose
 * segment is s. It is the gradient of `gather`, so embeddings need it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { tensorInput } from './kernel-input.js';

/** Rows of segments outside 0 .. numSegments - 1 are left out, as in TensorFlow. */
export const segmentSum: KernelFunc = ({ inputs, attrs }) => {
  const x = tensorInput(inputs['x']);
  const segmentIds = tensorInput(inputs['segmentIds']);
  const { numSegments } = attrs as unknown as tf.UnsortedSegmentSumAttrs;
  const rest = x.shape.slice(segmentIds.rank);
  const width = tf.util.sizeFromShape(rest);
  const size = numSegments * width;
  const sums = x.dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
  const values = x.dataSync();
  segmentIds.dataSync().forEach((segment: number, row: number) => {
    if (segment < 0 || segment >= numSegments) return;
    const [from, to] = [row * width, segment * width];
    for (let i = 0; i < width; i++) sums[to + i] = (sums[to + i] as number) + (values[from + i] as number);
  });
  return tf.tensor(sums, [numSegments, ...rest], x.dtype);
};
