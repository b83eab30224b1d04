/** Dropout masks where no random operation of the backend can be used. */
import { hashCounter, hashKeys } from './counter-hash.js';

/**
 * Fills `mask` with 0 (probability `rate`) or 1 / (1 - rate).
 *
 * @param rate - in [0, 1)
 * @param seed - int32
 * @param stream - int32; streams of one seed are independent
 */
export function fillDropoutMask(mask: Float32Array, rate: number, seed: number, stream: number): void {
  // A table instead of a condition: the draws cannot be predicted, and a wrong guess costs more than the hash.
  const kept = Float32Array.of(1 / (1 - rate), 0);
  const threshold = Math.round(rate * 2 ** 32) - 2 ** 31;
  const { first, second } = hashKeys(seed, stream);
  for (let i = 0; i < mask.length; i++) {
    mask[i] = kept[Number(hashCounter(i, first, second) < threshold)] as number;
  }
}
