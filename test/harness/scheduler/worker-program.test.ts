/** The program of children, prepared and run for real. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startScript } from '../../../harness/scheduler/child.js';
import { outcomeOf } from '../../../harness/scheduler/failure.js';
import { prepareWorker } from '../../../harness/scheduler/worker-program.js';
import { baselineCell } from '../cells.js';

test('runs a cell as one file, which is gone when the run is over', async () => {
  const { script, remove } = await prepareWorker([]);
  const [file = ''] = script;
  expect(readFileSync(file, 'utf8')).not.toContain('import.meta');
  const limits = { seconds: 60, memoryBytes: 2 ** 31, threads: 1 };
  const request = { cell: baselineCell, dataFolders: [], plugins: [] };
  const outcome = outcomeOf(await startScript(script, request, limits, () => undefined).end, limits);
  expect(outcome.failure).toBe(null);
  expect(outcome.metrics['accuracy']).toBeGreaterThan(0);
  await remove();
  expect(existsSync(file)).toBe(false);
});

test('is the sources themselves where plugins must share their packages', async () => {
  const { script, remove } = await prepareWorker(['plugin.ts']);
  await remove();
  expect(script).toEqual([expect.stringMatching(/bin\/formerbench\.js$/), 'worker-cell']);
});
