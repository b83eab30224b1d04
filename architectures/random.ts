/**
 * Random numbers by seed and name.
 *
 * TensorFlow.js takes the seed 0 for "no seed" and has no global seed, so every draw of the suite comes from a named
 * stream: `stream(seed, 'parameters', name)`, `stream(seed, 'order', epoch)`, ... Streams do not disturb each other,
 * and the same names give the same numbers on every backend.
 */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** 32-bit FNV-1a of a text. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value | 0;
}

/** @throws when the seed is not a whole number of at least 1 */
export function stream(seed: number, ...names: readonly (string | number)[]): RandomGenerator {
  if (!Number.isInteger(seed) || seed < 1)
    throw new Error(`a seed is a whole number of at least 1, not ${seed}`);
  return xoroshiro128plus(hash(`${seed}/${names.join('/')}`));
}

/** In [0, 1), 32 bits. */
export const uniform = (random: RandomGenerator): number => (random.next() >>> 0) / 2 ** 32;

/** `count` draws from N(0, deviation) of a named stream. */
export function normals(count: number, deviation: number, seed: number, ...names: string[]): Float32Array {
  return drawNormals(stream(seed, ...names), count, deviation);
}

/** The next `count` draws from N(0, deviation), by Box and Muller. */
export function drawNormals(random: RandomGenerator, count: number, deviation: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - uniform(random)));
    const angle = 2 * Math.PI * uniform(random);
    values[i] = radius * Math.cos(angle);
    if (i + 1 < count) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}

/** A seeded permutation of 0 .. count-1 (Fisher and Yates). */
export function permutation(count: number, seed: number, ...names: readonly (string | number)[]): Int32Array {
  const random = stream(seed, ...names);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform(random) * (i + 1));
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
  return order;
}
