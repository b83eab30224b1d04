import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { measure, missingJobs, timings } from '../../harness/run.js';
import { recordSchema } from '../../harness/record.js';
import type { StartChild } from '../../harness/scheduler/child.js';
import { openStore } from '../../harness/store.js';
import { goodOutcome, jobOf, overAtOnce, recordOf, speedCell, trainedCell } from './cells.js';
import { temporaryFolder } from './folders.js';

const goodChild: StartChild = () => overAtOnce({ outcome: goodOutcome });

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

const limits = () => ({ seconds: 10, memoryBytes: 1e9, threads: 1 });
const usual = { limits, fresh: false, retryFailed: false };

describe('a speed cell that ran out of memory or time', () => {
  const [first, second, other] = [1, 2, 1].map((seed, i) =>
    jobOf({ ...speedCell, seed, batch: 8 + (i >> 1) }),
  );
  const jobs = [first!, second!, other!];
  const late = { kind: 'timeout', message: '', limitSeconds: 10 } as const;

  test('is done, in its other rounds too, until there is more or it is asked for', async () => {
    const store = await openStore(temporaryFolder());
    await store.write(recordOf(first!.id, first!.cell, { failure: late }));
    expect(missingJobs(jobs, store, usual)).toEqual([other]);
    const longer = () => ({ ...limits(), seconds: 20 });
    expect(missingJobs(jobs, store, { ...usual, limits: longer })).toEqual(jobs);
    expect(missingJobs(jobs, store, { ...usual, retryFailed: true })).toEqual(jobs);
    await store.close();
  });

  test('is not tried in the next round of the same run', async () => {
    const store = await openStore(temporaryFolder());
    const start: StartChild = () => overAtOnce({ timedOut: true });
    const { ran, left } = await measure(jobs, store, { ...options, start });
    expect(ran.map(({ id }) => id)).toEqual([first!.id, other!.id]);
    expect(left).toEqual([]);
    await store.close();
  });
});

test('only what has no final record is missing, unless all is wanted afresh', async () => {
  const store = await openStore(temporaryFolder());
  const [done, failed, diverged, unknown] = [1, 2, 3, 4].map((seed) => jobOf({ ...trainedCell, seed }));
  await store.write(recordOf(done!.id));
  await store.write(recordOf(failed!.id, undefined, { failure: { kind: 'timeout', message: '' } }));
  await store.write(recordOf(diverged!.id, undefined, { failure: { kind: 'diverged', message: '' } }));
  const jobs = [done!, failed!, diverged!, unknown!];
  expect(missingJobs(jobs, store, usual)).toEqual([failed, unknown]);
  expect(missingJobs(jobs, store, { ...usual, fresh: true })).toEqual(jobs);
  await store.close();
});

test('times of earlier cells are those of whole processes, without failures and waiting', () => {
  const failed = recordOf('00000000000000bb', trainedCell, { failure: { kind: 'timeout', message: '' } });
  expect(timings([recordOf('00000000000000aa'), failed])).toEqual([{ cell: trainedCell, seconds: 8 }]);
  const measuring = {
    ...{ warmUpSteps: 2, stable: true, control: { before: [1], after: [1] }, repeats: 0, disturbed: false },
    ...{ matrixProductRate: 1e10, clockMegahertz: null },
    phases: { startUp: 2, prepare: 1, waiting: 3, warmUp: 1, control: 0, timed: 0, counts: 1 },
  };
  const waited = recordOf('00000000000000cc', speedCell, { measuring });
  expect(timings([waited])).toEqual([{ cell: speedCell, seconds: 5 }]);
});
