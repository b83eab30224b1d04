import { describe, expect, it } from 'vitest';
import { DataError } from '../../../tasks/datasets/contract.js';
import { readZip } from '../../../tasks/datasets/zip.js';
import { writeBytes } from './archives.js';
import { packZip, type ZipEntry } from './zips.js';

const limits = { entryBytes: 1_000, entries: 5, totalBytes: 3_000 };

async function read(bytes: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const isText = (name: string) => name.endsWith('.txt');
  for await (const { name, content } of readZip(writeBytes(bytes, 'a.zip'), limits, isText, 'Get it again.'))
    files[name] = content.toString('utf8');
  return files;
}

const problem = async (bytes: Buffer): Promise<string> => {
  const error = await read(bytes).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  const { message } = error as DataError;
  expect(message).toMatch(/^a\.zip cannot be used: .*\. Get it again\.$/s);
  return message;
};

const hostile = (entry: ZipEntry) => problem(packZip([{ name: 'a.txt', content: 'good' }, entry]));

describe('readZip', () => {
  it('gives the wanted files in order and skips the others', async () => {
    const bytes = packZip([
      { name: 'folder/', content: '' },
      { name: 'folder/b.txt', content: 'zweite' },
      { name: 'folder/b.bin', content: 'x' },
      { name: 'a.txt', content: 'é'.repeat(100) },
    ]);
    expect(Object.entries(await read(bytes))).toEqual([
      ['folder/b.txt', 'zweite'],
      ['a.txt', 'é'.repeat(100)],
    ]);
  });

  it('refuses paths that climb out or are absolute', async () => {
    expect(await hostile({ name: '../../evil.txt', content: 'x' })).toMatch(/\.\./);
    expect(await hostile({ name: '/evil.txt', content: 'x' })).toMatch(/absolute/);
    expect(await hostile({ name: 'C:/evil.txt', content: 'x' })).toMatch(/absolute/);
  });

  it('refuses links, whatever their name', async () => {
    expect(await hostile({ name: 'b', content: '/etc/passwd', mode: 0o120777 })).toMatch(/link/);
  });

  it('refuses what is larger than the limits, before reading it', async () => {
    expect(await hostile({ name: 'b.txt', content: 'x'.repeat(1_001) })).toMatch(/declares 1001 bytes/);
    expect(await hostile({ name: 'b.bin', content: 'x'.repeat(3_000) })).toMatch(/more than 3000 bytes/);
    const many = Array.from({ length: 6 }, (_, i) => ({ name: `${i}.txt`, content: '' }));
    expect(await problem(packZip(many))).toMatch(/more than 5 entries/);
  });

  it('refuses an entry that is longer or shorter than it says', async () => {
    expect(await hostile({ name: 'b.txt', content: 'x'.repeat(900), declared: 10 })).toMatch(/bytes|size/);
    expect(await hostile({ name: 'b.txt', content: 'x', declared: 900 })).toMatch(/bytes|size/);
  });

  it('refuses a file that is cut short, damaged, or no zip', async () => {
    const whole = packZip([{ name: 'a.txt', content: 'words and more words' }]);
    expect(await problem(whole.subarray(0, -30))).toMatch(/no whole zip/);
    expect(await problem(Buffer.from('<html>404</html>'.repeat(10)))).toMatch(/no whole zip/);
    const damaged = Buffer.from(whole);
    damaged[36]! ^= 0xff;
    await problem(damaged);
  });
});
