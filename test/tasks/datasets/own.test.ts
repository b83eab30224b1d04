import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { loadClassification } from '../../../tasks/classification/load.js';
import { hashPaths } from '../../../tasks/datasets/checksum.js';
import { ownDataset, ownName } from '../../../tasks/datasets/own.js';
import { temporaryFolder } from './archives.js';
import { problemOf, readAll } from './read-all.js';

function write(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

/** Reads a table or a folder as the command line would. */
async function readOwn(path: string, given: Readonly<Record<string, string>> = {}) {
  const dataset = ownDataset(ownName(path));
  if (dataset === null) throw new Error('that is no name');
  const others = ['validationFile', 'testFile'].flatMap((key) => given[key] ?? []);
  const sha256 = await hashPaths([path, ...others.map((file) => join(dirname(path), file))]);
  return readAll(dataset, dirname(path), { file: basename(path), sha256, ...given });
}

const rows = [
  { text: 'A "good" film, really', label: '1' },
  { text: 'bad<br/>film', label: '0' },
];
const expected = [
  { id: 'train/1', text: 'A "good" film, really', label: '1', split: null },
  { id: 'train/2', text: 'bad film', label: '0', split: null },
];

describe('a user’s own table', () => {
  it.each([
    ['a.csv', 'text,label\r\n"A ""good"" film, really",1\r\nbad<br/>film,0\r\n'],
    ['a.csv.gz', gzipSync('\ufefftext,other,label\n"A ""good"" film, really",x,1\nbad<br/>film,y,0')],
    ['a.csv', '\ufeffLabel ; text;label\r\nx;"A ""good"" film, really";1\r\ny;bad<br/>film; 0 \r\n'],
    ['a.csv', 'text\tlabel\n"A ""good"" film, really"\t1\nbad<br/>film\t0'],
    ['a.tsv', 'label\ttext\n1\tA "good" film, really\n0\tbad<br/>film\n'],
    ['a.jsonl', '{"text":"A \\"good\\" film, really","label":1}\n\n{"text":"bad<br/>film","label":"0"}'],
    ['a.json', ' \n[{"text":"A \\"good\\" film, really","label":1},\n {"text":"bad<br/>film","label":"0"}]'],
    ['a.json.gz', gzipSync(JSON.stringify(rows))],
  ])('is read from %s', async (name, content) => {
    expect(await readOwn(write(name, content))).toEqual(expected);
  });

  it('is read from Parquet, whole numbers of 64 bits too, in more than one piece', async () => {
    const count = 5_000;
    const data = Array.from({ length: count }, (_, i) => rows[i % 2]!);
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: 'text', data: data.map(({ text }) => text), type: 'STRING' },
        { name: 'label', data: data.map(({ label }) => BigInt(label)), type: 'INT64' },
      ],
    });
    const examples = await readOwn(write('a.parquet', new Uint8Array(bytes)));
    expect(examples).toHaveLength(count);
    expect(examples.slice(0, 2)).toEqual(expected);
    expect(examples.at(-1)).toMatchObject({ id: `train/${count}`, text: 'bad film', label: '0' });
  });

  it('takes columns of other names, and names for the classes', async () => {
    const path = write('a.csv', 'review,stars\ngood,1\nbad,0\nbad,neg');
    const given = { textColumn: 'review', labelColumn: 'stars', classNames: 'neg,pos' };
    expect((await readOwn(path, given)).map(({ label }) => label)).toEqual(['pos', 'neg', 'neg']);
    const wrong = { ...given, classNames: 'neg' };
    expect(await problemOf(readOwn(path, wrong))).toMatch(/label "1" has no name: --class-names gives 1/);
  });

  it('keeps splits that are given as files', async () => {
    const path = write('a.csv', 'text,label\na,1');
    writeFileSync(join(dirname(path), 'dev.jsonl'), '{"text":"b","label":1}');
    writeFileSync(join(dirname(path), 'test.tsv'), 'text\tlabel\nc\t0');
    const given = { validationFile: 'dev.jsonl', testFile: 'test.tsv' };
    expect((await readOwn(path, given)).map(({ id, split }) => [id, split])).toEqual([
      ['train/1', 'train'],
      ['validation/1', 'validation'],
      ['test/1', 'test'],
    ]);
    const test = await readOwn(path, { testFile: 'test.tsv' });
    expect(test.map(({ id, split }) => [id, split])).toEqual([
      ['train/1', 'train'],
      ['test/1', 'test'],
    ]);
  });

  it.each([
    [
      'a.csv',
      'review,label\na,1',
      /a\.csv cannot be used: there is no column 'text'; it has: review, label\. Name/,
    ],
    ['a.csv', 'text,label\na,1,2\n', /a\.csv cannot be used: .*line 2/],
    ['a.csv', 'text,label\n"never closed,1\n', /a\.csv cannot be used: .*[Qq]uote/],
    ['a.csv', 'text,label\n', /a\.csv cannot be used: it holds no rows/],
    ['a.tsv', 'text\tlabel\na\n', /a\.tsv cannot be used: line 2 has 1 columns, the header has 2/],
    [
      'a.tsv',
      'text\tlabel\n"two\nlines"\t1\n',
      /a\.tsv cannot be used: line 2 has 1 columns, the header has 2\. .*call it \.csv/,
    ],
    [
      'a.csv',
      `${'long '.repeat(99)},${'line '.repeat(99)}\nb,1`,
      /'text'; it has: (?:long ){10}…, (?:line ){10}…\./,
    ],
    ['a.jsonl', '{"text":"a","label":1}\n[1]', /a\.jsonl cannot be used: line 2 is no JSON object/],
    ['a.json', '[{"text":"a","label":1}, "b"]', /a\.json cannot be used: element 2 is no JSON object/],
    ['a.json', '[{"text":"a","label":1},', /a\.json cannot be used: it is no JSON array, or cut short/],
    [
      'a.csv',
      Buffer.from('text,label\na,schön\n', 'latin1'),
      /row 1 has a label in column 'label' that is no UTF-8/,
    ],
    [
      'a.jsonl',
      '{"text":"a","label":1}\n{"text":"a","label":null}',
      /row 2 has no text or number in column 'label'/,
    ],
    [
      'a.csv',
      'text,label\na,1\nb,\n',
      /row 2 has an empty label in column 'label'; label it, or take the row out/,
    ],
    ['a.parquet', 'PAR1 and nothing more', /a\.parquet cannot be used/],
    ['a.parquet.gz', gzipSync('PAR1'), /a\.parquet\.gz cannot be used: .* take it out of the \.gz/],
    ['a.csv.gz', gzipSync('text,label\na,1').subarray(0, 20), /a\.csv\.gz cannot be used/],
    ['a.doc', 'x', /a\.doc is no file that can be read: use \.csv, \.tsv, \.jsonl or \.parquet/],
  ])('says what is wrong with %s', async (name, content, message) => {
    expect(await problemOf(readOwn(write(name, content)))).toMatch(message);
  });

  it('refuses data that has changed since it was planned for', async () => {
    const path = write('a.csv', 'text,label\na,1');
    const sha256 = await hashPaths([path]);
    writeFileSync(path, 'text,label\nb,1');
    expect(await problemOf(readOwn(path, { sha256 }))).toMatch(/not what this was planned for/);
  });
});

