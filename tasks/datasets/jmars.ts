/**
 * JMARS: film reviews with ten ratings, the IMDB of the paper (135,669 reviews).
 *
 * Offered in two forms: `jmars` as its authors give it, four files that are one JSON array each, without a split; and
 * `jmars-hedwig` as the Hedwig library gives it, three tab-separated files with a split, the rating as ten digits of
 * which one is 1.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { withoutBreaks } from '../text/clean.js';
import { DataError, type DatasetSource, type TextDataset, type TextExample } from './contract.js';
import { readJsonArray } from './json-array.js';
import { readLines } from './lines.js';
import { foldersWithNames, isFolder } from './places.js';

const files = ['data1.json', 'data2.json', 'data3.json', 'data4.json'];
const hedwigParts = [
  { file: 'train.tsv', split: 'train' },
  { file: 'dev.tsv', split: 'validation' },
  { file: 'test.tsv', split: 'test' },
] as const;
const advice = 'Get the files again and put them into the folder jmars of the data folder.';
const hedwigAdvice =
  'Expected are train.tsv, dev.tsv and test.tsv with lines of ten digits, a tab and a text, in a folder jmars-hedwig or IMDB.';
const limits = { elementBytes: 1 << 20, elements: 1_000_000 };
const lineLimits = { lineBytes: 1 << 20, lines: 1_000_000, totalBytes: 2 ** 32 };

const options = z.strictObject({});
/** Other fields, such as the user and the film, are not read. */
const review = z.object({ rating: z.coerce.number().int().min(1).max(10), review: z.string() });

const shared = {
  kind: 'text',
  citation:
    'Diao et al., Jointly Modeling Aspects, Ratings and Sentiments for Movie Recommendation, KDD 2014',
  licence: 'Reviews belong to their authors; given by the authors of JMARS for research',
  terms: null,
  standIn: false,
  options,
} as const;

export const jmars = {
  ...shared,
  name: 'jmars',
  title: 'JMARS film reviews, ten ratings',
  origins: files.map((file) => ({
    url: `https://raw.githubusercontent.com/nihalb/JMARS/master/data/${file}`,
    mirrors: [`https://raw.githubusercontent.com/nihalb/JMARS/main/data/${file}`],
  })),
  folder: 'jmars',
  splitRule: '80 / 10 / 10 by rating, seeded; the paper has the same sizes and does not publish its split',
  paperColumn: { name: 'IMDB', notComparable: null },
  find: (folders) => Promise.resolve(findArrays(folders)),
  read: readArrays,
} satisfies TextDataset<typeof options>;

export const jmarsHedwig = {
  ...shared,
  name: 'jmars-hedwig',
  title: 'JMARS film reviews in Hedwig’s form, ten ratings',
  origins: [{ url: 'https://git.uwaterloo.ca/jimmylin/hedwig-data' }],
  folder: null,
  splitRule: 'the files train.tsv, dev.tsv and test.tsv of Hedwig',
  paperColumn: {
    name: 'IMDB',
    notComparable: 'the paper used the same reviews, but whether it used this split is not known',
  },
  find: (folders) => Promise.resolve(findHedwig(folders)),
  read: readHedwig,
} satisfies TextDataset<typeof options>;

function findArrays(folders: readonly string[]): DatasetSource | null {
  for (const { folder, names } of foldersWithNames(folders, 'jmars')) {
    const here = files.filter((file) => names.includes(file)).map((file) => join(folder, file));
    const [path, ...others] = here;
    if (path !== undefined && here.length === files.length)
      return { path, others, label: 'JMARS data1.json to data4.json' };
  }
  return null;
}

async function* readArrays(source: DatasetSource): AsyncGenerator<TextExample> {
  for (const [index, path] of [source.path, ...(source.others ?? [])].entries()) {
    const file = `data${index + 1}`;
    let number = 0;
    for await (const element of readJsonArray(path, limits, advice)) {
      number += 1;
      const parsed = review.safeParse(element);
      if (!parsed.success)
        throw new DataError(
          `${file}.json cannot be used: element ${number} is no review with a rating of 1 to 10. ${advice}`,
        );
      const { rating, review: text } = parsed.data;
      yield { id: `${file}/${number}`, text: withoutBreaks(text), label: String(rating), split: null };
    }
    if (number === 0) throw new DataError(`${file}.json cannot be used: it holds no reviews. ${advice}`);
  }
}

/** In a folder `jmars-hedwig`, or `IMDB` as Hedwig's own data has it. */
function findHedwig(folders: readonly string[]): DatasetSource | null {
  const candidates = folders.flatMap((each) => [join(each, 'jmars-hedwig'), join(each, 'IMDB'), each]);
  for (const { folder, names } of candidates
    .filter(isFolder)
    .flatMap((each) => [...foldersWithNames([each], '.')])) {
    if (!hedwigParts.every(({ file }) => names.includes(file))) continue;
    const [path = '', ...others] = hedwigParts.map(({ file }) => join(folder, file));
    return { path, others, label: 'Hedwig train.tsv, dev.tsv, test.tsv' };
  }
  return null;
}

async function* readHedwig(source: DatasetSource): AsyncGenerator<TextExample> {
  const paths = [source.path, ...(source.others ?? [])];
  for (const [index, { file, split }] of hedwigParts.entries()) {
    let line = 0;
    for await (const text of readLines(paths[index] ?? '', lineLimits, hedwigAdvice)) {
      line += 1;
      const tab = text.indexOf('\t');
      const rating = /^(?=[01]{10}$)0*10*$/.test(text.slice(0, tab)) ? text.indexOf('1') + 1 : null;
      if (rating === null)
        throw new DataError(
          `${file} cannot be used: line ${line} does not start with a rating. ${hedwigAdvice}`,
        );
      // Hedwig's sentence mark is no word of the review.
      const words = withoutBreaks(text.slice(tab + 1)).replaceAll('<sssss>', ' ');
      yield { id: `${split}/${line}`, text: words, label: String(rating), split };
    }
  }
}
