/** The program of children with the JavaScript of the native library in it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findNativeLibrary, findOfficialBuild } from '../../harness/backends/native.js';
import { startScript } from '../../harness/scheduler/child.js';
import { outcomeOf } from '../../harness/scheduler/failure.js';
import { prepareWorker } from '../../harness/scheduler/worker-program.js';
import { speedCell } from '../harness/cells.js';

test('times a cell with an installed library, whose JavaScript it holds unless that is an official build', async () => {
  const { script, remove } = await prepareWorker([]);
  const library = findNativeLibrary('cpu');
  expect(library.found).toBe(true);
  const text = readFileSync(script[0] ?? '', 'utf8');
  expect(text.includes('var NodeJSKernelBackend = (')).toBe(findOfficialBuild('cpu') === null);
  const limits = { seconds: 60, memoryBytes: 2 ** 32, threads: 1 };
  const request = { cell: { ...speedCell, backend: 'tensorflow' }, dataFolders: [], plugins: [] };
  const child = startScript(script, request, limits, ({ kind }) => {
    if (kind === 'asks') child.go();
  });
  const outcome = outcomeOf(await child.end, limits);
  await remove();
  expect(outcome.failure).toBeNull();
  expect(outcome.backend?.name).toBe('tensorflow');
  expect(outcome.costs?.stepMultiplyAdds).toBeGreaterThan(0);
});
