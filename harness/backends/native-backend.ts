/**
 * The parts of tfjs-node's backend and of its C++ binding that the suite uses; the package's own types cannot be
 * imported without loading its library.
 */
import type { DataType, Tensor } from '@tensorflow/tfjs-core';

/** An attribute of a TensorFlow operation. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string | readonly number[] | readonly boolean[];
}

/** What a tensor of the library is: its number, shape and type, by TensorFlow's own numbers of types. */
export interface NativeTensor {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The numbers of a tensor as the binding takes and gives them; bytes or text a string. */
export type HostValues =
  | Float32Array
  | Int32Array
  | Uint8Array
  | BigInt64Array
  | readonly (string | Uint8Array)[];

export interface NativeBinding {
  /** While a graph is recorded: operations that only a graph takes. */
  readonly graphOnly?: ReadonlySet<string>;
  readonly TF_Version: string;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  isUsingGpuDevice(): boolean;
  createTensor(shape: readonly number[], dtype: number, values: HostValues): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): HostValues;
  executeOp(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): NativeTensor[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  /** @param feeds and fetches - names of operations, joined by commas */
  runSavedModel(session: number, inputs: readonly number[], feeds: string, fetches: string): NativeTensor[];
}

export interface NativeBackend {
  /** Every operation goes through it; replaced while a step is recorded. */
  binding: NativeBinding;
  readonly isUsingGpuDevice: boolean;
  /** What TensorFlow.js's tensors are in the library; `id` is -1 until their values were handed over. */
  readonly tensorMap: { get(dataId: object): { id: number } };
  /** Runs one TensorFlow operation by its name. */
  executeSingleOutput(name: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): Tensor;
  /** The library's numbers of tensors; values that were not handed over yet are handed over. */
  getInputTensorIds(tensors: readonly Tensor[]): number[];
  /** Makes a tensor of the library one of TensorFlow.js. */
  createOutputTensor(tensor: NativeTensor): Tensor;
  getDTypeInteger(dtype: DataType): number;
}
