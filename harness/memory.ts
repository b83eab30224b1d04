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
  const { peakBytes } = await tf.profile(() => {
    run();
    return [];
  });
  return peakBytes;
}

export function memoryOf(baseline: number, tensorBytes: number | null): Outcome['memory'] {
  return {
    peakTensorBytes: tensorBytes,
    peakResidentBytes: peakResidentBytes(),
    baselineResidentBytes: baseline,
  };
}
