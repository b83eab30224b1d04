/** A gradient by central differences, number by number. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** The gradient of `f` at `x`; float32 leaves about three digits with this step. */
export function numericGradient(f: (x: Tensor) => Scalar, x: Tensor, step = 1e-2): number[] {
  const values = x.dataSync();
  const at = (index: number, change: number): number =>
    tf.tidy(() => {
      const moved = Float32Array.from(values);
      moved[index] = (moved[index] ?? 0) + change;
      return f(tf.tensor(moved, x.shape)).dataSync()[0] ?? NaN;
    });
  return Array.from(values, (_, index) => (at(index, step) - at(index, -step)) / (2 * step));
}
