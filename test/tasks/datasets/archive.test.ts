import { readFileSync } from 'node:fs';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readArchive } from '../../../tasks/datasets/archive.js';
import { DataError } from '../../../tasks/datasets/contract.js';
import { declareSize, mendChecksum, packTar, writeArchive, writeBytes, type Entry } from './archives.js';

const limits = { entryBytes: 1000, entries: 10, totalBytes: 100_000 };

async function read(path: string, given = limits): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, content } of readArchive(
    path,
    given,
    (each) => each.endsWith('.txt'),
    'Get it again.',
  )) {
    files[name] = content.toString('utf8');
  }
  return files;
}

/** The message of the DataError that reading gives. */
async function problem(path: string, given = limits): Promise<string> {
  const error = await read(path, given).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

const hostile = async (entry: Entry) =>
  problem(await writeArchive([{ name: 'a.txt', content: 'good' }, entry]));

describe('readArchive', () => {
  it('gives the wanted files in order and skips the others', async () => {
    const path = await writeArchive([
      { name: 'folder', type: 'directory' },
      { name: 'folder/b.txt', content: 'second' },
      { name: 'folder/skipped.bin', content: 'x'.repeat(5000) },
      { name: 'folder/a.txt', content: 'é'.repeat(400) },
      { name: 'folder/empty.txt' },
    ]);
    expect(Object.entries(await read(path))).toEqual([
      ['folder/b.txt', 'second'],
      ['folder/a.txt', 'é'.repeat(400)],
      ['folder/empty.txt', ''],
    ]);
  });

  it('gives names longer than a tar header holds', async () => {
    const name = `${'long/'.repeat(60)}a.txt`;
    expect(await read(await writeArchive([{ name, content: 'far' }]))).toEqual({ [name]: 'far' });
  });

  it('stops without an error when its reader stops', async () => {
    const path = await writeArchive([
      { name: 'a.txt', content: '1' },
      { name: 'b.txt', content: '2' },
    ]);
    for await (const { name } of readArchive(path, limits, () => true, '')) {
      expect(name).toBe('a.txt');
      break;
    }
  });

  it('refuses a path that climbs out', async () => {
    expect(await hostile({ name: '../../evil.txt', content: 'x' })).toMatch(
      /climbs out.*"\.\.\/\.\.\/evil\.txt"/,
    );
    expect(await hostile({ name: 'a/..\\..\\evil.txt', content: 'x' })).toMatch(/climbs out/);
  });

  it('refuses an absolute path', async () => {
    expect(await hostile({ name: '/evil.txt', content: 'x' })).toMatch(/absolute path/);
    expect(await hostile({ name: 'C:\\evil.txt', content: 'x' })).toMatch(/absolute path/);
  });

  it('refuses links and devices, also under a name that is not wanted', async () => {
    expect(await hostile({ name: 'b', type: 'symlink', linkname: '/etc/passwd' })).toMatch(/holds a symlink/);
    expect(await hostile({ name: 'b', type: 'link', linkname: 'a.txt' })).toMatch(/holds a link/);
    expect(await hostile({ name: 'b', type: 'character-device' })).toMatch(/holds a character-device/);
  });

  it('refuses a kind of entry that it does not know', async () => {
    const archive = await packTar([{ name: 'a.txt', content: 'x' }]);
    archive[156] = 'S'.charCodeAt(0);
    expect(await problem(await writeArchive(mendChecksum(archive)))).toMatch(/unknown kind/);
  });

  it('refuses a file that declares a gigantic size, before reading it', async () => {
    const archive = await packTar([{ name: 'a.txt', content: 'x' }]);
    expect(await problem(await writeArchive(declareSize(archive, 2n ** 50n)))).toMatch(
      /"a\.txt" declares 1125899906842624/,
    );
    expect(await problem(await writeArchive(declareSize(archive, 2n ** 63n)))).toMatch(/impossible size/);
  });

  it('refuses a size that is no number', async () => {
    const archive = await packTar([{ name: 'a.txt', content: 'x' }]);
    archive[124] = 0x81;
    expect(await problem(await writeArchive(mendChecksum(archive)))).toMatch(/impossible size|damaged/);
  });

  it('refuses more entries than the limit', async () => {
    const entries = Array.from({ length: 11 }, (_, i) => ({ name: `${i}.txt`, content: 'x' }));
    expect(await problem(await writeArchive(entries))).toMatch(/more than 10 entries/);
  });

  it('refuses a small file that decompresses to more than the limit, also where nothing of it is wanted', async () => {
    const path = await writeArchive([{ name: 'zeros.bin', content: '\0'.repeat(200_000) }]);
    expect(readFileSync(path).length).toBeLessThan(2000);
    expect(await problem(path)).toMatch(/decompresses to more than 100000 bytes/);
  });

  it('says that a gzip file is cut short, wherever it is cut', async () => {
    const text = Array.from({ length: 900 }, (_, i) => String.fromCharCode(33 + ((i * i * 31) % 90))).join(
      '',
    );
    const whole = gzipSync(
      await packTar([
        { name: 'a.txt', content: text },
        { name: 'b.txt', content: text },
      ]),
    );
    for (const share of [0.02, 0.3, 0.6, 0.95]) {
      const cut = whole.subarray(0, Math.floor(whole.length * share));
      expect(await problem(writeBytes(cut, 'cut.tar.gz'))).toBe(
        'cut.tar.gz cannot be used: it is cut short. Get it again.',
      );
    }
  });

  it('says that a tar inside a sound gzip file is cut short', async () => {
    const archive = await packTar([{ name: 'a.txt', content: 'x'.repeat(900) }]);
    expect(await problem(await writeArchive(archive.subarray(0, 1000)))).toMatch(/cut short/);
  });

  it('says that a file is no gzip file', async () => {
    expect(await problem(writeBytes(Buffer.from('<html>404</html>'), 'page.tar.gz'))).toMatch(
      /^page\.tar\.gz cannot be used: it is not a valid gzip file/,
    );
    expect(await problem(writeBytes(deflateRawSync('raw'), 'raw.tar.gz'))).toMatch(/not a valid gzip file/);
  });

  it('says that bytes are damaged, by the checksum of gzip or of the tar header', async () => {
    const archive = await packTar([{ name: 'a.txt', content: 'x' }]);
    const whole = gzipSync(archive);
    whole[whole.length - 6]! ^= 0xff;
    expect(await problem(writeBytes(whole, 'crc.tar.gz'))).toMatch(/not a valid gzip file/);
    archive[0]! ^= 0xff;
    expect(await problem(await writeArchive(archive))).toMatch(/damaged \(invalid tar header\)/);
  });

  it('says what is wrong when the file is not there', async () => {
    expect(await problem('nowhere.tar.gz')).toMatch(/^nowhere\.tar\.gz cannot be used: .*no such file/);
  });

  it('gives nothing for an archive without entries', async () => {
    expect(await read(await writeArchive([]))).toEqual({});
  });
});