describe('a user’s own folder', () => {
  const fill = (files: Readonly<Record<string, string>>): string => {
    const folder = join(temporaryFolder(), 'mine');
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return folder;
  };

  it('has one subfolder a class, with or without splits above', async () => {
    const flat = await readOwn(
      fill({ 'ham/1.txt': 'a', 'spam/x/2.txt': 'b', 'README.md': 'no', 'spam/3.bin': '' }),
    );
    expect(flat.map(({ id, label, split }) => [id, label, split])).toEqual([
      ['train/ham/1.txt', 'ham', null],
      ['train/spam/x/2.txt', 'spam', null],
    ]);
    const split = await readOwn(fill({ 'train/ham/1.txt': 'a', 'test/spam/1.txt': 'b' }));
    expect(split.map(({ label, split: part }) => [label, part])).toEqual([
      ['spam', 'test'],
      ['ham', 'train'],
    ]);
  });

  it('takes what people call splits, endings in capitals, and texts with a byte order mark', async () => {
    const texts = await readOwn(
      fill({
        'Train/ham/1.TXT': '\ufeffa',
        'dev/ham/2.txt': 'b',
        'val/spam/3.txt': 'c',
        'test/spam/4.txt': 'd\r\ne',
      }),
    );
    expect(texts.map(({ text, label, split }) => [text, label, split])).toEqual([
      ['a', 'ham', 'train'],
      ['b', 'ham', 'validation'],
      ['d\r\ne', 'spam', 'test'],
      ['c', 'spam', 'validation'],
    ]);
  });

  it('is read as aclImdb has it: texts without labels and lists beside the classes are no classes', async () => {
    const texts = await readOwn(
      fill({
        'train/urls_pos.txt': 'no',
        'train/pos/0_9.txt': 'a',
        'train/unsup/0_0.txt': 'no',
        'test/urls_neg.txt': 'no',
        'test/neg/0_2.txt': 'b',
      }),
    );
    expect(texts.map(({ text, label, split }) => [text, label, split])).toEqual([
      ['b', 'neg', 'test'],
      ['a', 'pos', 'train'],
    ]);
  });

  it('may hold files without an ending, as the twenty newsgroups do', async () => {
    const texts = await readOwn(
      fill({ 'sci.space/60151': 'a', 'rec.autos/101551': 'b', 'rec.autos/.cache': 'no' }),
    );
    expect(texts.map(({ text, label }) => [text, label])).toEqual([
      ['b', 'rec.autos'],
      ['a', 'sci.space'],
    ]);
  });

  it('is left by no link', async () => {
    const folder = fill({ 'ham/1.txt': 'a', 'spam/2.txt': 'b' });
    const outside = write('secret.txt', 'no');
    symlinkSync(outside, join(folder, 'ham', 'linked.txt'));
    symlinkSync(dirname(outside), join(folder, 'linked'));
    symlinkSync('..', join(folder, 'ham', 'loop'));
    expect((await readOwn(folder)).map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('is refused when a text is longer than any line of a table may be', async () => {
    const folder = fill({ 'ham/1.txt': 'a', 'spam/2.txt': '' });
    truncateSync(join(folder, 'spam', '2.txt'), 2 ** 24 + 1);
    expect(await problemOf(readOwn(folder))).toMatch(
      /mine cannot be used: spam\/2\.txt is longer than 16777216 bytes/,
    );
  });

  it('is refused when it has no texts', async () => {
    expect(await problemOf(readOwn(fill({ 'a.txt': 'x' })))).toMatch(
      /holds no texts of the layout CLASS\/NAME\.txt/,
    );
  });

  it('has a checksum that tells its files’ places and contents', async () => {
    const sums = await Promise.all(
      [{ 'a/1.txt': 'x' }, { 'b/1.txt': 'x' }, { 'a/1.txt': 'y' }, { 'a/1.txt': 'x' }].map((files) =>
        hashPaths([fill(files)]),
      ),
    );
    expect(new Set(sums).size).toBe(3);
    expect(sums[3]).toBe(sums[0]);
  });
});

describe('the name of a user’s own data', () => {
  it.each([
    ['/data/My Reviews.csv', 'own-my-reviews'],
    ['a/b.c.jsonl.gz', 'own-b-c'],
    ['folder', 'own-folder'],
    ['../東.tsv', 'own-data'],
  ])('of %s is %s', (path, name) => {
    expect(ownName(path)).toBe(name);
    expect(ownDataset(name)?.name).toBe(name);
  });

  it('is no other name', () => {
    for (const name of ['reviews', 'own', 'own-', 'own-A', 'own-../x']) expect(ownDataset(name)).toBeNull();
  });
});

describe('loading a user’s own table', () => {
  it('splits it by label, or keeps the parts given, and has the file’s checksum', async () => {
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `word${from + i} text,${(from + i) % 2}`).join('\n');
    const path = write('reviews.csv', `text,label\n${lines(0, 100)}`);
    writeFileSync(join(dirname(path), 'test.csv'), `text,label\n${lines(100, 130)}`);
    const load = async (testFile: string) => {
      const dataset = ownDataset('own-reviews');
      if (dataset === null) throw new Error('that is no name');
      const files = [path, ...(testFile === '' ? [] : [join(dirname(path), testFile)])];
      const options = dataset.options.parse({
        file: 'reviews.csv',
        testFile,
        sha256: await hashPaths(files),
      });
      return loadClassification({
        dataset,
        folders: files,
        choice: { options, train: null, validation: null, test: null },
        vocabulary: 50,
        length: 10,
      });
    };
    const seeded = await load('');
    expect(seeded.counts).toEqual({ train: 80, validation: 10, test: 10 });
    expect([...seeded.test.labels].filter((label) => label === 0)).toHaveLength(5);
    expect(seeded.sha256).toBe(await hashPaths([path]));
    const given = await load('test.csv');
    expect(given.counts).toEqual({ train: 90, validation: 10, test: 30 });
    expect(given.test.ids.every((id) => id.startsWith('test/'))).toBe(true);
  });
});
