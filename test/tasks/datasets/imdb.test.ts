import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DataError, type TextDataset, type TextExample } from '../../../tasks/datasets/contract.js';
import { imdb, imdbBinary } from '../../../tasks/datasets/imdb.js';
import { temporaryFolder, writeArchive, writeBytes } from './archives.js';

const reviews = [
  { name: 'aclImdb/README', content: 'about' },
  { name: 'aclImdb/imdb.vocab', content: 'the' },
  { name: 'aclImdb/test/neg/0_2.txt', content: 'dull<br /><br />very dull' },
  { name: 'aclImdb/test/pos/0_10.txt', content: 'a classic' },
  { name: 'aclImdb/train/neg/0_4.txt', content: 'meh' },
  { name: 'aclImdb/train/pos/12_7.txt', content: 'caf\u00e9' },
  { name: 'aclImdb/train/unsup/0_0.txt', content: 'no label' },
  { name: 'aclImdb/train/urls_pos.txt', content: 'links' },
];

async function readAll(dataset: TextDataset, folder: string): Promise<TextExample[]> {
  const source = await dataset.find([folder]);
  if (source === null) throw new Error('the dataset was not found');
  const examples: TextExample[] = [];
  for await (const example of dataset.read(source, {})) examples.push(example);
  return examples;
}

const problem = async (path: string): Promise<string> => {
  const error = await readAll(imdb, dirname(path)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
};

function unpack(): string {
  const folder = temporaryFolder();
  for (const { name, content } of reviews) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const expected: TextExample[] = [
  { id: 'test/neg/0_2', text: 'dull  very dull', label: '2', split: 'test' },
  { id: 'test/pos/0_10', text: 'a classic', label: '10', split: 'test' },
  { id: 'train/neg/0_4', text: 'meh', label: '4', split: 'train' },
  { id: 'train/pos/12_7', text: 'caf\u00e9', label: '7', split: 'train' },
];

describe('imdb', () => {
  it('reads the labelled reviews of the archive, with the rating as label and the split of the origin', async () => {
    expect(await readAll(imdb, dirname(await writeArchive(reviews)))).toEqual(expected);
  });

  it('reads the same from the unpacked folder', async () => {
    expect(await readAll(imdb, unpack())).toEqual(expected);
  });

  it('labels reviews positive or negative in its binary form, and is the same otherwise', async () => {
    const examples = await readAll(imdbBinary, dirname(await writeArchive(reviews)));
    const labels = ['negative', 'positive', 'negative', 'positive'];
    expect(examples).toEqual(expected.map((example, i) => ({ ...example, label: labels[i]! })));
  });

  it('says why its values do not compare with the paper, in both forms', () => {
    for (const { paperColumn } of [imdb, imdbBinary]) {
      expect(paperColumn.name).toBe('IMDB');
      expect(paperColumn.notComparable).toMatch(/JMARS with ten ratings and 108\.5k/);
    }
  });

  it('is found in a data folder or its imdb subfolder, the original archive before others', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'imdb'));
    expect(await imdb.find([folder, '/nowhere'])).toBeNull();
    writeFileSync(join(folder, 'imdb', 'aclImdb_50k.tar.gz'), '');
    expect(await imdb.find(['/nowhere', folder])).toEqual({
      path: join(folder, 'imdb', 'aclImdb_50k.tar.gz'),
      label: 'aclImdb_50k.tar.gz',
    });
    writeFileSync(join(folder, 'imdb', 'aclImdb_v1.tar.gz'), '');
    expect((await imdb.find([folder]))?.label).toBe('aclImdb_v1.tar.gz');
  });

  it('does not take a file called aclImdb for the unpacked folder', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'aclImdb'), '');
    expect(await imdb.find([folder])).toBeNull();
  });

  it('refuses an archive of another layout, and one without files, and says what was expected', async () => {
    const message =
      /aclImdb_v1\.tar\.gz cannot be used: it holds 0 training and 0 test reviews.*ID_RATING\.txt\. Download/;
    expect(await problem(await writeArchive([{ name: 'other/a.txt', content: 'x' }]))).toMatch(message);
    expect(await problem(await writeArchive([]))).toMatch(message);
  });

  it('says that an empty file is cut short', async () => {
    expect(await problem(writeBytes(new Uint8Array(), 'aclImdb_v1.tar.gz'))).toMatch(
      /it is cut short\. Download/,
    );
  });

  it('refuses an archive that lacks one half', async () => {
    expect(await problem(await writeArchive(reviews.slice(0, 4)))).toMatch(/0 training and 2 test reviews/);
  });

  it('refuses a hostile archive that is otherwise sound', async () => {
    const path = await writeArchive([...reviews, { name: '../train/pos/1_9.txt', content: 'x' }]);
    expect(await problem(path)).toMatch(/^aclImdb_v1\.tar\.gz cannot be used: .*climbs out.*Download/);
  });

  it('refuses a review of a size that no review has', async () => {
    const large = { name: 'aclImdb/train/pos/1_9.txt', content: 'x'.repeat(2 ** 20 + 1) };
    expect(await problem(await writeArchive([...reviews, large]))).toMatch(/declares 1048577 bytes/);
    const folder = unpack();
    writeFileSync(join(folder, large.name), large.content);
    await expect(readAll(imdb, folder)).rejects.toThrow(/1_9\.txt has 1048577 bytes/);
  });

  it('does not follow links in an unpacked folder', async () => {
    const folder = unpack();
    symlinkSync(join(folder, 'aclImdb/README'), join(folder, 'aclImdb/train/pos/3_9.txt'));
    expect(await readAll(imdb, folder)).toEqual(expected);
  });
});

const shared = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
if (!existsSync(shared)) console.info('skipped: the real aclImdb, ../shared is not here');

describe.runIf(existsSync(shared))('the real aclImdb', () => {
  it('has 25,000 reviews of each split, half of them of each sentiment, and eight ratings', async () => {
    const examples = await readAll(imdb, shared);
    const count = (prefix: string) => examples.filter((example) => example.id.startsWith(prefix)).length;
    expect(['train/pos', 'train/neg', 'test/pos', 'test/neg'].map(count)).toEqual([
      12500, 12500, 12500, 12500,
    ]);
    expect(examples.filter((example) => example.split === 'train').length).toBe(25_000);
    const labels = new Set(examples.map((example) => example.label));
    expect([...labels].map(Number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 7, 8, 9, 10]);
    expect(examples.filter((example) => example.text.includes('<br />')).length).toBe(0);
    const words = examples.reduce((sum, { text }) => sum + text.split(/\s+/).filter(Boolean).length, 0);
    expect(Math.round(words / examples.length)).toBe(229);
  });
});
