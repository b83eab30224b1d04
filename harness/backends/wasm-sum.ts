/**
 * The sum over leading axes on wasm, such as the gradient of a bias: one pass over the numbers, row by row.
 *
 * The backend's own kernel transposes the whole tensor first. Sums are in double precision, since a float32 sum over
 * many rows loses the small ones.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmBackend } from './wasm-backend.js';

/** The kernel `Sum` for wasm. @param original - the backend's own, for sums over other axes */
export const sumOfRows =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const x = call.inputs['x'];
    const { axis, keepDims } = call.attrs as unknown as tf.SumAttrs;
    if (x?.dtype !== 'float32' || x.shape.includes(0)) return original(call);
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const leading =
      axes.length > 0 && axes.length < x.shape.length && axes.every((each) => each < axes.length);
    if (!leading) return original(call);
    const kept = x.shape.slice(axes.length);
    return addRows(call.backend as WasmBackend, x, keepDims ? [...axes.map(() => 1), ...kept] : kept);
  };

/** @param shape - of the sum: as many numbers as a row has */
function addRows(backend: WasmBackend, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const out = backend.makeOutput(shape, 'float32');
  const values = backend.typedArrayFromHeap(x);
  const columns = tf.util.sizeFromShape([...shape]);
  const sums = new Float64Array(columns);
  for (let start = 0; start < values.length; start += columns) {
    for (let column = 0; column < columns; column++) {
      sums[column] = (sums[column] as number) + (values[start + column] as number);
    }
  }
  backend.typedArrayFromHeap(out).set(sums);
  return out;
}
