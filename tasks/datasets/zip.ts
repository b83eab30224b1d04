/**
 * Reads a `.zip` entry by entry, within the same limits and with the same mistrust as a `.tar.gz`.
 *
 * The directory at a zip's end says what is in it; the library holds what comes out of the decompressor against that.
 */
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import {
  type ArchiveEntry,
  type ArchiveFile,
  type ArchiveLimits,
  explainArchive,
  pathProblem,
} from './archive.js';
import { DataError } from './contract.js';

/** The wanted files of a zip, in its order. @throws DataError as `readArchive` does */
export async function* readZip(
  path: string,
  limits: ArchiveLimits,
  wanted: (name: string) => boolean,
  advice: string,
): AsyncGenerator<ArchiveFile> {
  for await (const { name, open } of openZip(path, limits, wanted, advice)) {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of open()) chunks.push(chunk);
    } catch (error) {
      throw refuse(path, error, advice);
    }
    yield { name, content: Buffer.concat(chunks) };
  }
}

/** The wanted entries; each is to be read before the next is asked for. */
export async function* openZip(
  path: string,
  limits: ArchiveLimits,
  wanted: (name: string) => boolean,
  advice: string,
): AsyncGenerator<ArchiveEntry> {
  let zip: yauzl.ZipFile | null = null;
  try {
    zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true });
    const opened = zip;
    if (opened.entryCount > limits.entries)
      throw new DataError(`it holds more than ${limits.entries} entries`);
    let total = 0;
    for await (const entry of opened.eachEntry()) {
      total += entry.uncompressedSize;
      if (total > limits.totalBytes)
        throw new DataError(`it decompresses to more than ${limits.totalBytes} bytes`);
      const problem = findProblem(entry);
      if (problem !== null)
        throw new DataError(`${problem} (${JSON.stringify(entry.fileName.slice(0, 200))})`);
      if (entry.fileName.endsWith('/') || !wanted(entry.fileName)) continue;
      if (entry.uncompressedSize > limits.entryBytes) throw new DataError(tooLarge(entry, limits.entryBytes));
      yield { name: entry.fileName, open: () => readChecked(opened, entry) };
    }
  } catch (error) {
    throw refuse(path, error, advice);
  } finally {
    zip?.close();
  }
}

/** The library holds the size against the directory, and leaves the checksum to its users. */
async function* readChecked(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  let checksum = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (checksum !== entry.crc32) throw new DataError(`${JSON.stringify(entry.fileName)} in it is damaged`);
}

const tooLarge = ({ fileName, uncompressedSize }: yauzl.Entry, limit: number): string =>
  `${JSON.stringify(fileName)} declares ${uncompressedSize} bytes, more than the ${limit} expected at most`;

/** What makes an entry unacceptable, or null. */
function findProblem(entry: yauzl.Entry): string | null {
  const problem = pathProblem(entry.fileName);
  if (problem !== null) return problem;
  if (entry.isEncrypted()) return 'it holds an encrypted file';
  // The upper half of the external attributes is the Unix mode where the archive was made on Unix.
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  const isPlain = kind === 0 || kind === 0o100000 || kind === 0o040000;
  return isPlain ? null : 'it holds a link or a device, not a file';
}

function refuse(path: string, error: unknown, advice: string): DataError {
  if (error instanceof DataError && error.cause !== undefined) return error;
  return new DataError(`${basename(path)} cannot be used: ${explainArchive(error)}. ${advice}`, {
    cause: error,
  });
}
