/**
 * Dropout masks where no random operation of the backend can be used: a counter hashed with two keys, so that any
 * number of any stream can be computed by itself.
 */

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
  const first = hash(seed, 0x3c6ef372, stream);
  const second = hash(stream, 0x2545f491, seed);
  for (let i = 0; i < mask.length; i++) {
    mask[i] = kept[Number(hash(i, first, second) < threshold)] as number;
  }
}

/**
 * int32, uniform over all counters. The multipliers are those of `triple32`, the 32-bit mixer with the least known
 * bias (C. Wellons, "Prospecting for Hash Functions", 2018); the keys enter before the first and the last round.
 */
function hash(counter: number, first: number, second: number): number {
  let bits = counter ^ first;
  bits = Math.imul(bits ^ (bits >>> 17), 0xed5ad4bb);
  bits = Math.imul(bits ^ (bits >>> 11), 0xac4c1b51) ^ second;
  bits = Math.imul(bits ^ (bits >>> 15), 0x31848bab);
  return bits ^ (bits >>> 14);
}
