/** Sinusoids of distances, as in Vaswani et al., arXiv 1706.03762, section 3.5, the sines before the cosines. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/** pe(p) = concat(sin(p w), cos(p w)) with w_t = 10000^(-2t/D), one row for each distance p: [distances, D]. */
export function sinusoids(distances: readonly number[], hidden: number): Tensor2D {
  const sines = Math.ceil(hidden / 2);
  const values = distances.flatMap((distance) =>
    Array.from({ length: hidden }, (_, i) => {
      const angle = distance * 10_000 ** ((-2 * (i % sines)) / hidden);
      return i < sines ? Math.sin(angle) : Math.cos(angle);
    }),
  );
  return tf.tensor2d(values, [distances.length, hidden]);
}
