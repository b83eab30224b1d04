/** The program of children, prepared and run for real. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { startScript } from '../../../harness/scheduler/child.js';
import { outcomeOf } from '../../../harness/scheduler/failure.js';
import { prepareWorker } from '../../../harness/scheduler/worker-program.js';
import { baselineCell } from '../cells.js';

const required = /require\("@tensorflow\/[^"]+"\)/g;

test('runs a cell as one file, which is gone when the run is over', async () => {
  const { script, remove } = await prepareWorker([]);
  const [file = ''] = script;
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain('import.meta');
  expect(text).not.toMatch(required); // One copy of TensorFlow.js, here.
  const limits = { seconds: 60, memoryBytes: 2 ** 31, threads: 1 };
  const request = { cell: baselineCell, dataFolders: [], plugins: [] };
  const outcome = outcomeOf(await startScript(script, request, limits, () => undefined).end, limits);
  expect(outcome.failure).toBe(null);
  expect(outcome.metrics['accuracy']).toBeGreaterThan(0);
  await remove();
  expect(existsSync(file)).toBe(false);
});

test('leaves TensorFlow.js outside where an official build, which is outside too, needs the same copy', async () => {
  const { script, remove } = await prepareWorker([], true);
  const text = readFileSync(script[0] ?? '', 'utf8');
  await remove();
  expect(new Set(text.match(required))).toEqual(
    new Set([
      'require("@tensorflow/tfjs-core")',
      'require("@tensorflow/tfjs")',
      'require("@tensorflow/tfjs-backend-wasm")',
    ]),
  );
});

test('is the sources themselves where plugins must share their packages', async () => {
  const { script, remove } = await prepareWorker(['plugin.ts']);
  await remove();
  expect(script).toEqual([expect.stringMatching(/bin\/formerbench\.js$/), 'worker-cell']);
});

test('what a killed process left goes at the next start; what is in use, or of another host, stays', async () => {
  const { script, remove } = await prepareWorker([]);
  const left = (name: string, holder: object | null) => {
    const folder = join(tmpdir(), `formerbench-worker-test-${name}-${process.pid}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'some.data'), '');
    if (holder !== null) writeFileSync(join(folder, 'owner.lock'), JSON.stringify(holder));
    return folder;
  };
  const dead = { pid: 2 ** 22 - 1, host: hostname(), started: '1' };
  const folders = [left('dead', dead), left('elsewhere', { ...dead, host: 'elsewhere' }), left('new', null)];
  try {
    await (await prepareWorker(['plugin.ts'])).remove();
    expect(folders.map(existsSync)).toEqual([false, true, true]);
    expect(existsSync(dirname(script[0] ?? ''))).toBe(true);
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    await remove();
  }
});
