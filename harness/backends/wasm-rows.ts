/**
 * Rows of a table on wasm: gathered, and added up again in the gradient, in the backend's own memory. Its kernel for the
 * one goes number by number, for the other there is none.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { tensorInput } from './kernel-input.js';
import { addRowsTo, segmentSum } from './segment-sum.js';
import type { WasmBackend } from './wasm-backend.js';

/** The kernel `GatherV2` for wasm. @param original - the backend's own, for other axes, and to refuse indices */
export const gatherRows =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const backend = call.backend as WasmBackend;
    const [x, indices] = [tensorInput(call.inputs['x']), tensorInput(call.inputs['indices'])];
    const { axis, batchDims } = call.attrs as unknown as tf.GatherV2Attrs;
    if (axis !== 0 || batchDims !== 0 || x.dtype !== 'float32' || x.size === 0 || indices.size === 0)
      return original(call);
    const [rows = 0, ...rest] = x.shape;
    const width = tf.util.sizeFromShape(rest);
    const ids = backend.readSync(indices.dataId);
    if (!ids.every((id) => id >= 0 && id < rows)) return original(call);
    const out = backend.makeOutput([...indices.shape, ...rest], 'float32');
    const [source, target] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(out)];
    ids.forEach((id, row) => {
      target.set(source.subarray(id * width, (id + 1) * width), row * width);
    });
    return out;
  };

/** The kernel `UnsortedSegmentSum` for wasm, as `segment-sum.ts` has it. */
export const addRows: KernelFunc = (call) => {
  const backend = call.backend as WasmBackend;
  const [x, segments] = [tensorInput(call.inputs['x']), tensorInput(call.inputs['segmentIds'])];
  const { numSegments } = call.attrs as unknown as tf.UnsortedSegmentSumAttrs;
  const rest = x.shape.slice(segments.rank);
  const width = tf.util.sizeFromShape(rest);
  if (x.dtype !== 'float32' || x.size === 0 || numSegments === 0) return segmentSum(call);
  const ids = backend.readSync(segments.dataId);
  const out = backend.makeOutput([numSegments, ...rest], 'float32');
  const sums = backend.typedArrayFromHeap(out);
  sums.fill(0);
  addRowsTo(sums, ids, backend.typedArrayFromHeap(x), width);
  return out;
};
