/** Two small speed cells live at a time: neither outlives the program, and neither falls with the other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { start } from '../commands/formerbench.js';
import { temporaryFolder } from '../harness/folders.js';
import { isRunning } from '../harness/processes.js';

const planned = 6;
const plan = (out: string) => [
  ...['speed', '--architectures', 'fastformer,linear,linformer', '--backend', 'wasm', '--out', out],
  ...['--tokens', '256', '--lengths', '64', '--layers', '1', '--hidden', '32', '--heads', '4'],
  ...['--feed-forward', '32', '--rounds', '1', '--samples', '3'],
];

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** The bundler, which runs at the start, is a child too. */
const cellsOf = (pid: number): number[] =>
  childrenOf(pid).filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('worker.cjs'));

interface Kept {
  readonly failure: { readonly kind: string } | null;
}

const recordsIn = (out: string): Kept[] =>
  readdirSync(join(out, 'records'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(out, 'records', name), 'utf8')) as Kept);

async function startPair(out: string) {
  const run = start(plan(out));
  const pair = await vi.waitFor(
    () => {
      const cells = cellsOf(run.child.pid!);
      expect(cells).toHaveLength(2);
      return cells as [number, number];
    },
    { timeout: 60_000, interval: 10 },
  );
  return { ...run, pair };
}

async function expectTheRest(out: string): Promise<void> {
  expect((await start(plan(out)).ended).code).toBe(0);
  const records = recordsIn(out);
  expect(records).toHaveLength(planned);
  expect(records.filter(({ failure }) => failure !== null)).toEqual([]);
}

test.runIf(process.platform === 'linux')('kill -9 of the program ends both', async () => {
  const out = temporaryFolder();
  const { child, ended, pair } = await startPair(out);
  child.kill('SIGKILL');
  await ended;
  await vi.waitFor(() => {
    expect(pair.filter(isRunning)).toEqual([]);
  }, 10_000);
  await expectTheRest(out);
});

test.runIf(process.platform === 'linux')('kill -9 of one leaves the other to be timed', async () => {
  const out = temporaryFolder();
  const { ended, pair } = await startPair(out);
  process.kill(pair[1], 'SIGKILL');
  expect((await ended).code).toBe(3);
  const kinds = recordsIn(out).map(({ failure }) => failure?.kind ?? null);
  expect(kinds.filter((kind) => kind !== null)).toEqual(['crashed']);
  expect(kinds).toHaveLength(planned);
  await expectTheRest(out);
});

test.runIf(process.platform === 'linux')('SIGTERM ends both in order', async () => {
  const out = temporaryFolder();
  const { child, ended, pair } = await startPair(out);
  child.kill('SIGTERM');
  expect((await ended).code).toBe(130);
  expect(pair.filter(isRunning)).toEqual([]);
  await expectTheRest(out);
});
