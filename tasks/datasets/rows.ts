/**
 * Rows of a table file, as a stream: CSV and TSV with a header line, JSON lines or one JSON array, Parquet. Each row is
 * its columns by name.
 *
 * TSV is without quoting, as data sets have it; a CSV field may be quoted and then hold commas and line ends. CSV may
 * also be separated by semicolons or tabs.
 */
import { basename } from 'node:path';
import { parse } from 'csv-parse';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { DataError } from './contract.js';
import { readJsonArray } from './json-array.js';
import { type LineLimits, openBytes, readLines } from './lines.js';

export type Row = Readonly<Record<string, unknown>>;

const readers: Readonly<Record<string, (path: string, columns: readonly string[]) => AsyncGenerator<Row>>> = {
  csv: readCsv,
  tsv: readTsv,
  jsonl: readJson,
  parquet: readParquet,
};

const limits: LineLimits = { lineBytes: 1 << 24, lines: 20_000_000, totalBytes: 2 ** 36 };
/** Rows of a Parquet file that are held at once. */
const rowsAtOnce = 4_096;
const advice = 'Each row needs a text and a label, or a document and a summary.';

/** `csv`, `tsv`, `jsonl` or `parquet`, with or without `.gz`; null for other names. */
export function tableFormat(path: string): string | null {
  const extension = /\.([a-z]+)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  if (['jsonl', 'ndjson', 'json'].includes(extension)) return 'jsonl';
  return Object.hasOwn(readers, extension) ? extension : null;
}

/**
 * @param columns - those that are needed; a reader may leave others out
 * @throws DataError when the file is damaged or a needed column is not there, with those that are
 */
export async function* readRows(path: string, columns: readonly string[]): AsyncGenerator<Row> {
  const read = readers[tableFormat(path) ?? ''];
  if (read === undefined)
    throw new DataError(`${basename(path)} is no file that can be read: use .csv, .tsv, .jsonl or .parquet`);
  try {
    let number = 0;
    for await (const row of read(path, columns)) {
      number += 1;
      if (number === 1) assertColumns(row, columns);
      yield row;
    }
    if (number === 0) throw new DataError('it holds no rows');
  } catch (error) {
    if (error instanceof DataError && error.message.includes(basename(path))) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new DataError(`${basename(path)} cannot be used: ${message}`, { cause: error });
  }
}

function assertColumns(row: Row, columns: readonly string[]): void {
  const missing = columns.find((column) => !Object.hasOwn(row, column));
  if (missing === undefined) return;
  throw new DataError(
    `there is no column '${missing}'; it has: ${Object.keys(row).slice(0, 30).map(shorten).join(', ')}. Name the columns with --text-column and --label-column, those of pairs with --document-column and --summary-column`,
  );
}

/** Of a table without a header line the names are whole texts. */
const shorten = (name: string): string => (name.length > 50 ? `${name.slice(0, 50)}…` : name);

async function* readCsv(path: string): AsyncGenerator<Row> {
  const parser = parse({
    columns: (header: string[]) => header.map((name) => name.trim()),
    delimiter: delimiterOf(await startOf(path)),
    bom: true,
    skip_empty_lines: true,
    max_record_size: limits.lineBytes,
  });
  void feed(await openBytes(path), parser);
  yield* parser as AsyncIterable<Row>;
}

/** The first piece of a file, as text. */
async function startOf(path: string): Promise<string> {
  for await (const piece of await openBytes(path)) return piece.toString('utf8');
  return '';
}

/** Spreadsheets of many countries write semicolons or tabs: what stands in a header line without a comma. */
function delimiterOf(start: string): string {
  const header = (/^[^\r\n]*/.exec(start)?.[0] ?? '').replace(/"[^"]*"/g, '');
  return [',', ';', '\t'].find((delimiter) => header.includes(delimiter)) ?? ',';
}

/** Writes the bytes of a file into a parser; its errors come out of the parser. */
async function feed(bytes: AsyncIterable<Buffer>, parser: ReturnType<typeof parse>): Promise<void> {
  try {
    for await (const chunk of bytes) {
      if (parser.destroyed) return;
      if (!parser.write(chunk))
        await new Promise((resolve) => parser.once('drain', resolve).once('close', resolve));
    }
    parser.end();
  } catch (error) {
    parser.destroy(error as Error);
  }
}

async function* readTsv(path: string): AsyncGenerator<Row> {
  let header: readonly string[] | null = null;
  let number = 0;
  for await (const line of readLines(path, limits, advice)) {
    number += 1;
    if (line === '') continue;
    const fields = line.split('\t');
    if (header === null) header = fields;
    else if (fields.length !== header.length)
      throw new DataError(
        `line ${number} has ${fields.length} columns, the header has ${header.length}. If fields stand in quotes, call it .csv: quotes are read there, and tabs too`,
      );
    else yield Object.fromEntries(header.map((name, i) => [name, fields[i]]));
  }
}

/** One array, or an object a line: what the file begins with tells them apart, whatever it is called. */
async function* readJson(path: string): AsyncGenerator<Row> {
  yield* /^\ufeff?\s*\[/.test(await startOf(path)) ? readJsonElements(path) : readJsonLines(path);
}

async function* readJsonElements(path: string): AsyncGenerator<Row> {
  const { lineBytes: elementBytes, lines: elements } = limits;
  let number = 0;
  for await (const value of readJsonArray(path, { elementBytes, elements }, advice)) {
    number += 1;
    yield asRow(value, `element ${number}`);
  }
}

async function* readJsonLines(path: string): AsyncGenerator<Row> {
  let number = 0;
  for await (const line of readLines(path, limits, advice)) {
    number += 1;
    if (line.trim() === '') continue;
    yield parseObject(line, number);
  }
}

function parseObject(line: string, number: number): Row {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = null;
  }
  return asRow(value, `line ${number}`);
}

function asRow(value: unknown, place: string): Row {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  throw new DataError(`${place} is no JSON object`);
}

async function* readParquet(path: string, columns: readonly string[]): AsyncGenerator<Row> {
  if (/\.gz$/i.test(path)) throw new DataError('Parquet is read as it is: take it out of the .gz');
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const rows = Number(metadata.num_rows);
  if (!(rows <= limits.lines)) throw new DataError(`it holds more than ${limits.lines} rows`);
  const here = metadata.schema.slice(1).map(({ name }) => name);
  assertColumns(Object.fromEntries(here.map((name) => [name, null])), columns);
  for (let rowStart = 0; rowStart < rows; rowStart += rowsAtOnce) {
    const rowEnd = Math.min(rows, rowStart + rowsAtOnce);
    yield* await parquetReadObjects({ file, metadata, columns: [...columns], rowStart, rowEnd, compressors });
  }
}
