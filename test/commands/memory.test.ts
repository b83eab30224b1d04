/** Memory as an answer: what cannot fit is tried, recorded and left alone; the largest batch that fits is found. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import { temporaryFolder } from '../harness/folders.js';
import { formerbench } from './formerbench.js';

const sizes = ['--layers', '1', '--hidden', '64', '--heads', '8', '--ffn', '64', '--samples', '2'];
const onWasm = ['speed', ...sizes, '--modes', 'training', '--backend', 'wasm', '--json'];

test('a cell that cannot fit is tried under the limit, recorded with what it needs, and not tried again', async () => {
  const out = temporaryFolder();
  const textbook = ['--architectures', 'transformer', '--option', 'transformer.attention=textbook'];
  const long = ['--lengths', '2048', '--tokens', '4096', '--rounds', '2', '--out', out];
  const tooLong = [...onWasm, ...textbook, ...long, '--memory-limit', '1GB'];
  const first = await formerbench(...tooLong);
  expect(first.stderr).toContain('2 of them are predicted to run out of memory');
  expect(first.stderr).toContain('1 of 2 cells ran out of memory, as predicted');
  expect(first.code).toBe(0);
  const { cells } = JSON.parse(first.stdout) as { cells: { failure: RunRecord['failure'] }[] };
  expect(cells).toHaveLength(1);
  expect(cells[0]?.failure).toMatchObject({ kind: 'out of memory', memory: { limitBytes: 2 ** 30 } });
  expect(cells[0]?.failure?.memory?.predictedBytes).toBeGreaterThan(2 ** 31);
  expect(cells[0]?.failure?.memory?.observedBytes).toBeGreaterThan(2 ** 30);
  // The second round would have told nothing new.
  expect(readdirSync(join(out, 'records'))).toHaveLength(1);

  const again = await formerbench(...tooLong);
  expect(again.stderr).not.toContain('[1/');
  expect([again.code, again.stdout]).toEqual([0, first.stdout]);
  const retried = await formerbench(...tooLong, '--retry-failed');
  expect(retried.stderr).toContain('[1/2]');
});

test('the largest batch that fits is found, verified, and found again from its records', async () => {
  const out = temporaryFolder();
  const search = [
    ...[...onWasm, '--architectures', 'fastformer', '--lengths', '128', '--out', out],
    ...['--largest-batch', '--memory-limit', '600MB'],
  ];
  const first = await formerbench(...search);
  expect(first.stderr).toContain('fastformer training at length 128, batch');
  expect(first.code).toBe(0);
  const { largestBatches } = JSON.parse(first.stdout) as {
    largestBatches: {
      limitBytes: number;
      rows: { batch: number; tooLarge: number; secondsPerToken: number; peakResidentBytes: number }[];
    }[];
  };
  expect(largestBatches).toHaveLength(1);
  const [{ limitBytes, rows } = { limitBytes: 0, rows: [] }] = largestBatches;
  const [row] = rows;
  expect(limitBytes).toBe(600 * 2 ** 20);
  expect(row?.batch).toBeGreaterThan(4);
  expect(row?.tooLarge).toBeGreaterThan(row?.batch ?? NaN);
  expect((row?.tooLarge ?? NaN) - (row?.batch ?? NaN)).toBeLessThanOrEqual((row?.batch ?? NaN) / 8 + 1);
  expect(row?.peakResidentBytes).toBeLessThanOrEqual(limitBytes);
  expect(row?.secondsPerToken).toBeGreaterThan(0);
  const again = await formerbench(...search);
  expect(again.stdout).toBe(first.stdout);
});
