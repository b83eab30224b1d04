/** Runs as jobs of a real Slurm with one node. */
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readRecords } from '../../harness/read-records.js';
import { formerbench, start } from '../commands/formerbench.js';
import { temporaryFolder } from '../harness/folders.js';
import { expectSameReport } from '../support/same-report.js';
import { type SlurmCluster, startSlurm } from './slurm-cluster.js';

const folder = mkdtempSync(join(tmpdir(), 'formerbench-slurm-'));
chmodSync(folder, 0o755); // munged's socket has to be reachable.
let slurm: SlurmCluster;

beforeAll(async () => {
  slurm = await startSlurm(folder, ['MaxArraySize=3']);
});

afterAll(async () => {
  await slurm.stop();
  rmSync(folder, { recursive: true, force: true });
});

const scheduled = ['--scheduler', 'slurm', '--slurm-arg=--mem=2G', '--slurm-arg=--cpus-per-task=1'];

test('an array, one task of which is killed with its job requeued, makes the report of a serial run', async () => {
  const serialOut = temporaryFolder();
  const out = temporaryFolder();
  const table = (folder: string, ...more: string[]) => [
    ...['reproduce-paper-tables', '--preset', 'smoke', '--only', 'table-4', '--datasets', 'brown'],
    ...['--architectures', 'none,linear', '--seeds', '1', '--backend', 'wasm', '--out', folder, '--json'],
    ...more,
  ];
  const run = start(table(out, ...scheduled), slurm.environment);
  const running = await vi.waitFor(
    async () => {
      const tasks = await slurm.command('squeue', '--noheader', '--array', '--states=R', '--format', '%A');
      expect(tasks.trim()).not.toBe('');
      return tasks.trim().split('\n')[0]!;
    },
    { timeout: 60_000, interval: 200 },
  );
  await slurm.command('scontrol', 'requeue', running);
  const { code, stdout, stderr } = await run.ended;
  expect(stderr).toContain('[4/4]');
  expect(code).toBe(0);
  // Four cells in arrays of three at most.
  expect(readdirSync(join(out, 'slurm/lists')).filter((name) => name.endsWith('.json'))).toHaveLength(2);
  expect(readdirSync(join(out, 'slurm/answers'))).toEqual([]);
  const serial = await formerbench(...table(serialOut, '--workers', '1'));
  await expectSameReport([serialOut, serial.stdout], [out, stdout]);
});

test('speed cells are one job, one at a time; a cancelled job is submitted again', async () => {
  const out = temporaryFolder();
  const run = start(
    [
      ...['speed', '--architectures', 'none', '--lengths', '16,32', '--tokens', '32', '--samples', '3'],
      ...['--hidden', '32', '--heads', '2', '--feed-forward', '32', '--layers', '1', '--rounds', '1'],
      ...['--modes', 'inference', '--backend', 'wasm', '--out', out, ...scheduled],
    ],
    slurm.environment,
  );
  await run.said('2 cells are submitted');
  await slurm.command('scancel', '--user', process.env['USER'] ?? 'root');
  const { code, stderr } = await run.ended;
  expect(code).toBe(0);
  expect(stderr.match(/cells are submitted/g)!.length).toBeGreaterThan(1);
  const records = await readRecords([out]);
  const spans = records.map(({ provenance: { startedAt, endedAt } }) => [startedAt, endedAt]).sort();
  expect(spans).toHaveLength(2);
  expect(spans[1]![0]! >= spans[0]![1]!).toBe(true);
});

test('what sbatch refuses ends the run with its words', async () => {
  const run = start(
    [
      ...['speed', '--architectures', 'none', '--lengths', '16', '--tokens', '16', '--backend', 'wasm'],
      ...['--out', temporaryFolder(), '--scheduler', 'slurm', '--slurm-arg=--partition=none-such'],
    ],
    slurm.environment,
  );
  const { code, stderr } = await run.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/sbatch says: .*partition/);
});
