/** The part of TensorFlow.js's wasm backend that the suite's kernels use. */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

export interface WasmBackend {
  /** A copy of a tensor's numbers, or of those from `start` to `end`. */
  readSync(dataId: object, start?: number, end?: number): Float32Array | Int32Array | Uint8Array;
  /** Allocates. The heap may move: views made before are then empty. */
  makeOutput(shape: readonly number[], dtype: DataType): TensorInfo;
  /** A view of a tensor's numbers, good until the next allocation. */
  typedArrayFromHeap(info: TensorInfo): Float32Array;
  /** One more tensor has these numbers. */
  incRef(dataId: object): void;
  disposeData(dataId: object): boolean;
}
