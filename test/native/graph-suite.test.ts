import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

interface SuiteResult {
  /** Results that a graph of the recorded operations gives as well. */
  readonly equal: number;
  /** Results of random operations, which differ from run to run. */
  readonly random: number;
  /** Tests in which a graph gives another result. */
  readonly different: readonly string[];
  /** Why there was no graph, and how often. */
  readonly refused: Readonly<Record<string, number>>;
}

/** What a graph does otherwise, and why. */
const known: Readonly<Record<string, string>> = {
  'softmax test-tensorflow {} Propagates NaNs':
    'oneDNN leaves the other numbers of a row with a NaN 0, not NaN',
};

it('every result of the tests that TensorFlow.js publishes comes out of a graph of the same operations', async () => {
  const program = fileURLToPath(new URL('graph-suite-process.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], {
    maxBuffer: 1 << 26,
  });
  const { equal, random, different, refused } = JSON.parse(
    stdout.trim().split('\n').at(-1) ?? '',
  ) as SuiteResult;
  expect(different.filter((name) => !(name in known))).toEqual([]);
  expect(refused).toEqual({});
  expect(equal).toBeGreaterThan(2_900);
  expect(random).toBeLessThan(20);
});
