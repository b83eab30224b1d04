/**
 * The suite's own kernels: operations that TensorFlow.js lacks, under one name on every backend.
 *
 * | kernel | inputs | attributes | output |
 * |---|---|---|---|
 * | `DropoutMask` | seed int32 [1] | shape, rate, stream | float32 of `shape`: 0 with probability `rate`, else 1 / (1 - rate) |
 * | `NormalDraw` | seed int32 [1] | shape, stream | float32 of `shape`: draws from N(0, 1) |
 * | `BiasAdd` | x [rows, D], bias [D] | | [rows, D] |
 * | `BiasAddGrad` | dy [rows, D] | | [D]: the sum over rows |
 * | `AdamUpdate` | see `adam-update.ts` | beta1, beta2 | parameter and moments after a step of Adam |
 *
 * Call them by `tf.engine().runKernel(name, inputs, attributes)`. They have no gradients: use them inside `tf.customGrad`.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelConfig, KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { adamUpdateName, composedAdamUpdate, nativeAdamUpdate } from './adam-update.js';
import { fillDropoutMask } from './dropout-mask.js';
import { tensorInput } from './kernel-input.js';
import { fillNormals } from './normal-draw.js';
import type { NativeBackend } from './native-backend.js';
import type { WasmBackend } from './wasm-backend.js';

/** Names under which TensorFlow.js knows its backends; `tensorflow` serves CPU and GPU. */
export type EngineName = 'tensorflow' | 'wasm' | 'cpu';

/** What a draw is told; the same seed and stream give the same numbers on one backend. */
interface DrawAttributes {
  readonly shape: readonly number[];
  /** int32: which of a step's draws this is. */
  readonly stream: number;
}

interface DropoutAttributes extends DrawAttributes {
  /** In [0, 1). */
  readonly rate: number;
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

/** A product with a row of ones: several times faster on cpu than `sum` over the first axis. */
const cpuBiasAddGrad: KernelFunc = ({ inputs }) =>
  tf.tidy(() => {
    const dy = tensorInput(inputs['dy']);
    const [rows = 0, columns = 0] = dy.shape;
    return tf.reshape(tf.matMul(tf.ones([1, rows]), tf.reshape(dy, [rows, columns])), [columns]);
  });

/** One pass over the rows (`wasm-sum.ts`). */
const wasmBiasAddGrad: KernelFunc = ({ inputs }) => tf.sum(tensorInput(inputs['dy']), 0);

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

/** Ops only, nothing read back, so that a traced graph draws anew whenever its seed changes. */
const nativeDraw = (
  native: NativeBackend,
  distribution: 'Uniform' | 'Normal',
  seed: Tensor,
  { shape, stream }: DrawAttributes,
): Tensor =>
  native.executeSingleOutput(
    `StatelessRandom${distribution}`,
    [float32Type(native, 'dtype'), int32Type(native, 'T'), int32Type(native, 'Tseed')],
    [tf.tensor1d([...shape], 'int32'), tf.concat([seed, tf.tensor1d([stream], 'int32')])],
  );

const nativeDropoutMask: KernelFunc = ({ inputs, attrs, backend }) =>
  tf.tidy(() => {
    const attributes = attrs as unknown as DropoutAttributes;
    const draws = nativeDraw(backend as NativeBackend, 'Uniform', tensorInput(inputs['seed']), attributes);
    const { rate } = attributes;
    return tf.mul(tf.cast(tf.greaterEqual(draws, rate), 'float32'), 1 / (1 - rate));
  });

const nativeNormalDraw: KernelFunc = ({ inputs, attrs, backend }) =>
  tf.tidy(() =>
    nativeDraw(
      backend as NativeBackend,
      'Normal',
      tensorInput(inputs['seed']),
      attrs as unknown as DrawAttributes,
    ),
  );

/** Writes the numbers of one draw. */
type Fill<Attributes> = (values: Float32Array, seed: number, attributes: Attributes) => void;

const fillMask: Fill<DropoutAttributes> = (values, seed, { rate, stream }) => {
  fillDropoutMask(values, rate, seed, stream);
};

const fillDraws: Fill<DrawAttributes> = (values, seed, { stream }) => {
  fillNormals(values, seed, stream);
};

const wasmDraw =
  <Attributes extends DrawAttributes>(fill: Fill<Attributes>): KernelFunc =>
  ({ inputs, attrs, backend }) => {
    const wasm = backend as WasmBackend;
    const attributes = attrs as unknown as Attributes;
    const [seed = 0] = wasm.readSync(tensorInput(inputs['seed']).dataId);
    const drawn = wasm.makeOutput(attributes.shape, 'float32');
    fill(wasm.typedArrayFromHeap(drawn), seed, attributes);
    return drawn;
  };

/** The part of the cpu backend that is used here. */
interface CpuBackend {
  readSync(dataId: object): Int32Array;
  makeTensorInfo(shape: readonly number[], dtype: 'float32', values: Float32Array): TensorInfo;
}

const cpuDraw =
  <Attributes extends DrawAttributes>(fill: Fill<Attributes>): KernelFunc =>
  ({ inputs, attrs, backend }) => {
    const cpu = backend as CpuBackend;
    const attributes = attrs as unknown as Attributes;
    const [seed = 0] = cpu.readSync(tensorInput(inputs['seed']).dataId);
    const drawn = new Float32Array(tf.util.sizeFromShape([...attributes.shape]));
    fill(drawn, seed, attributes);
    return cpu.makeTensorInfo(attributes.shape, 'float32', drawn);
  };

const kernels: Record<EngineName, Readonly<Record<string, KernelFunc>>> = {
  tensorflow: {
    DropoutMask: nativeDropoutMask,
    NormalDraw: nativeNormalDraw,
    BiasAdd: nativeBiasAdd,
    BiasAddGrad: nativeBiasAddGrad,
    [adamUpdateName]: nativeAdamUpdate,
  },
  wasm: {
    DropoutMask: wasmDraw(fillMask),
    NormalDraw: wasmDraw(fillDraws),
    BiasAdd: biasAdd,
    BiasAddGrad: wasmBiasAddGrad,
    [adamUpdateName]: composedAdamUpdate,
  },
  cpu: {
    DropoutMask: cpuDraw(fillMask),
    NormalDraw: cpuDraw(fillDraws),
    BiasAdd: biasAdd,
    BiasAddGrad: cpuBiasAddGrad,
    [adamUpdateName]: composedAdamUpdate,
  },
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
