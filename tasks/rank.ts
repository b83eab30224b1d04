/** Random ranks by name: the same name has the same rank in every run, whatever else there is. */
import { hash } from '../architectures/random.js';

/** An unsigned 32-bit number. */
export function rankOf(name: string): number {
  // The finaliser of MurmurHash3: names that differ only in their end get unrelated ranks.
  let bits = hash(name);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
