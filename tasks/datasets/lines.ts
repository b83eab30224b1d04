/**
 * Text files line by line, plain or gzip, within limits: a line without an end would otherwise fill the memory.
 */
import { open } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { PassThrough } from 'node:stream';
import { explainArchive } from './archive.js';
import { DataError } from './contract.js';

export interface LineLimits {
  readonly lineBytes: number;
  readonly lines: number;
  /** Of the file, decompressed. */
  readonly totalBytes: number;
}

const readBytes = 1 << 20;
const lineFeed = 10;
const carriageReturn = 13;

/**
 * The lines of a file without their ends.
 *
 * @param advice - what a user can do about a bad file, a sentence
 * @throws DataError when the file is damaged, cut short or over a limit
 */
export async function* readLines(path: string, limits: LineLimits, advice: string): AsyncGenerator<string> {
  try {
    yield* splitLines(await openBytes(path), limits);
  } catch (error) {
    if (error instanceof DataError && error.cause !== undefined) throw error;
    throw new DataError(`${basename(path)} cannot be used: ${explainArchive(error)}. ${advice}`, {
      cause: error,
    });
  }
}

/** The lines of bytes that come in pieces. */
export async function* splitLines(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  limits: LineLimits,
): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let total = 0;
  let lines = 0;
  const finish = (end: Buffer): string => {
    const line = restBytes === 0 ? end : Buffer.concat([...rest, end]);
    rest = [];
    restBytes = 0;
    lines += 1;
    if (lines > limits.lines) throw new DataError(`it holds more than ${limits.lines} lines`);
    return decode(line, lines, limits.lineBytes);
  };
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > limits.totalBytes) throw new DataError(`it holds more than ${limits.totalBytes} bytes`);
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      yield finish(chunk.subarray(start, end));
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > limits.lineBytes) throw new DataError(longLine(lines + 1, limits.lineBytes));
  }
  if (restBytes > 0) yield finish(Buffer.alloc(0));
}

const longLine = (line: number, limit: number): string => `line ${line} is longer than ${limit} bytes`;

function decode(line: Buffer, number: number, limit: number): string {
  if (line.length > limit) throw new DataError(longLine(number, limit));
  const text = line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
  const decoded = text.toString('utf8');
  return number === 1 && decoded.startsWith('\ufeff') ? decoded.slice(1) : decoded;
}

/** The bytes of a file, decompressed if it is gzip, whatever its name says. */
export async function openBytes(path: string): Promise<AsyncIterable<Buffer>> {
  const magic = await firstBytes(path);
  const stream = createReadStream(path, { highWaterMark: readBytes });
  if (!startsWith(magic, gzipMagic)) return stream;
  const output = new PassThrough({ highWaterMark: readBytes });
  // A failure reaches the reader through `output`; this one only keeps it from being reported as unhandled.
  pipeline(stream, createGunzip({ chunkSize: 1 << 18 }), output).catch((error: unknown) => {
    output.destroy(error as Error);
  });
  return output;
}

const gzipMagic = [0x1f, 0x8b];
export const zipMagic = [0x50, 0x4b];

export const startsWith = (bytes: Buffer, magic: readonly number[]): boolean =>
  magic.every((byte, i) => bytes[i] === byte);

export async function firstBytes(path: string, count = 4): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
