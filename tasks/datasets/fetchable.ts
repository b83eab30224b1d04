/** What `data fetch` can get: the datasets that have files of their own somewhere, and word vectors. */
import { basename, join } from 'node:path';
import { openWordVectors } from '../text/word-vector-file.js';
import { DataError, type DatasetSource, type Origin, type Terms, type TextDataset } from './contract.js';
import { datasets } from './index.js';
import type { PairDataset } from './pair-contract.js';
import { pairDatasets } from './pair-datasets.js';
import { findNamed } from './places.js';

export interface Fetchable {
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  /** What a user must agree to first; null where nothing. */
  readonly terms: Terms | null;
  /** Its folder in a data folder. */
  readonly folder: string;
  readonly origins: readonly Origin[];
  find(folders: readonly string[]): Promise<DatasetSource | null>;
  /** Reads all of it. @returns how many examples, or vectors. @throws DataError when it cannot be used */
  count(source: DatasetSource): Promise<number>;
}

/** The file name of an origin. */
export const fileOf = ({ url }: Origin): string => basename(new URL(url).pathname);

const glove: Fetchable = {
  name: 'glove',
  title: 'GloVe word vectors, 6 billion tokens, 50 to 300 numbers a word',
  licence: 'Public Domain Dedication and License',
  terms: null,
  folder: 'glove',
  origins: [
    {
      url: 'https://nlp.stanford.edu/data/glove.6B.zip',
      mirrors: ['https://downloads.cs.stanford.edu/nlp/data/glove.6B.zip'],
      bytes: 862_182_613,
      sha256: '617afb2fe6cbd085c235baf7a465b96f4112bd7f7ccb2b2cbd649fed9cbcf2fb',
    },
  ],
  find: (folders) => {
    const found = findNamed(folders, 'glove', [/^glove\.6B\.zip$/]);
    return Promise.resolve(found === null ? null : { path: found.path, label: found.name });
  },
  count: async ({ path }) => {
    const words = await countItems(openWordVectors(path, 50));
    if (words === 0) throw new DataError(`${basename(path)} cannot be used: it holds no word vectors`);
    return words;
  },
};

export const fetchables: readonly Fetchable[] = [
  ...[...datasets, ...pairDatasets].flatMap((dataset) => asFetchable(dataset) ?? []),
  glove,
];

function asFetchable(dataset: TextDataset | PairDataset): Fetchable | null {
  const { name, title, licence, folder, origins } = dataset;
  const terms = dataset.kind === 'text' ? dataset.terms : null;
  if (folder === undefined || folder === null) return null;
  return {
    name,
    title,
    licence,
    terms: terms ?? null,
    folder,
    origins,
    find: (folders) => dataset.find(folders, dataset.options.parse({})),
    count: (source) => countItems(dataset.read(source, dataset.options.parse({}))),
  };
}

async function countItems(items: AsyncIterable<unknown>): Promise<number> {
  const iterator = items[Symbol.asyncIterator]();
  let count = 0;
  while ((await iterator.next()).done !== true) count += 1;
  return count;
}

/** Every file of a source. */
export const filesOf = ({ path, others }: DatasetSource): string[] => [path, ...(others ?? [])];

/** Where a fetchable's files are kept in a data folder. */
export const placeOf = (cache: string, { folder }: Fetchable): string => join(cache, folder);
