/** What comes back from workers: believed only where it fits, kept once. */
import { describe, expect, test } from 'vitest';
import { openIntake } from '../../../harness/distributed/intake.js';
import { readAnswer } from '../../../harness/distributed/order.js';
import type { SchedulerEvent } from '../../../harness/scheduler/index.js';
import { openStore } from '../../../harness/store.js';
import { goodOutcome, jobOf, recordOf, speedCell, trainedCell } from '../cells.js';
import { recommenderCell, summarizerCell } from '../../support/small-cells.js';
import { temporaryFolder } from '../folders.js';

const data = {
  ...{ label: 'l', sha256: 'aa', standIn: true, classes: ['a', 'b'], majorityAccuracy: 0.5, vocabulary: 9 },
  ...{ counts: { train: 1, validation: 1, test: 1 }, meanLength: 3, paddingShare: 0, wordVectors: null },
};

const answer = (job: ReturnType<typeof jobOf>, change: object = {}, host = 'b') =>
  JSON.stringify({ host, record: { ...recordOf(job.id, job.cell), ...change } });

async function intakeOf(jobs: readonly ReturnType<typeof jobOf>[], events: SchedulerEvent[] = []) {
  const store = await openStore(temporaryFolder());
  const limits = () => ({ seconds: 10, memoryBytes: 1e9, threads: 1 });
  const intake = await openIntake(jobs, store, {
    ...{ preset: null, workers: 1, dataFolders: [], plugins: [], deadline: null, limits },
    signal: new AbortController().signal,
    report: (event) => events.push(event),
  });
  return { store, intake };
}

test('an answer is kept as it is, with its host; a second one changes nothing', async () => {
  const job = jobOf(trainedCell);
  const events: SchedulerEvent[] = [];
  const { store, intake } = await intakeOf([job], events);
  await intake.take(job.id, answer(job));
  await intake.take(job.id, answer(job, { seconds: 99 }));
  expect(store.records.get(job.id)).toEqual(recordOf(job.id, job.cell));
  expect(intake.ran).toHaveLength(1);
  expect(intake.open.size).toBe(0);
  expect(events).toMatchObject([{ kind: 'ended', host: 'b', seconds: 8 }]);
  await store.close();
});

test('a clock that was moved back gives no negative time', async () => {
  const job = jobOf(trainedCell);
  const events: SchedulerEvent[] = [];
  const { store, intake } = await intakeOf([job], events);
  const { provenance } = recordOf(job.id);
  const back = { ...provenance, endedAt: '2025-01-01T00:00:00.000Z' };
  await intake.take(job.id, answer(job, { provenance: back }));
  expect(events).toMatchObject([{ kind: 'ended', seconds: 0 }]);
  await store.close();
});

const ranking = (sha256: string) => ({
  data: {
    ...{ label: 'l', sha256, splitRule: 'r', news: 1, topics: 1, vocabulary: 1, problems: {} },
    ...{ wordVectorsFound: null, newsVectorsFound: null, emptyHistories: 0, meanHistory: 1 },
    impressions: { train: 1, validation: 1, test: 1 },
  },
  ...{ impressionInterval: null, slices: [], members: [], impressionsPerSecond: null },
});
const summary = (sha256: string) => ({
  data: {
    ...{ label: 'l', sha256, standIn: true, splitRule: 'r', empty: 0, duplicates: 0 },
    ...{ documents: { train: 1, validation: 1, test: 1 }, meanDocument: 1, meanSummary: 1 },
  },
  ...{ documentInterval: null, training: null, texts: [] },
});

test.each([
  ['texts', trainedCell, (sha256: string) => ({ data: { ...data, sha256 } }), 'brown'],
  ['news', recommenderCell(), (sha256: string) => ({ ranking: ranking(sha256) }), 'mind-small'],
  ['documents', summarizerCell(), (sha256: string) => ({ summary: summary(sha256) }), 'mail-subjects'],
])('other %s under the same name are a failure that says whose', async (_what, cell, read, name) => {
  const [first, second, third] = [1, 2, 3].map((seed) => jobOf({ ...cell, seed }));
  const { store, intake } = await intakeOf([first!, second!, third!]);
  await intake.take(first!.id, answer(first!, read('aa')));
  await intake.take(second!.id, answer(second!, read('bb'), 'c'));
  await intake.take(third!.id, answer(third!, read('aa'), 'd'));
  const failures = [first, second, third].map((job) => store.records.get(job!.id)?.failure);
  expect(failures).toMatchObject([null, { kind: 'bad data' }, null]);
  expect(failures[1]?.message).toContain(`host c has other data of ${name} (sha256 bb)`);
  await store.close();
});

test('a speed cell that ran out of time answers its other rounds', async () => {
  const jobs = [1, 2, 3].map((seed) => jobOf({ ...speedCell, seed }));
  const { store, intake } = await intakeOf(jobs);
  const late = { kind: 'timeout', message: '', limitSeconds: 10 };
  const { answered } = await intake.take(jobs[0]!.id, answer(jobs[0]!, { failure: late }));
  expect(answered).toEqual(jobs.slice(1));
  expect(intake.open.size).toBe(0);
  await store.close();
});

describe('what is no answer is refused', () => {
  const job = jobOf(trainedCell);
  const other = jobOf(trainedCell);
  test.each([
    ['not JSON', '{', 'not JSON'],
    ['nothing', 'null', 'cannot be used'],
    ['of another id', answer(other), 'of another cell'],
    ['of another cell', answer(job, { cell: { ...trainedCell, seed: 9 } }), 'of another cell'],
    [
      'of other sources',
      answer(job, { provenance: { ...recordOf(job.id).provenance, sourcesSha256: 'cd' } }),
      'other sources',
    ],
    ['with a field more', answer(job, { more: 1 }), 'more'],
    ['of a later version', answer(job, { schema: 2 }), 'schema'],
    [
      'with a score that is none',
      answer(job, { ...goodOutcome, metrics: { accuracy: null } }),
      'metrics.accuracy',
    ],
    ['without end', 'x'.repeat(2 ** 24 + 1), 'at most'],
  ])('%s', async (_what, text, words) => {
    expect(() => readAnswer(job, text)).toThrow(words);
    const { store, intake } = await intakeOf([job]);
    await intake.take(job.id, text);
    expect(store.records.get(job.id)?.failure?.kind).toBe('crashed');
    await store.close();
  });
});
