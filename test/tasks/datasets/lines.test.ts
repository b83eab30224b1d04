import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../tasks/datasets/contract.js';
import { readJsonArray } from '../../../tasks/datasets/json-array.js';
import { type LineLimits, readLines, splitLines } from '../../../tasks/datasets/lines.js';
import { writeBytes } from './archives.js';

const limits: LineLimits = { lineBytes: 100, lines: 1_000, totalBytes: 10_000 };

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const read: Item[] = [];
  for await (const item of items) read.push(item);
  return read;
}

const lines = (bytes: Buffer | string, given = limits) =>
  all(readLines(writeBytes(Buffer.from(bytes), 'a.txt'), given, 'Get it again.'));

describe('readLines', () => {
  it('gives the same lines plain and gzip, without line ends and byte order mark', async () => {
    const text = '\ufefffirst\r\nsecond é\n\nlast';
    const expected = ['first', 'second é', '', 'last'];
    expect(await lines(text)).toEqual(expected);
    expect(await lines(gzipSync(text))).toEqual(expected);
    expect(await lines(`${text}\n`)).toEqual(expected);
  });

  it('does not depend on where the pieces of a file end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'é', '\n', '東', '\r\n'), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        async (parts, size) => {
          const bytes = Buffer.from(parts.join(''));
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          expect(await all(splitLines(pieces, limits))).toEqual(await all(splitLines([bytes], limits)));
        },
      ),
    );
  });

  it('refuses a line, a number of lines, and a file over the limits', async () => {
    await expect(lines(`ok\n${'x'.repeat(101)}`)).rejects.toThrow(
      /a\.txt cannot be used: line 2 is longer than 100 bytes\. Get it again\./,
    );
    await expect(lines('\n'.repeat(1_001))).rejects.toThrow(/more than 1000 lines/);
    await expect(lines(gzipSync('short\n'.repeat(2_000)), { ...limits, lines: 9_999 })).rejects.toThrow(
      /more than 10000 bytes/,
    );
  });

  it('says that a gzip file is cut short', async () => {
    const whole = gzipSync(Array.from({ length: 500 }, (_, i) => String(i * 7919)).join('\n'));
    await expect(lines(whole.subarray(0, -20))).rejects.toThrow(/a\.txt cannot be used: it is cut short/);
  });

  it('says what is wrong when the file is not there', async () => {
    await expect(all(readLines('nowhere.txt', limits, 'Get it.'))).rejects.toThrow(DataError);
  });
});

const array = (text: string | Buffer, given = { elementBytes: 200, elements: 100 }) =>
  all(readJsonArray(writeBytes(Buffer.from(text), 'a.json'), given, 'Get it again.'));

describe('readJsonArray', () => {
  it('gives each element of any array, as JSON.parse does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 5 }),
        fc.constantFrom(0, 2),
        async (values, indent) => {
          const text = JSON.stringify(values, null, indent);
          expect(await array(` ${text}\n`, { elementBytes: 1e5, elements: 100 })).toEqual(JSON.parse(text));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is not misled by brackets, commas and quotes inside strings', async () => {
    const values = [{ text: 'a "quoted" ] } , \\ {[' }, '],[', { deep: [[1], { x: ',' }] }];
    expect(await array(JSON.stringify(values))).toEqual(values);
  });

  it('refuses what is no array, is cut short, or holds something that is no JSON', async () => {
    await expect(array('')).rejects.toThrow(
      /a\.json cannot be used: it is no JSON array, or cut short\. Get it again\./,
    );
    await expect(array('<html></html>')).rejects.toThrow(/no JSON array/);
    await expect(array('[{"a":1},{"a"')).rejects.toThrow(/cut short/);
    await expect(array('[1,{"a"}]')).rejects.toThrow(/element 2 is no JSON/);
  });

  it('refuses an element and a number of elements over the limits', async () => {
    await expect(array(JSON.stringify(['x'.repeat(300)]))).rejects.toThrow(/longer than 200 bytes/);
    await expect(array(JSON.stringify(new Array(101).fill(1)))).rejects.toThrow(/more than 100 elements/);
  });
});
