/**
 * CNN/DailyMail: news articles and the highlights that their editors wrote (Hermann et al. 2015; See et al. 2017).
 *
 * Two forms are read. The `.story` archives, a file an article named by the SHA-1 of its URL: the text before the first
 * `@highlight` is the article, the block after each is one sentence of the summary; the lists `all_{train,val,test}.txt`
 * say which URL is in which part. And the tables of Hugging Face (parquet, CSV, JSON lines) with the columns `article`
 * and `highlights`, a sentence a line, whose file names say the part.
 */
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { splitSentences } from '../text/sentences.js';
import { DataError, type DatasetSource, type Split } from './contract.js';
import { type LineLimits, readLines } from './lines.js';
import { readPackage } from './package-files.js';
import type { PairDataset, SummaryPair } from './pair-contract.js';
import { foldersWithNames } from './places.js';
import { readRows } from './rows.js';

const options = z.strictObject({});
const folder = 'cnn-dailymail';
const hub =
  'https://huggingface.co/datasets/cnn_dailymail/resolve/11343c3752184397d56efc19a8a7cceb68089318/data/';
const lists = 'https://raw.githubusercontent.com/abisee/cnn-dailymail/master/url_lists/';

export const cnnDailymail = {
  kind: 'pairs',
  name: 'cnn-dailymail',
  title: 'CNN/DailyMail',
  citation:
    'Hermann et al., Teaching Machines to Read and Comprehend, 2015; See et al., Get To The Point, 2017',
  licence: 'texts of CNN and the Daily Mail; the archives carry no licence',
  origins: [
    {
      url: `${hub}cnn_stories.tgz`,
      bytes: 158_577_824,
      sha256: 'e8fbc0027e54e0a916abd9c969eb35f708ed1467d7ef4e3b17a56739d65cb200',
    },
    {
      url: `${hub}dailymail_stories.tgz`,
      bytes: 375_893_739,
      sha256: 'ad69010002210b7c406718248ee66e65868b9f6820f163aa966369878d14147e',
    },
    ...['all_train.txt', 'all_val.txt', 'all_test.txt'].map((name) => ({ url: lists + name })),
  ],
  folder,
  splitRule:
    'the official lists of URLs, or the parts of the tables; without the lists of the training and the test part, 80 / 10 / 10 by a hash of the id',
  standIn: false,
  paperColumn: 'CNN/DailyMail',
  options,
  find: (folders) => Promise.resolve(findStories(folders) ?? findTables(folders)),
  read: readCnnDailymail,
} satisfies PairDataset<typeof options>;

const archivePattern = /^(?:cnn|dailymail)_stories(?:\.[\w.-]+)?$/;
const listPattern = /^all_(train|val|test)\.txt$/;
const tablePattern = /^(train|validation|val|test)(?:-\d+-of-\d+)?\.(?:parquet|csv|jsonl?|ndjson)(?:\.gz)?$/;
const partNames: Readonly<Record<string, Split>> = {
  train: 'train',
  val: 'validation',
  validation: 'validation',
  test: 'test',
};

function findStories(folders: readonly string[]): DatasetSource | null {
  for (const { folder: place, names } of foldersWithNames(folders, folder)) {
    const archives = names.filter((name) => archivePattern.test(name)).sort();
    if (archives.length === 0) continue;
    const urlLists = names.filter((name) => listPattern.test(name)).sort();
    return sourceOf(place, [...archives, ...urlLists]);
  }
  return null;
}

/** In a folder of the dataset's own: the names say too little elsewhere. */
function findTables(folders: readonly string[]): DatasetSource | null {
  for (const { folder: place, names } of foldersWithNames(folders, folder)) {
    const tables = names.filter((name) => tablePattern.test(name)).sort();
    if (basename(place) === folder && tables.length > 0) return sourceOf(place, tables);
  }
  return null;
}

function sourceOf(place: string, names: readonly string[]): DatasetSource {
  const [path = '', ...others] = names.map((name) => join(place, name));
  return { path, others, label: names.join(', ') };
}

async function* readCnnDailymail({ path, others = [] }: DatasetSource): AsyncGenerator<SummaryPair> {
  const files = [path, ...others];
  if (tablePattern.test(basename(path))) yield* readTables(files);
  else yield* readStories(files);
}

/** A third of a million stories; the longest have a few ten thousand bytes. */
const limits = { entryBytes: 1 << 22, entries: 1_000_000, totalBytes: 2 ** 34 };
const lineLimits: LineLimits = { lineBytes: 1 << 16, lines: 2_000_000, totalBytes: 2 ** 30 };
const advice = 'Fetch it again and put it into the folder cnn-dailymail of the data folder.';

async function* readStories(files: readonly string[]): AsyncGenerator<SummaryPair> {
  const partOf = await readUrlLists(files.filter((file) => listPattern.test(basename(file))));
  const isStory = (name: string) => /(?:^|\/)[0-9a-f]{40}\.story$/.test(name);
  let stories = 0;
  for (const file of files.filter((each) => archivePattern.test(basename(each))))
    for await (const { name, content } of readPackage(file, limits, isStory, advice)) {
      const id = basename(name, '.story');
      stories += 1;
      const split = partOf?.get(id) ?? null;
      // What is on no list belongs to no part.
      if (partOf !== null && split === null) continue;
      yield { id, split, ...parseStory(content.toString('utf8')) };
    }
  if (stories === 0) throw new DataError(`CNN/DailyMail cannot be used: no archive holds a story. ${advice}`);
}

/** SHA-1 of each URL to its part; null unless the training and the test part are both listed. */
async function readUrlLists(files: readonly string[]): Promise<ReadonlyMap<string, Split> | null> {
  const partOf = new Map<string, Split>();
  for (const file of files) {
    const part = partNames[listPattern.exec(basename(file))?.[1] ?? ''] ?? 'train';
    for await (const url of readLines(file, lineLimits, advice))
      if (url.trim() !== '') partOf.set(createHash('sha1').update(url.trim()).digest('hex'), part);
  }
  const parts = new Set(partOf.values());
  return parts.has('train') && parts.has('test') ? partOf : null;
}

/** The article's sentences and the highlights, each a sentence. */
export function parseStory(text: string): Pick<SummaryPair, 'document' | 'summary'> {
  const [article = '', ...highlights] = text.split(/^@highlight[ \t]*\r?$/m);
  return {
    document: splitSentences(article.replaceAll('\r', '')),
    summary: highlights.map((each) => each.replace(/\s+/g, ' ').trim()).filter((each) => each !== ''),
  };
}

async function* readTables(files: readonly string[]): AsyncGenerator<SummaryPair> {
  const numbers = { train: 0, validation: 0, test: 0 };
  for (const file of files) {
    const split = partNames[tablePattern.exec(basename(file))?.[1] ?? ''] ?? 'train';
    for await (const row of readRows(file, ['article', 'highlights'])) {
      numbers[split] += 1;
      const { article, highlights } = row;
      if (typeof article !== 'string' || typeof highlights !== 'string')
        throw new DataError(
          `${basename(file)} cannot be used: row ${numbers[split]} of the ${split} part has no text in article or highlights`,
        );
      yield {
        id: `${split}/${numbers[split]}`,
        document: splitSentences(article),
        summary: highlights
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
        split,
      };
    }
  }
}
