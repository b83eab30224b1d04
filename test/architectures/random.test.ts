import { describe, expect, it } from 'vitest';
import { hash, normals, permutation, stream, uniform } from '../../architectures/random.js';

describe('named streams', () => {
  it('give the same numbers for the same seed and names', () => {
    expect(normals(5, 1, 3, 'a', 'b')).toEqual(normals(5, 1, 3, 'a', 'b'));
  });

  it('differ when the seed or a name differs', () => {
    const first = (seed: number, name: string) => stream(seed, name).next();
    const draws = [first(1, 'a'), first(2, 'a'), first(1, 'b'), first(2, 'b')];
    expect(new Set(draws).size).toBe(4);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuse the seed %s, which TensorFlow.js reads as none', (seed) => {
    expect(() => stream(seed, 'a')).toThrow(/at least 1/);
  });

  it('draw uniformly from 0 to 1', () => {
    const random = stream(1, 'uniform');
    const draws = Array.from({ length: 20_000 }, () => uniform(random));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    const tenths = Array.from({ length: 10 }, (_, i) => draws.filter((x) => Math.floor(x * 10) === i).length);
    // Chi-square with 9 degrees of freedom: 27.9 is exceeded once in a thousand seeds, and the seed is fixed.
    expect(tenths.reduce((sum, n) => sum + (n - 2000) ** 2 / 2000, 0)).toBeLessThan(27.9);
  });

  it('draw normals of the asked deviation', () => {
    const values = normals(20_000, 0.02, 1, 'normals');
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean)).toBeLessThan(0.0006);
    expect(deviation).toBeCloseTo(0.02, 3);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('permute: every index once, another order for another epoch', () => {
    const first = permutation(50, 1, 'order', 1);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(first).not.toEqual(permutation(50, 1, 'order', 2));
    expect(permutation(0, 1, 'order')).toHaveLength(0);
  });

  it('hash as 32-bit FNV-1a', () => {
    expect(hash('') >>> 0).toBe(0x811c9dc5);
    expect(hash('a') >>> 0).toBe(0xe40c292c);
    expect(hash('foobar') >>> 0).toBe(0xbf9cf968);
  });
});
