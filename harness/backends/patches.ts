/**
 * Repairs of TensorFlow.js 4.22: wrong gradients, wrong products, a missing kernel, and kernels so slow that training
 * is out of reach.
 *
 * Each patch replaces entries of the registry of kernels or gradients. Which ones are on is written in every record.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, KernelConfig, KernelFunc, Tensor } from '@tensorflow/tfjs-core';
import { tensorInput } from './kernel-input.js';
import type { EngineName } from './kernels.js';
import { gatherUnread } from './native-gather.js';
import { segmentSum } from './segment-sum.js';
import type { WasmBackend } from './wasm-backend.js';
import { fastBatchMatMul, fusedMatMul } from './wasm-matmul.js';
import { addRows, gatherRows } from './wasm-rows.js';
import { sumOfRows } from './wasm-sum.js';

export interface Patch {
  /** What records and `doctor` call it. */
  readonly name: string;
  /** What happens without it. */
  readonly defect: string;
  readonly backends: readonly EngineName[];
  apply(backendName: EngineName): void;
}

const everywhere: readonly EngineName[] = ['tensorflow', 'wasm', 'cpu'];

export const patches: readonly Patch[] = [
  {
    name: 'cumsum-gradient',
    defect:
      'the gradient of cumsum along any axis but the last is transposed: a wrong shape or wrong numbers',
    backends: everywhere,
    apply: () => {
      replaceGradient(cumsumGradient);
    },
  },
  {
    name: 'squared-difference-gradient',
    defect:
      'the gradient of squaredDifference has the broadcast shape instead of its input’s, and is refused',
    backends: everywhere,
    apply: () => {
      replaceGradient(squaredDifferenceGradient);
    },
  },
  {
    name: 'cumsum-axis',
    defect: 'cumsum along a negative axis gives a shape with holes on cpu and damages memory on wasm',
    backends: ['wasm', 'cpu'],
    apply: (backendName) => {
      replaceKernel('Cumsum', backendName, cumsumAlongAnyAxis);
    },
  },
  {
    name: 'matmul-gradient',
    defect: 'the gradient of a product has the broadcast shape instead of its factor’s, and is refused',
    backends: everywhere,
    apply: () => {
      replaceGradient(matMulGradient);
    },
  },
  {
    name: 'unsorted-segment-sum',
    defect:
      'gather and embeddings cannot train: wasm has no kernel, cpu goes through all data once per segment',
    backends: ['wasm', 'cpu'],
    apply: (backendName) => {
      replaceKernel('UnsortedSegmentSum', backendName, () => (backendName === 'wasm' ? addRows : segmentSum));
    },
  },
  {
    name: 'gather',
    defect: 'gather on the native backend reads its indices back, so that no step with it can be one graph',
    backends: ['tensorflow'],
    apply: (backendName) => {
      replaceKernel('GatherV2', backendName, () => gatherUnread);
    },
  },
  {
    name: 'gather-rows',
    defect: 'gather on wasm goes number by number: ten times slower than copies of whole rows',
    backends: ['wasm'],
    apply: (backendName) => {
      replaceKernel('GatherV2', backendName, gatherRows);
    },
  },
  {
    name: 'matmul',
    defect:
      'products on wasm of transposed or batched factors are 5 to 20 times too slow, and reshaped factors wrong',
    backends: ['wasm'],
    apply: (backendName) => {
      replaceKernel('BatchMatMul', backendName, fastBatchMatMul);
      replaceKernel('_FusedMatMul', backendName, () => fusedMatMul);
    },
  },
  {
    name: 'slice',
    defect: 'a slice on wasm copies the whole tensor first',
    backends: ['wasm'],
    apply: (backendName) => {
      replaceKernel('Slice', backendName, shortSlice);
    },
  },
  {
    name: 'identity',
    defect: 'a clone on wasm copies all numbers, and every step of a gradient clones',
    backends: ['wasm'],
    apply: (backendName) => {
      replaceKernel('Identity', backendName, sharedNumbers);
    },
  },
  {
    name: 'sum-of-rows',
    defect: 'a sum over the leading axes on wasm transposes first: 40 times slower than a product with ones',
    backends: ['wasm'],
    apply: (backendName) => {
      replaceKernel('Sum', backendName, sumOfRows);
    },
  },
];

/**
 * Applies what the backend needs; the backend's kernels and the core's gradients must be loaded. Applying twice is the
 * same as once.
 *
 * @returns the names of the patches that are on
 */
export function applyPatches(backendName: EngineName): string[] {
  const wanted = patches.filter((patch) => patch.backends.includes(backendName));
  for (const patch of wanted) patch.apply(backendName);
  return wanted.map((patch) => patch.name);
}

