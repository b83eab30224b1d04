import fc from 'fast-check';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { boundPrepared, preparedOnce } from '../../harness/prepared-data.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'formerbench-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('prepared data', () => {
  const data = { words: ['a', 'é'], ids: [Int32Array.of(1, 2), new Int32Array()], mean: NaN, none: null };

  test('is read once a run for equal requests, and is the same again', async () => {
    const load = vi.fn(() => Promise.resolve(data));
    expect(await preparedOnce(folder, { name: 'a', length: 3 }, load)).toBe(data);
    expect(await preparedOnce(folder, { length: 3, name: 'a' }, load)).toEqual(data);
    expect(load).toHaveBeenCalledTimes(1);
    await preparedOnce(folder, { name: 'a', length: 4 }, load);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test('is read each time without a folder', async () => {
    const load = vi.fn(() => Promise.resolve(data));
    await preparedOnce(undefined, {}, load);
    await preparedOnce(undefined, {}, load);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test('of two that start together is whole, with nothing unfinished left', async () => {
    const load = () => Promise.resolve(data);
    const both = await Promise.all([preparedOnce(folder, {}, load), preparedOnce(folder, {}, load)]);
    expect(both).toEqual([data, data]);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.data$/)]);
  });

  test('costs no result where it cannot be written, and keeps no failure', async () => {
    const gone = join(folder, 'gone');
    expect(await preparedOnce(gone, {}, () => Promise.resolve(data))).toBe(data);
    await expect(preparedOnce(folder, {}, () => Promise.reject(new Error('damaged')))).rejects.toThrow(
      'damaged',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is never that of another request', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (a, b) => {
        const first = await preparedOnce(folder, { a }, () => Promise.resolve(JSON.stringify(a)));
        const second = await preparedOnce(folder, { a: b }, () => Promise.resolve(JSON.stringify(b)));
        expect(JSON.parse(first)).toEqual(JSON.parse(JSON.stringify(a)));
        expect(JSON.parse(second)).toEqual(JSON.parse(JSON.stringify(b)));
      }),
      { numRuns: 50 },
    );
  });
});

test('of prepared data the latest stay, as many as fit', async () => {
  for (const [age, name] of ['new', 'middle', 'old'].entries()) {
    const file = join(folder, `${name}.data`);
    writeFileSync(file, Buffer.alloc(100));
    utimesSync(file, 1000 - age, 1000 - age);
  }
  writeFileSync(join(folder, 'worker.cjs'), Buffer.alloc(1000));
  await boundPrepared(folder, 300);
  expect(readdirSync(folder)).toHaveLength(4);
  await boundPrepared(folder, 299);
  expect(readdirSync(folder).sort()).toEqual(['middle.data', 'new.data', 'worker.cjs']);
  await boundPrepared(folder, 0);
  expect(readdirSync(folder)).toEqual(['worker.cjs']);
});
