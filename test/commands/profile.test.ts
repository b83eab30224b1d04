/** `--profile` of `run` and `speed`: clean JSON, a table, no records, and what it refuses. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { profileSchema } from '../../harness/profile/profile.js';
import { temporaryFolder } from '../harness/folders.js';
import { formerbench } from './formerbench.js';

const wasm = ['--backend', 'wasm', '--layers', '1', '--hidden', '16', '--heads', '2', '--feed-forward', '16'];
const cell = [
  'run',
  '--task',
  'speed',
  '--architecture',
  'fastformer',
  '--length',
  '16',
  '--batch',
  '2',
  ...wasm,
];

test('shows the hottest operations of a cell as a table, and records nothing', async () => {
  const out = join(temporaryFolder(), 'results');
  const { code, stdout } = await formerbench(...cell, '--profile', '--out', out);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^fastformer training, length 16, batch 2, on wasm, eager\na step takes /);
  expect(stdout).toMatch(/\noperation +puts out +times a step +time +share +reads +writes\n/);
  expect(stdout).toMatch(/\n(BatchMatMul|_FusedMatMul) +\[.*\] +\d+ +\S+ m?s +[\d.]+ % +/);
  expect(existsSync(out)).toBe(false);
});

test('profiles each cell of a sweep once', async () => {
  const sweep = ['speed', '--architectures', 'fastformer,none', '--lengths', '16', '--tokens', '32', ...wasm];
  const { code, stdout } = await formerbench(...sweep, '--modes', 'inference', '--profile', '--json');
  expect(code).toBe(0);
  const { profiles } = JSON.parse(stdout) as { profiles: Record<string, unknown>[] };
  expect(profiles.map(({ architecture }) => architecture).toSorted()).toEqual(['fastformer', 'none']);
  for (const { mode, length, batch, failure, ...rest } of profiles) {
    expect([mode, length, batch, failure]).toEqual(['inference', 16, 2, null]);
    const { architecture, options, ...profile } = rest;
    expect([typeof architecture, typeof options]).toEqual(['string', 'object']);
    expect(profileSchema.parse(profile).operations.length).toBeGreaterThan(5);
  }
});

test('is of speed cells only', async () => {
  const { code, stderr } = await formerbench(
    'run',
    '--architecture',
    'fastformer',
    '--dataset',
    'brown',
    '--profile',
  );
  expect(code).toBe(2);
  expect(stderr).toContain('--profile needs --task speed');
});
