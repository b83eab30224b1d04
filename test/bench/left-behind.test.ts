import { openSync, closeSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { growthOf, type Left, whatIsLeft } from '../../bench/left-behind.js';
import { temporaryFolder, tree } from '../harness/folders.js';

const round: Left = {
  ...{ heapMegabytes: 40, residentMegabytes: 200, tensors: 3, files: 20, sockets: 1, children: 0 },
  ...{ temporary: 0, failures: 0 },
};
const rounds = (change: (index: number) => Partial<Left>): Left[] =>
  Array.from({ length: 9 }, (_, index) => ({ ...round, ...change(index) }));

test('memory that goes up and down is no leak, memory that only goes up is one', () => {
  expect(growthOf(rounds((i) => ({ heapMegabytes: 40 + (i % 2) * 4 }))).problems).toEqual([]);
  expect(growthOf(rounds((i) => ({ heapMegabytes: 40 + i }))).problems).toEqual(['the heap grew by 6.0 MB']);
});

test.each(['tensors', 'files', 'sockets', 'children', 'temporary'] as const)(
  'one of %s more is told',
  (name) => {
    expect(growthOf(rounds((i) => ({ [name]: i === 8 ? 30 : 20 }))).problems).toEqual([
      `${name}: 20 at first, 30 at last`,
    ]);
  },
);

test('a cell that failed is told', () => {
  expect(growthOf(rounds((i) => ({ failures: i === 4 ? 1 : 0 }))).problems).toEqual(['1 cells failed']);
});

test.runIf(process.platform === 'linux')('what is open is counted', async () => {
  const folder = temporaryFolder();
  const before = whatIsLeft(folder, 7);
  expect(before).toMatchObject({ tensors: 7, temporary: 0 });
  tree({ 'a/b': '', c: '' }, folder);
  const file = openSync(join(folder, 'c'), 'r');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const after = whatIsLeft(folder, 7);
  expect([after.files - before.files, after.sockets - before.sockets, after.temporary]).toEqual([1, 1, 2]);
  closeSync(file);
  server.close();
  await once(server, 'close');
  expect(whatIsLeft(folder, 7)).toMatchObject({ files: before.files, sockets: before.sockets });
});
