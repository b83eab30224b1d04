/**
 * A user's own data: a table with a column of texts and a column of labels, or a folder with one subfolder a class.
 *
 * What is in a cell are the files' names and one checksum, never a path: the command hands the paths on beside the data
 * folders, and a record can be made again wherever files of these names and this content lie.
 */
import { readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { z } from 'zod';
import { withoutBreaks } from '../text/clean.js';
import { hashPaths } from './checksum.js';
import { DataError, type DatasetSource, type Split, type TextDataset, type TextExample } from './contract.js';
import { isFile, isFolder, walk } from './places.js';
import { readRows, type Row } from './rows.js';

export const fileName = z.string().regex(/^[^/\\]+$/);
export const hexadecimal = z.string().regex(/^[0-9a-f]{64}$/);

const options = z.strictObject({
  /** The table, or the folder. With given splits it is the training part. */
  file: fileName,
  /** Of all its files together. */
  sha256: hexadecimal,
  textColumn: z.string().min(1).default('text'),
  labelColumn: z.string().min(1).default('label'),
  /** Names separated by commas: what the labels 0, 1, 2, ... are called; empty = labels are what they are. */
  classNames: z.string().default(''),
  /** Files of given splits; empty = a seeded share of each class. */
  validationFile: fileName.or(z.literal('')).default(''),
  testFile: fileName.or(z.literal('')).default(''),
});
export type OwnOptions = z.infer<typeof options>;

/** What names the files, whatever is in them. */
export type OwnFiles = Pick<OwnOptions, 'file' | 'validationFile' | 'testFile'>;

const prefix = 'own-';

/** `reviews.csv` is the dataset `own-reviews`. */
export function ownName(path: string): string {
  const stem = basename(path).replace(/(?:\.[a-z]+)?(?:\.gz)?$/i, '');
  const slug = stem
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return prefix + (slug === '' ? 'data' : slug);
}

/** The dataset of a name that `ownName` made, or null for other names. */
export function ownDataset(name: string): TextDataset<typeof options> | null {
  if (!/^own-[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) return null;
  return {
    kind: 'text',
    name,
    title: name.slice(prefix.length),
    citation: 'a user’s own data',
    licence: 'a user’s own data',
    origins: [],
    splitRule: '80 / 10 / 10 by label, seeded; parts that are given as files are kept',
    standIn: false,
    paperColumn: null,
    options,
    find: (places, given) => Promise.resolve(given === undefined ? null : findOwn(places, given)),
    read: readOwn,
  };
}

/** Each file is one of the places itself, or lies in one. */
export function findOwn(places: readonly string[], given: OwnFiles): DatasetSource | null {
  const locate = (name: string): string | undefined =>
    places
      .flatMap((place) => (basename(place) === name ? [place] : [join(place, name)]))
      .find((path) => isFile(path) || isFolder(path));
  const names = [given.file, given.validationFile, given.testFile].filter((name) => name !== '');
  const [path, ...others] = names.map(locate);
  if (path === undefined || others.includes(undefined)) return null;
  return { path, others: others.filter((each) => each !== undefined), label: names.join(', ') };
}

async function* readOwn(source: DatasetSource, given: OwnOptions): AsyncGenerator<TextExample> {
  for (const { part, path, split } of await openParts(source, given)) {
    const examples = isFolder(path) ? readFolder(path, split) : readTable(path, split, given);
    for await (const example of examples)
      yield { ...example, id: `${part}/${example.id}`, label: nameOf(example.label, given) };
  }
}

/** The files in their order, with the split that they are given as. @throws DataError when they have changed */
export async function openParts(
  source: DatasetSource,
  given: OwnFiles & { readonly sha256: string },
): Promise<{ readonly part: Split; readonly path: string; readonly split: Split | null }[]> {
  const paths = [source.path, ...(source.others ?? [])];
  if ((await hashPaths(paths)) !== given.sha256)
    throw new DataError(`${source.label}: the data is not what this was planned for; run the command again`);
  const hasSplits = given.validationFile !== '' || given.testFile !== '';
  const parts = (['train', 'validation', 'test'] as const).filter(
    (part) => part === 'train' || given[`${part}File`] !== '',
  );
  return parts.map((part, index) => ({ part, path: paths[index] ?? '', split: hasSplits ? part : null }));
}

/** Labels that are numbers get the names given; labels that are names must be among them. */
function nameOf(label: string, { classNames }: OwnOptions): string {
  if (classNames === '') return label;
  const names = classNames.split(',');
  if (names.includes(label)) return label;
  const name = /^\d+$/.test(label) ? names[Number(label)] : undefined;
  if (name !== undefined) return name;
  throw new DataError(
    `the label ${JSON.stringify(label.slice(0, 50))} has no name: --class-names gives ${names.length}, for the labels 0 to ${names.length - 1}`,
  );
}

async function* readTable(
  path: string,
  split: TextExample['split'],
  { textColumn, labelColumn }: OwnOptions,
): AsyncGenerator<TextExample> {
  let number = 0;
  for await (const row of readRows(path, [textColumn, labelColumn])) {
    number += 1;
    const value = (column: string) => {
      const found = textOf(row, column);
      if (found !== null) return found;
      throw new DataError(
        `${basename(path)} cannot be used: row ${number} has no text or number in column '${column}'`,
      );
    };
    // White space round a label would make another class of it.
    const label = value(labelColumn).trim();
    if (label === '')
      throw new DataError(
        `${basename(path)} cannot be used: row ${number} has an empty label in column '${labelColumn}'; label it, or take the row out`,
      );
    if (label.includes(undecodable))
      throw new DataError(
        `${basename(path)} cannot be used: row ${number} has a label in column '${labelColumn}' that is no UTF-8; save the file as UTF-8`,
      );
    yield { id: String(number), text: withoutBreaks(value(textColumn)), label, split };
  }
}

/** What stands for bytes that are no UTF-8. */
export const undecodable = '\ufffd';

export function textOf(row: Row, column: string): string | null {
  const value = row[column];
  if (typeof value === 'string') return value;
  return ['number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : null;
}

/** What people call the folders of splits. */
const splitNames: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  test: 'test',
};
const textFile = new RegExp(
  `^(?:(${Object.keys(splitNames).join('|')})/)?([^/]+)/(?:.*/)?(?:[^/]+\\.txt|[^/.]+)$`,
  'i',
);
/** What aclImdb calls the folder of its texts that have no labels. */
const unlabelled = 'unsup';
const textBytes = 1 << 24;

/** `CLASS/any.txt`, or with the splits in it `{train,validation,test}/CLASS/any.txt`; names without an ending too. */
function* readFolder(root: string, split: TextExample['split']): Generator<TextExample> {
  const texts = textsOf(root);
  if (texts.length === 0)
    throw new DataError(
      `${basename(root)} cannot be used: it holds no texts of the layout CLASS/NAME.txt or {train,validation,test}/CLASS/NAME.txt`,
    );
  for (const { path, id, part, label } of texts) {
    if (statSync(path).size > textBytes)
      throw new DataError(`${basename(root)} cannot be used: ${id} is longer than ${textBytes} bytes`);
    const text = withoutBreaks(readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
    yield { id, text, label, split: part ?? split };
  }
}

interface TextFile {
  readonly path: string;
  /** Its place in the folder. */
  readonly id: string;
  readonly part: Split | null;
  readonly label: string;
}

/** Where there are folders of splits, a file right inside of one, such as aclImdb's `train/urls_pos.txt`, is no text. */
function textsOf(root: string): TextFile[] {
  const texts = walk(root).flatMap((path): TextFile[] => {
    const id = relative(root, path).replaceAll('\\', '/');
    const [, part = '', label = unlabelled] = textFile.exec(id) ?? [];
    return label === unlabelled ? [] : [{ path, id, part: splitNames[part.toLowerCase()] ?? null, label }];
  });
  return texts.some(({ part }) => part === 'train') ? texts.filter(({ part }) => part !== null) : texts;
}
