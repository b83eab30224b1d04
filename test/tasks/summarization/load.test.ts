/** Documents and summaries: the original layouts, the splits, a user's own files. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { parseStory } from '../../../tasks/datasets/cnn-dailymail.js';
import { hashPaths } from '../../../tasks/datasets/checksum.js';
import { DataError } from '../../../tasks/datasets/contract.js';
import { DatasetMissing } from '../../../tasks/datasets/missing.js';
import { ownPairsName } from '../../../tasks/datasets/own-pairs.js';
import { findPairDataset } from '../../../tasks/datasets/pair-datasets.js';
import { loadPairs, numberPairs } from '../../../tasks/summarization/load.js';
import { endId, lineId } from '../../../tasks/summarization/subwords.js';
import { splitSentences } from '../../../tasks/text/sentences.js';
import { pairDataOf } from '../../support/pairs.js';

const all = { train: null, validation: null, test: null, options: {} };
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'formerbench-pairs-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const story = (n: number) =>
  `Article ${n} begins here. It has a second sentence!\n\n@highlight\n\nFirst point ${n}\n\n@highlight\n\nSecond point`;
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');

async function archive(path: string, files: Readonly<Record<string, string>>): Promise<void> {
  const pack = tar.pack();
  for (const [name, text] of Object.entries(files)) pack.entry({ name }, text);
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  writeFileSync(path, gzipSync(Buffer.concat(chunks)));
}

function newFolder(...names: string[]): string {
  const path = join(folder, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}

describe('CNN/DailyMail', () => {
  const urls = Array.from({ length: 40 }, (_, n) => `http://example.org/${n}`);
  const stories = Object.fromEntries(urls.map((url, n) => [`cnn/stories/${sha1(url)}.story`, story(n)]));

  test('a story is its article and its highlights', () => {
    expect(parseStory(story(7))).toEqual({
      document: ['Article 7 begins here.', 'It has a second sentence!'],
      summary: ['First point 7', 'Second point'],
    });
    expect(parseStory('\r\n\r\n@highlight\r\n\r\nOnly a point\r\n')).toEqual({
      document: [],
      summary: ['Only a point'],
    });
  });

  test('the lists of URLs say which part a story is in, and what is on none is left out', async () => {
    const place = newFolder('lists', 'cnn-dailymail');
    await archive(join(place, 'cnn_stories.tgz'), stories);
    writeFileSync(join(place, 'all_train.txt'), urls.slice(0, 20).join('\n'));
    writeFileSync(join(place, 'all_val.txt'), `${urls.slice(20, 25).join('\r\n')}\r\n`);
    writeFileSync(join(place, 'all_test.txt'), urls.slice(25, 32).join('\n'));
    const data = await load('cnn-dailymail', join(folder, 'lists'));
    expect([data.train, data.validation, data.test].map((each) => each.length)).toEqual([20, 5, 7]);
    expect(data.test.map(({ id }) => id).sort()).toEqual(urls.slice(25, 32).map(sha1).sort());
  });

  test('without the lists of training and test part, a seeded split that no sample changes', async () => {
    const place = newFolder('split');
    await archive(join(place, 'cnn_stories.tgz'), stories);
    writeFileSync(join(place, 'all_val.txt'), urls.join('\n'));
    const data = await load('cnn-dailymail', place);
    const again = await load('cnn-dailymail', place, { ...all, train: 5, test: 2 });
    const ids = (pairs: typeof data.train) => pairs.map(({ id }) => id);
    expect(data.train.length + data.validation.length + data.test.length).toBe(40);
    expect(again.train).toHaveLength(5);
    expect(ids(data.train)).toEqual(expect.arrayContaining(ids(again.train)));
    expect(ids(data.test)).toEqual(expect.arrayContaining(ids(again.test)));
  });

  test('the tables of Hugging Face: parquet, CSV and JSON lines give the same pairs', async () => {
    const rows = [1, 2, 3].map((n) => ({
      id: `id${n}`,
      article: `Body ${n}. More.`,
      highlights: `One ${n}\nTwo`,
    }));
    const writers = {
      parquet: (path: string) => {
        const column = (name: 'id' | 'article' | 'highlights') => ({
          name,
          data: rows.map((row) => row[name]),
        });
        const columnData = [column('id'), column('article'), column('highlights')];
        writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData })));
      },
      csv: (path: string) => {
        const lines = rows.map(({ id, article, highlights }) => `${id},"${article}","${highlights}"`);
        writeFileSync(path, ['id,article,highlights', ...lines].join('\n'));
      },
      jsonl: (path: string) => {
        writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'));
      },
    };
    for (const [format, write] of Object.entries(writers)) {
      const place = newFolder(format, 'cnn-dailymail');
      for (const part of ['train', 'validation', 'test'])
        write(join(place, format === 'parquet' ? `${part}-00000-of-00001.parquet` : `${part}.${format}`));
      const data = await load('cnn-dailymail', join(folder, format));
      expect(data.validation).toEqual(
        rows.map((_, i) => ({
          id: `validation/${i + 1}`,
          split: 'validation',
          document: [`Body ${i + 1}.`, 'More.'],
          summary: [`One ${i + 1}`, 'Two'],
        })),
      );
    }
  });

  test('an archive that is cut short is told by name', async () => {
    const place = newFolder('damaged');
    const path = join(place, 'cnn_stories.tgz');
    await archive(path, stories);
    const { readFileSync } = await import('node:fs');
    writeFileSync(path, readFileSync(path).subarray(0, 300));
    await expect(load('cnn-dailymail', place)).rejects.toThrow(DataError);
    await expect(load('cnn-dailymail', place)).rejects.toThrow(/cnn_stories\.tgz cannot be used/);
  });

  test('what is not here is told with its origin', async () => {
    await expect(load('cnn-dailymail', newFolder('empty'))).rejects.toThrow(DatasetMissing);
    await expect(load('cnn-dailymail', newFolder('empty'))).rejects.toThrow(/cnn_stories\.tgz.*--data/);
  });
});

describe('PubMed', () => {
  const paper = (n: number) =>
    JSON.stringify({
      article_id: `PMC${n}`,
      article_text: ['first \n sentence .', `second ${n} .`],
      abstract_text: ['<S> an abstract \n of it . </S>', '<S> its end . </S>'],
    });

  test('articles and abstracts are sentences, without marks and line ends', async () => {
    const place = newFolder('pubmed-files');
    const files = { train: [1, 2, 3], val: [4], test: [5, 6] };
    await archive(
      join(place, 'pubmed-dataset.tar.gz'),
      Object.fromEntries(
        Object.entries(files).map(([part, papers]) => [
          `pubmed-dataset/${part}.txt`,
          `${papers.map(paper).join('\n')}\n`,
        ]),
      ),
    );
    const data = await load('pubmed', place);
    expect([data.train, data.validation, data.test].map((each) => each.length)).toEqual([3, 1, 2]);
    expect(data.validation[0]).toEqual({
      id: 'val/PMC4/1',
      document: ['first sentence .', 'second 4 .'],
      summary: ['an abstract of it .', 'its end .'],
      split: 'validation',
    });
  });

  test('a line that is no article is told by its number', async () => {
    const place = newFolder('pubmed-bad');
    await archive(join(place, 'pubmed-dataset.tar.gz'), {
      'pubmed-dataset/train.txt': `${paper(1)}\n{"article_text": 3}\n`,
    });
    await expect(load('pubmed', place)).rejects.toThrow(/line 2 of train/);
  });
});

describe('a user’s own pairs', () => {
  test('a table with a column of documents and one of summaries, its parts as files', async () => {
    const place = newFolder('own');
    const rows = (count: number) =>
      Array.from({ length: count }, (_, n) =>
        JSON.stringify({ body: `Text ${n}. Its end.`, tldr: `Sum ${n}` }),
      ).join('\n');
    const files = ['minutes.jsonl', 'held-out.jsonl'].map((name) => join(place, name));
    writeFileSync(files[0] ?? '', rows(30));
    writeFileSync(files[1] ?? '', rows(4));
    const options = {
      file: 'minutes.jsonl',
      testFile: 'held-out.jsonl',
      sha256: await hashPaths(files),
      documentColumn: 'body',
      summaryColumn: 'tldr',
    };
    const data = await load(ownPairsName(files[0] ?? ''), place, { ...all, options });
    expect(data.test).toHaveLength(4);
    expect(data.train.length + data.validation.length).toBe(30);
    expect(data.validation.length).toBeGreaterThan(0);
    writeFileSync(files[1] ?? '', rows(5));
    await expect(load(ownPairsName(files[0] ?? ''), place, { ...all, options })).rejects.toThrow(
      /not what this was planned for/,
    );
  });
});

describe('mail subjects', () => {
  test('mails of one subject are on one side, and no document is there twice', async () => {
    const data = await loadPairs({ dataset: findPairDataset('mail-subjects'), folders: [], choice: all });
    const groups = (pairs: typeof data.train) => new Set(pairs.map(({ group }) => group));
    const [train, test] = [groups(data.train), groups(data.test)];
    expect(train.size).toBeGreaterThan(1_000);
    expect([...test].filter((group) => train.has(group))).toEqual([]);
    expect(data.duplicates).toBeGreaterThan(0);
  });
});

test('a pair is cut to what is read and written, its sentences kept apart and its end marked', () => {
  const pair = {
    id: 'a',
    document: ['one two three', 'four five six'],
    summary: ['one two', 'three'],
    split: null,
  };
  const data = pairDataOf([pair]);
  const { subwords, numbered } = numberPairs(data, { vocabulary: 260, sourceLength: 16, targetLength: 40 });
  const [{ source, target }] = numbered.train as [(typeof numbered.train)[number]];
  expect(subwords.decode(source)).toBe('one two three f');
  expect(target.at(-1)).toBe(endId);
  expect([...target].filter((id) => id === lineId)).toHaveLength(1);
  expect(subwords.decode(target)).toBe('one two\nthree');
  const short = numberPairs(data, { vocabulary: 260, sourceLength: 16, targetLength: 5 }).numbered.test[0];
  expect(subwords.decode(short?.target ?? [])).toBe('one');
});

test('sentences end where another one can begin, and not after short forms', () => {
  expect(
    splitSentences('Mr. Smith went to the U.S. Army. "He left." Then, at 5 p.m. he slept?! Yes\n\nnew one'),
  ).toEqual([
    'Mr. Smith went to the U.S. Army.',
    '"He left."',
    'Then, at 5 p.m. he slept?!',
    'Yes',
    'new one',
  ]);
  expect(splitSentences(' \n ')).toEqual([]);
});

const load = (name: string, place: string, choice: Parameters<typeof loadPairs>[0]['choice'] = all) =>
  loadPairs({ dataset: findPairDataset(name), folders: [place], choice });
