/** Draws from N(0, 1) where no random operation of the backend can be used. */
import { hashCounter, hashKeys } from './counter-hash.js';

/**
 * Fills `values` with draws from N(0, 1), by Box and Muller.
 *
 * @param seed - int32
 * @param stream - int32; streams of one seed are independent
 */
export function fillNormals(values: Float32Array, seed: number, stream: number): void {
  const { first, second } = hashKeys(seed, stream);
  // In (0, 1): the logarithm of 0 is never taken.
  const uniform = (counter: number): number => ((hashCounter(counter, first, second) >>> 0) + 0.5) / 2 ** 32;
  for (let i = 0; i < values.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(uniform(i)));
    const angle = 2 * Math.PI * uniform(i + 1);
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
}
