/**
 * The suite's own kernels: operations that TensorFlow.js lacks, under one name on every backend.
 *
 * | kernel | inputs | attributes | output |
 * |---|---|---|---|
 * | `DropoutMask` | seed int32 [1] | shape, rate, stream | float32 of `shape`: 0 with probability `rate`, else 1 / (1 - rate) |
 * | `BiasAdd` | x [rows, D], bias [D] | | [rows, D] |
 * | `BiasAddGrad` | dy [rows, D] | | [D]: the sum over rows |
 *
 * Call them by `tf.engine().runKernel(name, inputs, attributes)`. They have no gradients: use them inside `tf.customGrad`.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { fillDropoutMask } from './dropout-mask.js';
import { tensorInput } from './kernel-input.js';
import type { NativeBackend } from './native-backend.js';
import type { WasmBackend } from './wasm-backend.js';

/** Names under which TensorFlow.js knows its backends; `tensorflow` serves CPU and GPU. */
export type EngineName = 'tensorflow' | 'wasm' | 'cpu';

/** What `DropoutMask` is told; the same seed and stream give the same mask on one backend. */
interface DropoutAttributes {
  readonly shape: readonly number[];
  /** In [0, 1). */
  readonly rate: number;
  /** int32: which of a step's masks this is. */
  readonly stream: number;
}

/** Registers the kernels on one backend. Calling it again changes nothing. */
export function registerKernels(backendName: EngineName): void {
  for (const [kernelName, kernelFunc] of Object.entries(kernels[backendName])) {
    // The registry's type says that a kernel is always found; it is not.
    const known = tf.getKernel(kernelName, backendName) as KernelConfig | undefined;
    if (known === undefined) tf.registerKernel({ kernelName, backendName, kernelFunc });
  }
}

const biasAdd: KernelFunc = ({ inputs }) => tf.add(tensorInput(inputs['x']), tensorInput(inputs['bias']));

/** A product with a row of ones: several times faster than `sum` over the first axis. */
const biasAddGrad: KernelFunc = ({ inputs }) =>
  tf.tidy(() => {
    const dy = tensorInput(inputs['dy']);
    const [rows = 0, columns = 0] = dy.shape;
    return tf.reshape(tf.matMul(tf.ones([1, rows]), tf.reshape(dy, [rows, columns])), [columns]);
  });

const nativeBiasAdd: KernelFunc = ({ inputs, backend }) => {
  const native = backend as NativeBackend;
  return native.executeSingleOutput(
    'BiasAdd',
    [float32Type(native, 'T')],
    [tensorInput(inputs['x']), tensorInput(inputs['bias'])],
  );
};

const nativeBiasAddGrad: KernelFunc = ({ inputs, backend }) => {
  const native = backend as NativeBackend;
  return native.executeSingleOutput('BiasAddGrad', [float32Type(native, 'T')], [tensorInput(inputs['dy'])]);
};

/** Ops only, nothing read back, so that a traced graph draws a new mask whenever its seed changes. */
const nativeDropoutMask: KernelFunc = ({ inputs, attrs, backend }) =>
  tf.tidy(() => {
    const native = backend as NativeBackend;
    const { shape, rate, stream } = attrs as unknown as DropoutAttributes;
    const seed = tf.concat([tensorInput(inputs['seed']), tf.tensor1d([stream], 'int32')]);
    const draws = native.executeSingleOutput(
      'StatelessRandomUniform',
      [float32Type(native, 'dtype'), int32Type(native, 'T'), int32Type(native, 'Tseed')],
      [tf.tensor1d([...shape], 'int32'), seed],
    );
    return tf.mul(tf.cast(tf.greaterEqual(draws, rate), 'float32'), 1 / (1 - rate));
  });

const wasmDropoutMask: KernelFunc = ({ inputs, attrs, backend }) => {
  const wasm = backend as WasmBackend;
  const { shape, rate, stream } = attrs as unknown as DropoutAttributes;
  const [seed = 0] = wasm.readSync(tensorInput(inputs['seed']).dataId);
  const mask = wasm.makeOutput(shape, 'float32');
  fillDropoutMask(wasm.typedArrayFromHeap(mask), rate, seed, stream);
  return mask;
};

/** The part of the cpu backend that is used here. */
interface CpuBackend {
  readSync(dataId: object): Int32Array;
  makeTensorInfo(shape: readonly number[], dtype: 'float32', values: Float32Array): TensorInfo;
}

const cpuDropoutMask: KernelFunc = ({ inputs, attrs, backend }) => {
  const cpu = backend as CpuBackend;
  const { shape, rate, stream } = attrs as unknown as DropoutAttributes;
  const [seed = 0] = cpu.readSync(tensorInput(inputs['seed']).dataId);
  const mask = new Float32Array(tf.util.sizeFromShape([...shape]));
  fillDropoutMask(mask, rate, seed, stream);
  return cpu.makeTensorInfo(shape, 'float32', mask);
};

const kernels: Record<EngineName, Readonly<Record<string, KernelFunc>>> = {
  tensorflow: { DropoutMask: nativeDropoutMask, BiasAdd: nativeBiasAdd, BiasAddGrad: nativeBiasAddGrad },
  wasm: { DropoutMask: wasmDropoutMask, BiasAdd: biasAdd, BiasAddGrad: biasAddGrad },
  cpu: { DropoutMask: cpuDropoutMask, BiasAdd: biasAdd, BiasAddGrad: biasAddGrad },
};

const float32Type = ({ binding }: NativeBackend, name: string) => ({
  name,
  type: binding.TF_ATTR_TYPE,
  value: binding.TF_FLOAT,
});

const int32Type = ({ binding }: NativeBackend, name: string) => ({
  name,
  type: binding.TF_ATTR_TYPE,
  value: binding.TF_INT32,
});
