/** Counts the matrix products of a run, exactly: the same on every backend and machine. */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core';

export interface Products {
  /** batch x rows x inner x columns, summed over the products. */
  readonly multiplyAdds: number;
  /** Bytes that the products put out, as float32. */
  readonly activationBytes: number;
}

/** Of all matrix products that `run` makes: batch x rows x inner x columns. */
export const countMultiplyAdds = (run: () => void): number => countMatrixProducts(run).multiplyAdds;

const productKernels: ReadonlySet<string> = new Set(['BatchMatMul', '_FusedMatMul']);

/**
 * Multiply-adds of all matrix products that `run` makes, and the bytes that they put out, as float32. Products that a
 * backend makes inside of another kernel (wasm sums columns so) are its own affair and do not count.
 */
export function countMatrixProducts(run: () => void): Products {
  const kernels = tf.getKernelsForBackend(tf.getBackend());
  if (!kernels.some(({ kernelName }) => productKernels.has(kernelName)))
    throw new Error(`backend ${tf.getBackend()} has no matrix product`);
  const originals = kernels.map(({ kernelFunc }) => kernelFunc);
  let [multiplyAdds, numbers, depth] = [0, 0, 0];
  const watch =
    (name: string, original: KernelFunc): KernelFunc =>
    (call) => {
      depth += 1;
      const output = runThen(
        () => original(call),
        () => (depth -= 1),
      );
      if (depth > 0 || !productKernels.has(name)) return output;
      const result = (Array.isArray(output) ? output[0] : output) as Tensor | undefined;
      const size = tf.util.sizeFromShape(result?.shape ?? []);
      multiplyAdds += size * innerOf(call);
      numbers += size;
      return output;
    };
  for (const kernel of kernels) kernel.kernelFunc = watch(kernel.kernelName, kernel.kernelFunc);
  runThen(run, () => {
    kernels.forEach((kernel, index) => {
      const original = originals[index];
      if (original !== undefined) kernel.kernelFunc = original;
    });
  });
  return { multiplyAdds, activationBytes: 4 * numbers };
}

/** The length that a product sums over. */
function innerOf({ inputs, attrs }: Parameters<KernelFunc>[0]): number {
  const left = (inputs as Record<string, Tensor>)['a'];
  const transposed = (attrs as { transposeA?: boolean } | undefined)?.transposeA === true;
  return left?.shape[left.shape.length - (transposed ? 2 : 1)] ?? NaN;
}

function runThen<T>(run: () => T, after: () => void): T {
  try {
    return run();
  } finally {
    after();
  }
}
