/**
 * Memory, three ways, each named for what it is: peak bytes of tensors (exact), peak resident set of the process, and
 * what the process held before its first tensor.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Outcome } from './record.js';

/** Call before the first tensor is made. */
export const baselineResidentBytes = (): number => process.memoryUsage().rss;

/** Of this process since it started. */
export const peakResidentBytes = (): number => process.resourceUsage().maxRSS * 1024;

/** The most bytes of tensors that were alive at once while `run` ran, those made before included. */
export async function peakTensorBytes(run: () => void): Promise<number> {
  return (await profileTensors(run)).peakBytes;
}

/** What the kernels of one run leave in memory. Exact, and the same on every machine. */
export interface TensorProfile {
  /** The most bytes that were alive at once, those of before included. */
  readonly peakBytes: number;
  /** Bytes of all that the kernels put out, float32, what was soon disposed included: the traffic of the run. */
  readonly writtenBytes: number;
}

/** @throws what `run` throws */
export async function profileTensors(run: () => void): Promise<TensorProfile> {
  const failures: unknown[] = [];
  const restore = stopTiming();
  try {
    const { peakBytes, kernels } = await tf.profile(() => {
      // Thrown through the profiler, it would leave the engine profiling for ever.
      try {
        run();
      } catch (error) {
        failures.push(error);
      }
      return [];
    });
    if (failures.length > 0) throw failures[0];
    const numbers = kernels.flatMap(({ outputShapes }) => outputShapes.map(tf.util.sizeFromShape));
    return { peakBytes, writtenBytes: 4 * numbers.reduce((sum, size) => sum + size, 0) };
  } finally {
    restore();
  }
}

/**
 * Takes the clock out of the profiler, which times each kernel inside a promise that nobody waits for: a kernel that
 * throws there ends the process. Nor does it read every result back in search of NaN.
 */
function stopTiming(): () => void {
  const flag = 'CHECK_COMPUTATION_FOR_ERRORS';
  const backend = tf.backend();
  const checked = tf.env().getBool(flag);
  tf.env().set(flag, false);
  backend.time = (run) => {
    run();
    return Promise.resolve({ kernelMs: 0 });
  };
  return () => {
    tf.env().set(flag, checked);
    // What the backend inherits is its own clock again.
    Reflect.deleteProperty(backend, 'time');
  };
}

export function memoryOf(baseline: number, tensorBytes: number | null): Outcome['memory'] {
  return {
    peakTensorBytes: tensorBytes,
    peakResidentBytes: peakResidentBytes(),
    baselineResidentBytes: baseline,
  };
}
