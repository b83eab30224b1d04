/**
 * The Large Movie Review Dataset (aclImdb v1): 50,000 labelled film reviews, half for training and half for testing.
 *
 * Offered twice: `imdb` has the eight ratings 1-4 and 7-10 as classes, `imdb-binary` whether the review is positive
 * (7 and more) or negative (4 and less). Read from the original archive as a stream, or from its unpacked folder.
 */
import { lstatSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { withoutBreaks } from '../text/clean.js';
import { type ArchiveFile, readArchive } from './archive.js';
import { DataError, type DatasetSource, type TextDataset, type TextExample } from './contract.js';
import { foldersWithNames, isFolder, list } from './places.js';

/** A review of the archive: its split, sentiment, number and rating. */
const reviewName = /^(?:\.\/)?(?:[^/]+\/)?(train|test)\/(pos|neg)\/(\d{1,9})_(10|[1-9])\.txt$/;

/** Far above the original: 100,000 reviews, the longest of 14 kB, and tables that are skipped. */
const limits = { entryBytes: 1 << 20, entries: 300_000, totalBytes: 2 ** 31 };
const advice = 'Download aclImdb_v1.tar.gz again (84,125,825 bytes) and put it into the data folder.';

type Labelling = (rating: string, sentiment: 'pos' | 'neg') => string;

const shared = {
  kind: 'text',
  citation: 'Maas et al., Learning Word Vectors for Sentiment Analysis, ACL 2011',
  licence: 'Reviews belong to their authors; free for research with the citation',
  origins: [
    {
      url: 'http://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz',
      bytes: 84_125_825,
      md5: '7c2ac02c03563afcf9b574c7e56c153a',
    },
  ],
  terms: null,
  folder: 'imdb',
  splitRule:
    'the authors’ 25,000 for training and 25,000 for testing; a tenth of the former is for validation',
  standIn: false,
  options: z.strictObject({}),
  find: (folders: readonly string[]) => Promise.resolve(findImdb(folders)),
} as const;

export const imdb = {
  ...shared,
  name: 'imdb',
  title: 'IMDB reviews, eight ratings',
  paperColumn: {
    name: 'IMDB',
    notComparable:
      'the paper used JMARS with ten ratings and 108.5k training reviews; this is aclImdb with eight ratings',
  },
  read: (source) => readImdb(source, (rating) => rating),
} satisfies TextDataset<typeof shared.options>;

export const imdbBinary = {
  ...shared,
  name: 'imdb-binary',
  title: 'IMDB reviews, positive or negative',
  paperColumn: {
    name: 'IMDB',
    notComparable:
      'the paper used JMARS with ten ratings and 108.5k training reviews; this is aclImdb, positive or negative',
  },
  read: (source) => readImdb(source, (_, sentiment) => (sentiment === 'pos' ? 'positive' : 'negative')),
} satisfies TextDataset<typeof shared.options>;

/** The first archive, or unpacked folder, in a data folder or in its `imdb` subfolder. */
function findImdb(folders: readonly string[]): DatasetSource | null {
  for (const { folder, names } of foldersWithNames(folders, 'imdb')) {
    const archive = names.filter((name) => /^aclImdb.*\.tar\.gz$/.test(name)).sort(originalFirst)[0];
    if (archive !== undefined) return { path: join(folder, archive), label: archive };
    if (names.includes('aclImdb') && isFolder(join(folder, 'aclImdb'))) {
      return { path: join(folder, 'aclImdb'), label: 'aclImdb/' };
    }
  }
  return null;
}

const originalFirst = (a: string, b: string): number =>
  Number(b === 'aclImdb_v1.tar.gz') - Number(a === 'aclImdb_v1.tar.gz') || (a < b ? -1 : 1);

async function* readImdb(source: DatasetSource, labelling: Labelling): AsyncGenerator<TextExample> {
  const files = isFolder(source.path)
    ? readUnpacked(source.path)
    : readArchive(source.path, limits, (name) => reviewName.test(name), advice);
  const read = { train: 0, test: 0 };
  for await (const { name, content } of files) {
    const match = reviewName.exec(name);
    if (match === null) continue;
    const [, split, sentiment, number, rating] = match as unknown as Review;
    read[split] += 1;
    yield {
      id: `${split}/${sentiment}/${number}_${rating}`,
      text: withoutBreaks(content.toString('utf8')),
      label: labelling(rating, sentiment),
      split,
    };
  }
  if (read.train > 0 && read.test > 0) return;
  throw new DataError(
    `${basename(source.path)} cannot be used: it holds ${read.train} training and ${read.test} test reviews ` +
      `of the layout aclImdb/{train,test}/{pos,neg}/ID_RATING.txt. ${advice}`,
  );
}

type Review = [
  name: string,
  split: 'train' | 'test',
  sentiment: 'pos' | 'neg',
  number: string,
  rating: string,
];

function* readUnpacked(root: string): Generator<ArchiveFile> {
  for (const folder of ['test/neg', 'test/pos', 'train/neg', 'train/pos']) {
    for (const file of list(join(root, folder)).sort()) {
      const path = join(root, folder, file);
      const name = `${folder}/${file}`;
      if (!reviewName.test(name)) continue;
      const found = lstatSync(path);
      if (!found.isFile()) continue;
      if (found.size > limits.entryBytes)
        throw new DataError(`${name} has ${found.size} bytes: it is not a review. ${advice}`);
      yield { name, content: readFileSync(path) };
    }
  }
}
