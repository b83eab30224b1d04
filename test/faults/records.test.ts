/** Records that are damaged stop a run before it starts, by name, and nothing of them is lost. */
import { readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formerbench } from '../commands/formerbench.js';
import { temporaryFolder } from '../harness/folders.js';

const baselineRun = (out: string) => [
  ...['run', '--architecture', 'chance', '--dataset', 'brown', '--preset', 'smoke', '--out', out, '--json'],
];

test.each([
  [
    'cut short',
    (file: string) => {
      truncateSync(file, 100);
    },
    'is cut short',
  ],
  [
    'of another version',
    (file: string) => {
      writeFileSync(file, readFileSync(file, 'utf8').replace(/"schema": ?1/, '"schema": 99'));
    },
    'record version 99',
  ],
])('a record %s is named; moved away, only its cell is run', async (_what, damage, message) => {
  const out = temporaryFolder();
  expect((await formerbench(...baselineRun(out))).code).toBe(0);
  const [name = ''] = readdirSync(join(out, 'records'));
  const file = join(out, 'records', name);
  damage(file);
  const damaged = readFileSync(file);
  const { code, stdout, stderr } = await formerbench(...baselineRun(out));
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(file);
  expect(stderr).toContain(message);
  expect(readFileSync(file)).toEqual(damaged);
  renameSync(file, `${file}.away`);
  expect((await formerbench(...baselineRun(out))).code).toBe(0);
  expect(readdirSync(join(out, 'records')).sort()).toEqual([name, `${name}.away`]);
});

test('a record is used again, byte for byte, and --fresh measures anew', async () => {
  const out = temporaryFolder();
  const first = await formerbench(...baselineRun(out));
  const again = await formerbench(...baselineRun(out));
  expect(again.stdout).toBe(first.stdout);
  const fresh = await formerbench(...baselineRun(out), '--fresh');
  expect(fresh.code).toBe(0);
  expect(fresh.stdout).not.toBe(first.stdout);
});

test.runIf(process.platform === 'linux')(
  'a place where no folder can be made is refused before anything runs',
  async () => {
    const { code, stdout, stderr } = await formerbench(...baselineRun('/proc/results'));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('cannot write results to /proc/results');
  },
);
