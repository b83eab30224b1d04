import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measure, missingJobs, timings } from '../../harness/run.js';
import { recordSchema } from '../../harness/record.js';
import type { StartChild } from '../../harness/scheduler/child.js';
import { openStore } from '../../harness/store.js';
import { goodOutcome, jobOf, recordOf, trainedCell } from './cells.js';
import { temporaryFolder } from './folders.js';

const ending = { error: null, code: 0, signal: null, timedOut: false, kernelOutOfMemory: false, tail: '' };
const goodChild: StartChild = () => ({
  end: Promise.resolve({ ...ending, outcome: goodOutcome }),
  kill: () => undefined,
});

const options = {
  preset: 'smoke',
  workers: 2,
  dataFolders: [],
  plugins: [],
  limits: () => ({ seconds: 10, memoryBytes: 1e9, threads: 1 }),
  signal: new AbortController().signal,
  deadline: null,
  report: () => undefined,
  start: goodChild,
};

test('each job leaves one complete record under its id', async () => {
  const out = temporaryFolder();
  const store = await openStore(out);
  const jobs = [jobOf(trainedCell), jobOf({ ...trainedCell, seed: 2 })];
  const { ran, left } = await measure(jobs, store, options);
  expect(left).toEqual([]);
  expect(ran.map(({ id }) => id).sort()).toEqual(jobs.map(({ id }) => id));
  for (const record of ran) expect(recordSchema.parse(record)).toEqual(record);
  expect(readdirSync(join(out, 'records')).sort()).toEqual(jobs.map(({ id }) => `${id}.json`));
  expect(ran[0]?.provenance).toMatchObject({ preset: 'smoke', sourcesSha256: jobs[0]!.sourcesSha256 });
  await store.close();
});

test('only what has no final record is missing, unless all is wanted afresh', async () => {
  const store = await openStore(temporaryFolder());
  const [done, failed, diverged, unknown] = [1, 2, 3, 4].map((seed) => jobOf({ ...trainedCell, seed }));
  await store.write(recordOf(done!.id));
  await store.write(recordOf(failed!.id, undefined, { failure: { kind: 'timeout', message: '' } }));
  await store.write(recordOf(diverged!.id, undefined, { failure: { kind: 'diverged', message: '' } }));
  const jobs = [done!, failed!, diverged!, unknown!];
  expect(missingJobs(jobs, store, false)).toEqual([failed, unknown]);
  expect(missingJobs(jobs, store, true)).toEqual(jobs);
  await store.close();
});

test('times of earlier cells are those of whole processes, without failures', () => {
  const failed = recordOf('00000000000000bb', trainedCell, { failure: { kind: 'timeout', message: '' } });
  expect(timings([recordOf('00000000000000aa'), failed])).toEqual([{ cell: trainedCell, seconds: 8 }]);
});
