/** Work whose large temporaries would not fit at once, done a slice at a time. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Numbers of one large temporary tensor that are alive at once: 16 MB of float32. */
export const sliceElements = 4e6;

/** What one slice gives. */
export interface Parts {
  /** Has the sliced axis: joined over slices along it. */
  readonly joined: readonly Tensor[];
  /** Belongs to all slices: added up. */
  readonly summed?: readonly Tensor[];
}

/**
 * Runs `compute` over slices of `axis`, one after the other, and returns what it joined, then what it summed.
 *
 * @param inputs - all of one size along `axis`
 * @param step - size of a slice; the last may be smaller
 * @param compute - gets the slices of the inputs; everything else that it makes is disposed
 */
export function overSlices(
  inputs: readonly Tensor[],
  axis: number,
  step: number,
  compute: (slices: Tensor[]) => Parts,
): Tensor[] {
  const size = inputs[0]?.shape[axis] ?? 0;
  if (step >= size) return flatten(tf.tidy(() => disposable(compute([...inputs]))));
  let sums: Tensor[] = [];
  const pieces: (readonly Tensor[])[] = [];
  for (let start = 0; start < size; start += step) {
    const taken = Math.min(step, size - start);
    const { joined, summed } = tf.tidy(() => {
      const parts = compute(inputs.map((x) => sliceAxis(x, axis, start, taken)));
      const added = (parts.summed ?? []).map((x, i) => (sums[i] === undefined ? x : tf.add(sums[i], x)));
      return { joined: [...parts.joined], summed: added };
    });
    tf.dispose(sums);
    sums = summed;
    pieces.push(joined);
  }
  const count = pieces[0]?.length ?? 0;
  const whole = Array.from({ length: count }, (_, i) => {
    const own = pieces.flatMap((piece) => piece[i] ?? []);
    const all = tf.concat(own, axis);
    tf.dispose(own);
    return all;
  });
  return [...whole, ...sums];
}

/** A plain object of mutable arrays, which `tf.tidy` can look through. */
const disposable = ({ joined, summed = [] }: Parts) => ({ joined: [...joined], summed: [...summed] });

const flatten = ({ joined, summed = [] }: Parts): Tensor[] => [...joined, ...summed];

/** `taken` entries of one axis, from `start` on. */
export function sliceAxis<T extends Tensor>(x: T, axis: number, start: number, taken: number): T {
  const begin = x.shape.map((_, i) => (i === axis ? start : 0));
  const size = x.shape.map((whole, i) => (i === axis ? taken : whole));
  return tf.slice(x, begin, size);
}
