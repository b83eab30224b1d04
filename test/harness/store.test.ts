import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRecords } from '../../harness/read-records.js';
import { openStore } from '../../harness/store.js';
import { recordOf } from './cells.js';
import { temporaryFolder, tree } from './folders.js';

const id = '00000000000000aa';
const other = '00000000000000bb';

test('what was written is there for the next process, whole and under its id', async () => {
  const out = join(temporaryFolder(), 'deep', 'results');
  const store = await openStore(out);
  await store.write(recordOf(id));
  await store.close();
  expect(readdirSync(join(out, 'records'))).toEqual([`${id}.json`]);
  const again = await openStore(out);
  expect([...again.records.values()]).toEqual([recordOf(id)]);
  await again.close();
});

test('a record replaces an earlier one of its id and leaves the others untouched', async () => {
  const out = temporaryFolder();
  const store = await openStore(out);
  await store.write(recordOf(id));
  await store.write(recordOf(other));
  const before = readFileSync(join(out, 'records', `${other}.json`));
  await store.write(recordOf(id, undefined, { seconds: 99 }));
  expect(store.records.get(id)?.seconds).toBe(99);
  expect(readFileSync(join(out, 'records', `${other}.json`))).toEqual(before);
  await store.close();
});

test('what a killed process left half written is removed at the next start', async () => {
  const out = tree({ [`records/.${id}.123.tmp`]: '{"id": "00', 'records/notes.txt': 'mine' });
  await (await openStore(out)).close();
  expect(readdirSync(join(out, 'records'))).toEqual(['notes.txt']);
});

const whole = JSON.stringify(recordOf(id));
describe('a record that cannot be used is named, with what to do, and nothing is deleted', () => {
  test.each([
    ['cut short', `${id}.json`, whole.slice(0, 200), 'is cut short or not JSON'],
    ['empty', `${id}.json`, '', 'is cut short or not JSON'],
    [
      'of another version',
      `${id}.json`,
      whole.replace('"schema":1', '"schema":7'),
      'has record version 7, this formerbench reads version 1',
    ],
    ['without a version', `${id}.json`, '[]', 'has record version undefined'],
    ['without a field', `${id}.json`, whole.replace('"seconds":2', '"minutes":2'), 'is no complete record'],
    ['under the name of another', `${other}.json`, whole, `holds the record ${id}`],
  ])('%s', async (_what, name, text, message) => {
    const out = tree({
      [`records/${name}`]: text,
      [`records/00000000000000cc.json`]: JSON.stringify(recordOf('00000000000000cc')),
    });
    const failure = await openStore(out).then(
      () => 'opened',
      (error: unknown) => String(error),
    );
    expect(failure).toContain(join(out, 'records', name));
    expect(failure).toContain(message);
    expect(failure).toContain('Move such a file away');
    expect(readFileSync(join(out, 'records', name), 'utf8')).toBe(text);
    expect(existsSync(join(out, '.lock'))).toBe(false);
  });

  test('all of them at once', async () => {
    const out = tree({ [`records/${id}.json`]: '', [`records/${other}.json`]: '{' });
    await expect(openStore(out)).rejects.toThrow(new RegExp(`${id}[^]*${other}`));
  });
});

test('a file in place of the folder is a clear error', async () => {
  const out = join(tree({ results: 'a file' }), 'results');
  await expect(openStore(out)).rejects.toThrow(`cannot write results to ${out}`);
  expect(readFileSync(out, 'utf8')).toBe('a file');
});

test('records of several folders are read together, the latest of one id once', async () => {
  const early = recordOf(id);
  const late = {
    ...early,
    seconds: 5,
    provenance: { ...early.provenance, endedAt: '2026-02-01T00:00:00.000Z' },
  };
  const results = tree({ [`records/${id}.json`]: JSON.stringify(late) });
  const folder = tree({
    [`${id}.json`]: JSON.stringify(early),
    [`${other}.json`]: JSON.stringify(recordOf(other)),
  });
  const file = join(folder, `${other}.json`);
  const read = await readRecords([results, folder, file]);
  expect(read.map(({ id, seconds }) => [id, seconds])).toEqual([
    [id, 5],
    [other, 2],
  ]);
});

test('a folder without records, and no folder at all, are clear errors', async () => {
  const empty = temporaryFolder();
  mkdirSync(join(empty, 'records'));
  await expect(readRecords([empty])).rejects.toThrow('holds no records');
  await expect(readRecords([join(empty, 'gone')])).rejects.toThrow('does not exist');
  writeFileSync(join(empty, 'plain.json'), '{}');
  await expect(readRecords([join(empty, 'plain.json')])).rejects.toThrow('has record version');
});
