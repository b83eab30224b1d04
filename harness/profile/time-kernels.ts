/**
 * Times the kernels of a step that runs op by op: every kernel of the current backend is replaced by one that looks at
 * the clock. Kernels are synchronous on wasm, on plain JavaScript and on TensorFlow's CPU.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { OperationRun } from './profile.js';

/**
 * A kernel that calls another is charged for its own share alone, so that no time counts twice.
 *
 * @throws what `run` throws
 */
export async function timeKernels(run: () => Promise<unknown>): Promise<OperationRun[]> {
  const kernels = tf.getKernelsForBackend(tf.getBackend());
  const originals = kernels.map(({ kernelFunc }) => kernelFunc);
  const runs: OperationRun[] = [];
  /** Seconds of the kernels that each open kernel has called. */
  const open: number[] = [];
  const watch =
    (operation: string, original: KernelFunc): KernelFunc =>
    (call) => {
      open.push(0);
      const start = performance.now();
      let whole = 0;
      try {
        const output = original(call);
        whole = (performance.now() - start) / 1000;
        const outputs: TensorInfo[] = Array.isArray(output) ? output : [output];
        const shape = outputs[0]?.shape ?? null;
        const bytesRead = bytesOf(Object.values(call.inputs));
        const seconds = whole - (open.at(-1) ?? 0);
        runs.push({ operation, shape, seconds, bytesRead, bytesWritten: bytesOf(outputs) });
        return output;
      } finally {
        open.pop();
        if (open.length > 0) open.push((open.pop() ?? 0) + whole);
      }
    };
  for (const kernel of kernels) kernel.kernelFunc = watch(kernel.kernelName, kernel.kernelFunc);
  try {
    await run();
  } finally {
    kernels.forEach((kernel, index) => {
      const original = originals[index];
      if (original !== undefined) kernel.kernelFunc = original;
    });
  }
  return runs;
}

const bytesOf = (tensors: readonly (TensorInfo | undefined)[]): number =>
  tensors.reduce(
    (sum, tensor) =>
      tensor === undefined
        ? sum
        : sum + tf.util.sizeFromShape(tensor.shape) * tf.util.bytesPerElement(tensor.dtype),
    0,
  );
