/**
 * The parts of tfjs-node's backend and of its C++ binding that the suite uses; the package's own types cannot be
 * imported without loading its library.
 */
import type { Tensor } from '@tensorflow/tfjs-core';

/** An attribute of a TensorFlow operation. */
interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string | readonly number[];
}

export interface NativeBinding {
  readonly TF_Version: string;
  readonly TF_ATTR_TYPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  isUsingGpuDevice(): boolean;
}

export interface NativeBackend {
  readonly binding: NativeBinding;
  readonly isUsingGpuDevice: boolean;
  /** Runs one TensorFlow operation by its name. */
  executeSingleOutput(name: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): Tensor;
}
