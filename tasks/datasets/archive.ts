/**
 * Reads a `.tar.gz` as a stream, within limits, and trusts nothing in it.
 *
 * Nothing is written to disk. Names that climb or are absolute, links, devices, sizes over the limits, a damaged or
 * shortened file: each is a DataError that names the file. What the archive declares is checked before it is read, and
 * what comes out of the decompressor is counted, so that a small file cannot become an endless one.
 */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import tar from 'tar-stream';
import { DataError } from './contract.js';

export interface ArchiveLimits {
  /** Bytes of one entry that is read. */
  readonly entryBytes: number;
  readonly entries: number;
  /** Bytes of the whole archive, decompressed. */
  readonly totalBytes: number;
}

/** A file whose bytes come as a stream, for what is too large to hold. */
export interface ArchiveEntry {
  readonly name: string;
  /** To be read at most once, before the next entry is asked for. Throws DataError where the file is damaged. */
  readonly open: () => AsyncIterable<Buffer>;
}

export interface ArchiveFile {
  /** Path in the archive, for instance `aclImdb/train/pos/0_9.txt`. */
  readonly name: string;
  readonly content: Buffer;
}

const readBytes = 1 << 20;
const inflatedBytes = 1 << 18;

/** The wanted files of an archive whole, in its order. @throws DataError as `openArchive` does */
export async function* readArchive(
  path: string,
  limits: ArchiveLimits,
  wanted: (name: string) => boolean,
  advice: string,
): AsyncGenerator<ArchiveFile> {
  for await (const { name, open } of openArchive(path, limits, wanted, advice)) {
    const chunks: Buffer[] = [];
    for await (const chunk of open()) chunks.push(chunk);
    yield { name, content: Buffer.concat(chunks) };
  }
}

/**
 * The wanted files of an archive as streams, in its order.
 *
 * @param wanted - which entries to read, by name; the others are checked and skipped
 * @param advice - what a user can do about a bad archive, a sentence
 * @throws DataError when the archive is damaged, cut short, over a limit, or holds an entry that no data set needs
 */
export async function* openArchive(
  path: string,
  limits: ArchiveLimits,
  wanted: (name: string) => boolean,
  advice: string,
): AsyncGenerator<ArchiveEntry> {
  const extract = tar.extract();
  const reading = pipeline(
    createReadStream(path, { highWaterMark: readBytes }),
    createGunzip({ chunkSize: inflatedBytes }),
    (chunks: AsyncIterable<Buffer>) => limitBytes(chunks, limits.totalBytes),
    extract,
  );
  // A failure reaches the loop below through `extract`; this one only keeps it from being reported as unhandled.
  reading.catch(() => undefined);
  try {
    let entries = 0;
    for await (const entry of extract) {
      entries += 1;
      if (entries > limits.entries) throw new DataError(`it holds more than ${limits.entries} entries`);
      const { name, type, size } = entry.header;
      const problem = findProblem(entry.header);
      if (problem !== null) throw new DataError(`${problem} (${JSON.stringify(name.slice(0, 200))})`);
      if (type === 'file' && wanted(name)) {
        checkSize(name, size, limits.entryBytes);
        yield { name, open: () => readEntry(entry, path, advice) };
      }
      entry.resume();
    }
    await reading;
  } catch (error) {
    throw refuse(path, error, advice);
  } finally {
    extract.destroy();
  }
}

/** What makes an entry unacceptable, or null. */
function findProblem({ name, type, size }: tar.Header): string | null {
  const problem = pathProblem(name);
  if (problem !== null) return problem;
  // The library gives null for kinds it does not know.
  const kind = type as string | null;
  if (kind !== 'file' && kind !== 'directory')
    return `it holds a ${kind ?? 'thing of unknown kind'}, not a file`;
  if (!Number.isSafeInteger(size) || size < 0) return 'it declares an impossible size';
  return null;
}

/** What makes a path in an archive unacceptable, or null. */
export function pathProblem(name: string): string | null {
  if (/^(?:[/\\]|[A-Za-z]:)/.test(name)) return 'it holds an absolute path';
  if (name.split(/[/\\]/).includes('..')) return 'it holds a path that climbs out of the archive';
  return name.includes('\0') ? 'it holds a path with a zero byte' : null;
}

function checkSize(name: string, size: number, limit: number): void {
  if (size > limit) {
    throw new DataError(
      `${JSON.stringify(name)} declares ${size} bytes, more than the ${limit} expected at most`,
    );
  }
}

async function* readEntry(
  chunks: AsyncIterable<unknown>,
  path: string,
  advice: string,
): AsyncGenerator<Buffer> {
  try {
    yield* chunks as AsyncIterable<Buffer>;
  } catch (error) {
    throw refuse(path, error, advice);
  }
}

/** Names the file once, however many readers an error passes. */
function refuse(path: string, error: unknown, advice: string): DataError {
  if (error instanceof DataError && error.cause !== undefined) return error;
  return new DataError(`${basename(path)} cannot be used: ${explainArchive(error)}. ${advice}`, {
    cause: error,
  });
}

async function* limitBytes(chunks: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limit) throw new DataError(`it decompresses to more than ${limit} bytes`);
    yield chunk;
  }
}

/** The errors of the libraries that decompress and unpack, in a user's words. */
export function explainArchive(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof DataError) return error.message;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR' || error.message === 'Unexpected end of data') return 'it is cut short';
  if (code.startsWith('Z_')) return `it is not a valid gzip file (${error.message})`;
  if (
    /central dir|multi-disk|zip64|local file header|file data overflows|uncompressed|crc/i.test(error.message)
  )
    return `it is no whole zip file (${error.message})`;
  if (/tar header|Invalid header|Header exceeds/.test(error.message))
    return 'it is damaged (invalid tar header)';
  return error.message;
}
