/**
 * What comes from outside, damaged in 10,000 ways and more: each is read or refused with an error of ours, in bounded
 * time, without a trace in the prototypes and without a file that nobody asked for.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { readAnswer, orderSchema } from '../../../harness/distributed/order.js';
import { openSlurmFiles, readList } from '../../../harness/distributed/slurm-files.js';
import { HarnessError } from '../../../harness/errors.js';
import { readMessage } from '../../../harness/scheduler/child-message.js';
import { outcomeOf } from '../../../harness/scheduler/failure.js';
import { readRecords } from '../../../harness/read-records.js';
import { readGolden } from '../../../harness/conformance/golden-file.js';
import { readArchive } from '../../../tasks/datasets/archive.js';
import { DataError } from '../../../tasks/datasets/contract.js';
import { readRows } from '../../../tasks/datasets/rows.js';
import { readZip } from '../../../tasks/datasets/zip.js';
import { openWordVectors, vectorWidth } from '../../../tasks/text/word-vector-file.js';
import { packTar } from '../../tasks/datasets/archives.js';
import { packZip } from '../../tasks/datasets/zips.js';
import { goodOutcome, jobOf, quietEnd, recordOf, trainedCell } from '../cells.js';
import { temporaryFolder } from '../folders.js';
import { mutatedBytes, mutatedJson } from './mutate.js';

const job = jobOf(trainedCell);
const record = recordOf(job.id);
const order = {
  ...{
    id: job.id,
    cell: trainedCell,
    sourcesSha256: 'ab'.repeat(32),
    fresh: false,
    preset: null,
    commandLine: ['x'],
  },
  limits: { seconds: null, memoryBytes: 1 },
};
const text = (value: unknown) => Buffer.from(JSON.stringify(value));

afterEach(() => {
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
});

/** Reads or refuses; anything but an error that is meant for a person is a defect. */
async function readsOrRefuses(read: () => unknown, ...errors: readonly (new (m: string) => Error)[]) {
  const begin = performance.now();
  try {
    await read();
  } catch (error) {
    if (!errors.some((kind) => error instanceof kind)) throw error;
    expect((error as Error).message.length).toBeGreaterThan(10);
    expect((error as Error).message.length).toBeLessThan(20_000);
  }
  expect(performance.now() - begin).toBeLessThan(10_000);
}

const drain = async (items: AsyncIterable<unknown>): Promise<void> => {
  const iterator = items[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
};

const runs = (numRuns: number) => ({ numRuns, seed: 20211101, endOnFailure: true });

test('answers of workers: 2,500 of damaged structure, 1,000 of damaged bytes', async () => {
  const good = { host: 'a', record };
  const check = (bytes: string) => readsOrRefuses(() => readAnswer(job, bytes), HarnessError);
  await fc.assert(fc.asyncProperty(mutatedJson(good), check), runs(2500));
  await fc.assert(
    fc.asyncProperty(mutatedBytes(text(good)), (bytes) => check(bytes.toString('utf8'))),
    runs(1000),
  );
});

test('orders and messages of children: 3,000', () => {
  const message = { kind: 'event', event: { kind: 'epoch', epoch: 1, of: 2, trainLoss: 0.5, seconds: 1 } };
  fc.assert(
    fc.property(mutatedJson(order), mutatedJson(message), mutatedJson(goodOutcome), (a, b, c) => {
      orderSchema.safeParse(JSON.parse(a));
      readMessage(JSON.parse(b));
      const limits = { seconds: 1, memoryBytes: 1, threads: 1 };
      const { failure } = outcomeOf({ ...quietEnd, outcome: JSON.parse(c) as unknown }, limits);
      expect(failure === null || failure.message.length < 200_000).toBe(true);
    }),
    runs(1000),
  );
});

/** Each input as a file of its own name; nothing else may appear beside it. */
async function asFiles(
  name: string,
  inputs: fc.Arbitrary<Uint8Array | string>,
  count: number,
  read: (file: string) => Promise<unknown>,
  ...errors: readonly (new (
    m: string,
  ) => Error)[]
) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'inside'));
  const file = join(folder, 'inside', name);
  await fc.assert(
    fc.asyncProperty(inputs, async (bytes) => {
      writeFileSync(file, bytes);
      await readsOrRefuses(() => read(file), ...errors);
    }),
    runs(count),
  );
  expect(readdirSync(folder)).toEqual(['inside']);
  expect(readdirSync(join(folder, 'inside'))).toEqual([name]);
}

