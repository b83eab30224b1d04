import { expect, test } from 'vitest';
import { lengthExponent } from '../../architectures/complexity.js';

test.each([
  ['O(N²·D)', 2],
  ['O(N·D)', 1],
  ['O(N·D²)', 1],
  ['O(N·log N·D)', 1],
  ['O(N·log(N)·D)', 1],
  ['O(N·(W+G)·D)', 1],
  ['O(N·K·D + N·D²)', 1],
  ['O((N+M)·N·D)', 2],
  ['O(N·√N·D)', 1.5],
  ['O(N^1.5·D)', 1.5],
  ['O(N³)', 3],
  ['O(D²)', 0],
  ['O(Nb·D)', 0],
  ['O(√(N·M)·N)', 1.5],
  ['O((N+K)²·D)', 2],
  ['N · D', 1],
])('%s grows by the power %d of N', (complexity, exponent) => {
  expect(lengthExponent(complexity)).toBe(exponent);
});