function replaceGradient(gradient: GradConfig): void {
  tf.unregisterGradient(gradient.kernelName);
  tf.registerGradient(gradient);
}

/** Replaced kernels carry the one that they replaced, so that a second patch starts from the original again. */
interface Replaced extends KernelConfig {
  readonly replaced?: KernelConfig | undefined;
}

function replaceKernel(
  kernelName: string,
  backendName: EngineName,
  replacement: (original: KernelFunc) => KernelFunc,
): void {
  // The registry's type says that a kernel is always found; it is not.
  const current = tf.getKernel(kernelName, backendName) as Replaced | undefined;
  const original = current !== undefined && 'replaced' in current ? current.replaced : current;
  const missing: KernelFunc = () => {
    throw new Error(`${backendName} has no kernel ${kernelName}`);
  };
  const next: Replaced = {
    ...original,
    kernelName,
    backendName,
    kernelFunc: replacement(original?.kernelFunc ?? missing),
    replaced: original,
  };
  if (current !== undefined) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel(next);
}

/** The gradient of a running sum is the running sum from the other end, along the same axis. */
const cumsumGradient: GradConfig = {
  kernelName: 'Cumsum',
  gradFunc: (dy, _saved, attributes) => {
    const { axis, exclusive, reverse } = attributes as unknown as tf.CumsumAttrs;
    return { x: () => tf.cumsum(one(dy), axis, exclusive, !reverse) };
  },
};

/** d/da (a - b)^2 = 2 (a - b), summed over the axes that were broadcast. */
const squaredDifferenceGradient: GradConfig = {
  kernelName: 'SquaredDifference',
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved) => {
    const [a, b] = saved as [Tensor, Tensor];
    const slope = () => tf.mul(one(dy), tf.mul(2, tf.sub(a, b)));
    return { a: () => sumTo(slope(), a.shape), b: () => sumTo(tf.neg(slope()), b.shape) };
  },
};

/** Products with the other factor, summed over the batch axes that were broadcast. */
const matMulGradient: GradConfig = {
  kernelName: 'BatchMatMul',
  inputsToSave: ['a', 'b'],
  gradFunc: (gradient, saved, attributes) => {
    const dy = one(gradient);
    const [a, b] = saved as [Tensor, Tensor];
    const { transposeA, transposeB } = attributes as unknown as tf.BatchMatMulAttrs;
    const ofA = () =>
      transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB);
    const ofB = () =>
      transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false);
    return { a: () => sumTo(ofA(), a.shape), b: () => sumTo(ofB(), b.shape) };
  },
};

const one = (dy: Tensor | Tensor[]): Tensor => {
  if (Array.isArray(dy)) throw new Error('a kernel with one output was given several gradients');
  return dy;
};

/** Sums over the axes along which `shape` was broadcast to the shape of x. */
function sumTo(x: Tensor, shape: number[]): Tensor {
  const axes = tf.backend_util.getReductionAxes(shape, x.shape);
  return axes.length > 0 ? tf.reshape(tf.sum(x, axes), shape) : x;
}

const cumsumAlongAnyAxis =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { axis } = call.attrs as unknown as tf.CumsumAttrs;
    const [positive = axis] = tf.util.parseAxisParam(axis, tensorInput(call.inputs['x']).shape);
    return original({ ...call, attrs: { ...(call.attrs as object), axis: positive } });
  };

/** The kernel `Slice` for wasm: copies no more than the range that is asked for, where it is one range. */
const shortSlice =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const x = tensorInput(call.inputs['x']);
    const backend = call.backend as WasmBackend;
    const attributes = call.attrs as unknown as tf.SliceAttrs;
    if (x.dtype === 'string') return original(call);
    const [begin = [], size = []] = tf.slice_util.parseSliceParams(x, attributes.begin, attributes.size);
    const count = tf.util.sizeFromShape(size);
    if (count === 0 || !tf.slice_util.isSliceContinous(x.shape, begin, size)) return original(call);
    const start = tf.slice_util.computeFlatOffset(begin, tf.util.computeStrides(x.shape));
    const out = backend.makeOutput(size, x.dtype);
    backend.typedArrayFromHeap(out).set(backend.readSync(x.dataId, start, start + count));
    return out;
  };

/** The kernel `Identity` for wasm: another name for the same numbers, which nothing writes over. */
const sharedNumbers =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { dataId, shape, dtype } = tensorInput(call.inputs['x']);
    if (dtype === 'string') return original(call);
    (call.backend as WasmBackend).incRef(dataId);
    return { dataId, shape, dtype };
  };