test('records: 800 of damaged structure, 700 of damaged bytes', async () => {
  const name = `${record.id}.json`;
  const read = (file: string) => readRecords([file]);
  await asFiles(name, mutatedJson(record), 800, read, HarnessError);
  await asFiles(name, mutatedBytes(text(record)), 700, read, HarnessError);
});

test('archives: 600 of tar.gz, of which 300 damaged within, and 400 of zip', async () => {
  const limits = { entryBytes: 1e5, entries: 50, totalBytes: 1e6 };
  const files = ['a/b.txt', 'a/c.txt', 'd.csv'].map((name) => ({ name, content: `${name} `.repeat(50) }));
  const inner = await packTar(files);
  const read = (file: string) => drain(readArchive(file, limits, () => true, 'Fetch it again.'));
  await asFiles('x.tar.gz', mutatedBytes(gzipSync(inner)), 300, read, DataError);
  await asFiles(
    'x.tar.gz',
    mutatedBytes(inner).map((bytes) => gzipSync(bytes)),
    300,
    read,
    DataError,
  );
  const readZipped = (file: string) => drain(readZip(file, limits, () => true, 'Fetch it again.'));
  await asFiles('x.zip', mutatedBytes(packZip(files)), 400, readZipped, DataError);
});

test('word vectors: 700; tables: 700', async () => {
  const vectors = Buffer.from('the 0.1 0.2 0.3\nof 1 -2 3e-2\nand 0 0 0\n');
  const read = async (file: string) => {
    await vectorWidth(file);
    await drain(openWordVectors(file, 3));
  };
  await asFiles('v.txt', mutatedBytes(vectors), 700, read, DataError);
  const csv = Buffer.from('text,label\n"a, b",1\n"c ""d""",2\ne,3\n');
  await asFiles(
    't.csv',
    mutatedBytes(csv),
    350,
    (file) => drain(readRows(file, ['text', 'label'])),
    DataError,
  );
  const lines = Buffer.from('{"text": "a", "label": 1}\n{"text": "b", "label": 2}\n');
  await asFiles('t.jsonl', mutatedBytes(lines), 350, (file) => drain(readRows(file, ['text'])), DataError);
});

test('lists of orders and notes of tasks: 600; golden vectors: 300', async () => {
  const list = {
    ...{ version: 'v', backend: 'wasm', dataFolders: ['a'], plugins: [], checkpointSeconds: 60 },
    orders: [order],
  };
  await asFiles('list.json', mutatedJson(list), 300, readList, HarnessError);
  const out = temporaryFolder();
  const files = await openSlurmFiles(out);
  const notes = Buffer.from(`{"id":"${job.id}","task":"12_3"}\n{"id":"${job.id}","task":"13"}\n`);
  await fc.assert(
    fc.asyncProperty(mutatedBytes(notes), async (bytes) => {
      writeFileSync(join(out, 'slurm/tasks.jsonl'), bytes);
      for (const { id, task } of await files.remembered()) expect(id.length + task.length).toBeLessThan(81);
    }),
    runs(300),
  );
  const tensor = { shape: [1], dtype: 'float64', data: [1] };
  const golden = {
    arch: 'a',
    case: 'b',
    config: { batch: 1, length: 1, hidden: 1, block: 'layer' },
    weights: { w: tensor },
    inputs: { x: tensor },
    outputs: { y: tensor },
  };
  await asFiles('g.json', mutatedJson(golden), 300, (file) => readGolden(file), Error);
});
