/**
 * Random numbers where no random operation of the backend can be used: a counter hashed with two keys, so that any
 * number of any stream can be computed by itself.
 */

/** The keys of one stream of one seed; streams of a seed are independent. */
export interface HashKeys {
  readonly first: number;
  readonly second: number;
}

/**
 * @param seed - int32
 * @param stream - int32
 */
export const hashKeys = (seed: number, stream: number): HashKeys => ({
  first: hashCounter(seed, 0x3c6ef372, stream),
  second: hashCounter(stream, 0x2545f491, seed),
});

/**
 * int32, uniform over all counters. The multipliers are those of `triple32`, the 32-bit mixer with the least known
 * bias (C. Wellons, "Prospecting for Hash Functions", 2018); the keys enter before the first and the last round.
 */
export function hashCounter(counter: number, first: number, second: number): number {
  let bits = counter ^ first;
  bits = Math.imul(bits ^ (bits >>> 17), 0xed5ad4bb);
  bits = Math.imul(bits ^ (bits >>> 11), 0xac4c1b51) ^ second;
  bits = Math.imul(bits ^ (bits >>> 15), 0x31848bab);
  return bits ^ (bits >>> 14);
}
