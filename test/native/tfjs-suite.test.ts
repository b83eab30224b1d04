import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

interface SuiteResult {
  readonly passed: number;
  readonly skipped: number;
  readonly failed: readonly { readonly name: string; readonly message: string }[];
}

/** What is known to fail, and why. */
const known: Readonly<Record<string, string>> = {
  'round test-tensorflow {} int32': 'gives 0: TensorFlow rounds only floats',
  'gather test-tensorflow {} throws when index is out of bound':
    'throws, but with the message of TensorFlow: our kernel does not read the indices back',
  'depthwiseConv2d gradients test-tensorflow {} throws error on dilations > 1':
    'throws, but with the message of TensorFlow on processors for which it has no dilated kernel',
};
const tests = 3500;

it('passes the tests that TensorFlow.js publishes, but for those that are known', async () => {
  const program = fileURLToPath(new URL('tfjs-suite-process.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], {
    maxBuffer: 1 << 26,
  });
  const { passed, failed } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as SuiteResult;
  expect(failed.filter(({ name }) => !(name in known))).toEqual([]);
  expect(passed).toBe(tests - failed.length);
});
