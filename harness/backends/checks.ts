/** What `doctor` tries on a started backend: whether it has what training needs, and whether its numbers are right. */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelConfig, Tensor } from '@tensorflow/tfjs-core';
import { gradientError, gradientTolerance } from './finite-differences.js';
import type { EngineName } from './kernels.js';
import { engineNames, type BackendName } from './names.js';

export interface Check {
  readonly name: string;
  readonly passed: boolean;
  /** What was measured, for a person. */
  readonly detail: string;
}

/** Runs all checks on TensorFlow.js's current backend, which must have been started under this name. */
export function runChecks(name: BackendName): Check[] {
  const engine = engineNames[name];
  return [
    attempt('kernels', () => checkKernels(engine)),
    ...gradientChecks.map((check) => attempt(`gradient of ${check.name}`, () => checkGradient(check))),
    attempt('reshaped factor', checkReshapedFactor),
    attempt('dropout masks', checkDropoutMasks),
    attempt('training', checkTraining),
    attempt('matMul speed', () => measureMatMul(engine)),
  ];
}

type Finding = Omit<Check, 'name'>;

/** A check that throws has failed; the others still run. */
function attempt(name: string, check: () => Finding): Check {
  try {
    return { name, ...tf.tidy(() => check()) };
  } catch (error) {
    return { name, passed: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** What the encoder, its gradients, the optimiser and the metrics call. */
const neededKernels = [
  ...['Add', 'AddN', 'BatchMatMul', 'BiasAdd', 'BiasAddGrad', 'Cast', 'Concat', 'DropoutMask', 'Erf', 'Exp'],
  ...['GatherV2', 'Log', 'Max', 'Mean', 'Multiply', 'Neg', 'OneHot', 'Pack', 'RealDiv', 'Reshape', 'Rsqrt'],
  ...[
    'Slice',
    'Softmax',
    'Sqrt',
    'Square',
    'Sub',
    'Sum',
    'Tanh',
    'Transpose',
    'UnsortedSegmentSum',
    'ZerosLike',
  ],
];

function checkKernels(engine: EngineName): Finding {
  const registered = (name: string) => (tf.getKernel(name, engine) as KernelConfig | undefined) !== undefined;
  const missing = neededKernels.filter((name) => !registered(name));
  return missing.length === 0
    ? { passed: true, detail: `all ${neededKernels.length} are there` }
    : { passed: false, detail: `missing: ${missing.join(', ')}` };
}

interface GradientCheck {
  readonly name: string;
  readonly shapes: readonly number[][];
  readonly f: (a: Tensor, b: Tensor) => Tensor;
}

/** Functions of given inputs; those that need a repair on some backend are among them. */
const gradientChecks: readonly GradientCheck[] = [
  {
    name: 'matMul',
    shapes: [
      [3, 4],
      [4, 5],
    ],
    f: (a, b) => tf.matMul(a, b),
  },
  {
    name: 'matMul, both transposed',
    shapes: [
      [4, 3],
      [5, 4],
    ],
    f: (a, b) => tf.matMul(a, b, true, true),
  },
  {
    name: 'matMul, batched',
    shapes: [
      [2, 3, 4],
      [2, 5, 4],
    ],
    f: (a, b) => tf.matMul(a, b, false, true),
  },
  { name: 'softmax', shapes: [[3, 5]], f: (x) => tf.softmax(x) },
  { name: 'gelu', shapes: [[3, 5]], f: (x) => tf.mul(x, tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))) },
  { name: 'layer norm', shapes: [[3, 6]], f: layerNorm },
  { name: 'gather', shapes: [[5, 3]], f: (table) => tf.gather(table, tf.tensor1d([1, 4, 1], 'int32')) },
  { name: 'sum over rows', shapes: [[4, 3]], f: (x) => tf.square(tf.sum(x, 0)) },
  { name: 'slice and concat', shapes: [[4, 3]], f: crossedSlices },
  { name: 'cumsum', shapes: [[3, 3, 3]], f: (x) => tf.cumsum(x, 1) },
  { name: 'squaredDifference', shapes: [[3, 4], [4]], f: (a, b) => tf.squaredDifference(a, b) },
];

function layerNorm(x: Tensor): Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
}

/** One slice is one range in memory, the other is not. */
function crossedSlices(x: Tensor): Tensor {
  return tf.concat([tf.slice(x, [2, 0], [2, 3]), tf.slice(x, [0, 1], [2, 2])], 1);
}

function checkGradient({ f, shapes }: GradientCheck): Finding {
  const error = gradientError(f, shapes);
  return { passed: error <= gradientTolerance, detail: `${error.toExponential(1)} off finite differences` };
}

/** TensorFlow.js's wasm products remember a factor by its data and forget its shape. */
function checkReshapedFactor(): Finding {
  const factor = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  tf.matMul(tf.ones([1, 2]), factor);
  const product = tf.matMul(tf.ones([1, 3]), tf.reshape(factor, [3, 2])).dataSync();
  return { passed: product.join() === '9,12', detail: `[${product.join(', ')}], expected [9, 12]` };
}

function checkDropoutMasks(): Finding {
  const mask = (seed: number, stream: number) =>
    tf
      .engine()
      .runKernel<Tensor>(
        'DropoutMask',
        { seed: tf.tensor1d([seed], 'int32') },
        { shape: [64, 64], rate: 0.25, stream },
      )
      .dataSync();
  const [first, again, otherSeed, otherStream] = [mask(1, 1), mask(1, 1), mask(2, 1), mask(1, 2)];
  const same = (other: ArrayLike<number>) => first.every((value: number, i: number) => value === other[i]);
  const dropped = first.filter((value: number) => value === 0).length / first.length;
  const passed = same(again) && !same(otherSeed) && !same(otherStream) && Math.abs(dropped - 0.25) < 0.03;
  return { passed, detail: `${(100 * dropped).toFixed(1)} % dropped at rate 25 %` };
}

/** One dense layer on a line: the loss must fall to a hundredth. */
function checkTraining(): Finding {
  const x = tf.reshape(tf.linspace(-1, 1, 32), [32, 1]);
  const target = tf.add(tf.mul(x, 3), 1);
  const kernel = tf.variable(tf.zeros([1, 1]));
  const bias = tf.variable(tf.zeros([1]));
  const optimizer = tf.train.adam(0.1);
  const step = () =>
    optimizer.minimize(() => tf.losses.meanSquaredError(target, tf.add(tf.matMul(x, kernel), bias)), true, [
      kernel,
      bias,
    ]);
  const first = step()?.dataSync()[0] ?? Number.NaN;
  let last = first;
  for (let i = 0; i < 150; i++) last = step()?.dataSync()[0] ?? Number.NaN;
  optimizer.dispose();
  kernel.dispose();
  bias.dispose();
  return {
    passed: last < first / 100,
    detail: `loss ${first.toFixed(2)} to ${last.toExponential(1)} in 150 steps`,
  };
}

/** The fastest of three products of square matrices; the plain JavaScript backend gets smaller ones. */
function measureMatMul(engine: EngineName): Finding {
  const size = engine === 'cpu' ? 128 : 1024;
  const matrix = tf.fill([size, size], 0.5);
  let seconds = Number.POSITIVE_INFINITY;
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const start = performance.now();
    value = tf.slice(tf.matMul(matrix, matrix), [size - 1, size - 1], [1, 1]).dataSync()[0] ?? 0;
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  const rate = (2 * size ** 3) / seconds / 1e9;
  return { passed: value === size / 4, detail: `${rate.toFixed(rate < 10 ? 1 : 0)} GFLOP/s at size ${size}` };
}
