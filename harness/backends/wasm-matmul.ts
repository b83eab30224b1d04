/**
 * Matrix products on wasm, 5 to 20 times faster than TensorFlow.js's own when a factor is transposed or there is a batch.
 *
 * The backend's fast routine (XNNPACK) takes one product of two plain matrices; everything else goes through a scalar
 * loop at 1 to 2 GFLOP/s. Here factors are transposed first and a batch is run product by product. The fast routine
 * also keeps the packed right factor by the identity of its data alone: after a `reshape` it would use the old shape
 * and give wrong numbers. A right factor that was multiplied in another shape is therefore copied first.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { transposeMatrix } from './transpose-matrix.js';
import type { WasmBackend } from './wasm-backend.js';

/** Below this many multiply-adds the scalar loop is as fast as setting up the fast routine. */
const smallProduct = 16_384;

interface MatMulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Sizes of out[m, n] = left[m, k] . right[k, n]. */
interface ProductSizes {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/**
 * The kernel `BatchMatMul` for wasm.
 *
 * @param original - the backend's own kernel
 */
export function fastBatchMatMul(original: KernelFunc): KernelFunc {
  const multiply = multiplyPlain(original);
  return (call) => {
    const backend = call.backend as WasmBackend;
    const { a, b } = call.inputs;
    const { transposeA, transposeB } = call.attrs as unknown as MatMulAttributes;
    if (a === undefined || b === undefined || a.dtype !== 'float32' || b.dtype !== 'float32')
      return original(call);
    const sizes = productSizes(a, b, transposeA, transposeB);
    const [batchA, batchB] = [batchSize(a), batchSize(b)];
    if (sizes === null || batchA !== batchB) return original(call);
    if (batchA === 1) return multiplyOne(backend, multiply, a, b, transposeA, transposeB, sizes);
    if (sizes.m * sizes.k * sizes.n < smallProduct) return original(call);
    return multiplyEach(backend, multiply, a, b, transposeA, transposeB, sizes);
  };
}

/** out = a . b for float32 [m, k] and [k, n]. */
type Multiply = (backend: WasmBackend, a: TensorInfo, b: TensorInfo) => TensorInfo;

function multiplyPlain(original: KernelFunc): Multiply {
  const lastShape = new WeakMap<object, string>();
  const run = (backend: WasmBackend, a: TensorInfo, b: TensorInfo) =>
    original({ inputs: { a, b }, attrs: { transposeA: false, transposeB: false }, backend }) as TensorInfo;
  return (backend, a, b) => {
    const shape = b.shape.join();
    if ((lastShape.get(b.dataId) ?? shape) === shape) {
      lastShape.set(b.dataId, shape);
      return run(backend, a, b);
    }
    const copy = matrixOf(backend, b, 0, b.shape[0] ?? 0, b.shape[1] ?? 0, false);
    const out = run(backend, a, copy);
    backend.disposeData(copy.dataId);
    return out;
  };
}

function multiplyOne(
  backend: WasmBackend,
  multiply: Multiply,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  { m, k, n }: ProductSizes,
): TensorInfo {
  const left = transposeA ? matrixOf(backend, a, 0, k, m, true) : { ...a, shape: [m, k] };
  const right = transposeB ? matrixOf(backend, b, 0, n, k, true) : { ...b, shape: [k, n] };
  const out = multiply(backend, left, right);
  if (transposeA) backend.disposeData(left.dataId);
  if (transposeB) backend.disposeData(right.dataId);
  return { ...out, shape: outputShape(a, b, m, n) };
}

function multiplyEach(
  backend: WasmBackend,
  multiply: Multiply,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  { m, k, n }: ProductSizes,
): TensorInfo {
  // The fast routine packs its right factor before anything else, which takes longer than the product itself where that is
  // the large one and the left has few rows, as queries have. Such a product is made as (b^T a^T)^T.
  const turned = m * (k + n) < k * n;
  const out = backend.makeOutput(outputShape(a, b, m, n), 'float32');
  for (let i = 0; i < batchSize(a); i++) {
    const matrixA = (turn: boolean) =>
      transposeA ? matrixOf(backend, a, i, k, m, !turn) : matrixOf(backend, a, i, m, k, turn);
    const matrixB = (turn: boolean) =>
      transposeB ? matrixOf(backend, b, i, n, k, !turn) : matrixOf(backend, b, i, k, n, turn);
    const [left, right] = turned ? [matrixB(true), matrixA(true)] : [matrixA(false), matrixB(false)];
    const product = multiply(backend, left, right);
    const target = backend.typedArrayFromHeap(out).subarray(i * m * n, (i + 1) * m * n);
    if (turned) transposeMatrix(backend.typedArrayFromHeap(product), target, n, m);
    else target.set(backend.typedArrayFromHeap(product));
    for (const each of [left, right, product]) backend.disposeData(each.dataId);
  }
  return out;
}

/** A copy of matrix `index` of a batch of [rows, columns], transposed if asked. */
function matrixOf(
  backend: WasmBackend,
  batch: TensorInfo,
  index: number,
  rows: number,
  columns: number,
  transpose: boolean,
): TensorInfo {
  const copy = backend.makeOutput(transpose ? [columns, rows] : [rows, columns], 'float32');
  const from = index * rows * columns;
  const source = backend.typedArrayFromHeap(batch).subarray(from, from + rows * columns);
  const target = backend.typedArrayFromHeap(copy);
  if (transpose) transposeMatrix(source, target, rows, columns);
  else target.set(source);
  return copy;
}

/** Null when the factors do not fit, so that the original kernel can say so. */
function productSizes(
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): ProductSizes | null {
  const [rowsA = 0, columnsA = 0] = a.shape.slice(-2);
  const [rowsB = 0, columnsB = 0] = b.shape.slice(-2);
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [shared, n] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  return k === shared && m * k * n > 0 ? { m, k, n } : null;
}

const batchSize = (x: TensorInfo): number => tf.util.sizeFromShape(x.shape.slice(0, -2));

const outputShape = (a: TensorInfo, b: TensorInfo, m: number, n: number): number[] => [
  ...(a.shape.length >= b.shape.length ? a : b).shape.slice(0, -2),
  m,
  n,
];

type Activation = (x: Tensor, slope: number, weights: Tensor | undefined) => Tensor;

const activations: Readonly<Record<string, Activation>> = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  elu: (x) => tf.elu(x),
  sigmoid: (x) => tf.sigmoid(x),
  leakyrelu: (x, slope) => tf.leakyRelu(x, slope),
  prelu: (x, _slope, weights) => tf.prelu(x, weights ?? tf.scalar(0)),
};

/**
 * The kernel `_FusedMatMul` for wasm: product, bias and activation, by the kernels of each. The backend's own adds the
 * bias once for every 48 of the inner size whenever it takes its scalar loop.
 */
export const fusedMatMul: KernelFunc = ({ inputs, attrs }) => {
  const { a, b, bias, preluActivationWeights } = inputs as Record<string, Tensor | undefined>;
  const { transposeA, transposeB, activation, leakyreluAlpha } = attrs as unknown as MatMulAttributes & {
    readonly activation: string;
    readonly leakyreluAlpha: number;
  };
  const activate = activations[activation];
  if (a === undefined || b === undefined || activate === undefined) {
    throw new Error(`fused matMul on wasm has no activation named ${activation}`);
  }
  return tf.tidy(() => {
    const product = tf.matMul(a, b, transposeA, transposeB);
    const shifted = bias === undefined ? product : tf.add(product, bias);
    return activate(shifted, leakyreluAlpha, preluActivationWeights);
  });
};
