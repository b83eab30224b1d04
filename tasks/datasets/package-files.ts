/**
 * The files of a dataset that comes as one archive, `.tar.gz` or `.zip`, or as its unpacked folder: one way to read all
 * three. What a file is shows in its first bytes, not in its name.
 */
import { createReadStream, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ArchiveEntry,
  type ArchiveFile,
  type ArchiveLimits,
  openArchive,
  readArchive,
} from './archive.js';
import { DataError } from './contract.js';
import { firstBytes, startsWith, zipMagic } from './lines.js';
import { isFolder, list } from './places.js';

/**
 * @param wanted - by path in the archive or below the folder
 * @param advice - what a user can do about bad data, a sentence
 * @throws DataError when something is damaged, cut short, over a limit or hostile
 */
export async function* readPackage(
  path: string,
  limits: ArchiveLimits,
  wanted: (name: string) => boolean,
  advice: string,
): AsyncGenerator<ArchiveFile> {
  if (isFolder(path)) {
    for (const { name, file } of findUnpacked(path, '', limits, wanted, advice))
      yield { name, content: readFileSync(file) };
  } else if (startsWith(await magicOf(path), zipMagic)) {
    const { readZip } = await import('./zip.js');
    yield* readZip(path, limits, wanted, advice);
  } else yield* readArchive(path, limits, wanted, advice);
}

/** The same as streams, for files too large to hold; each is to be read before the next is asked for. */
export async function* openPackage(
  path: string,
  limits: ArchiveLimits,
  wanted: (name: string) => boolean,
  advice: string,
): AsyncGenerator<ArchiveEntry> {
  if (isFolder(path)) {
    for (const { name, file } of findUnpacked(path, '', limits, wanted, advice))
      yield { name, open: () => createReadStream(file) as AsyncIterable<Buffer> };
  } else if (startsWith(await magicOf(path), zipMagic)) {
    const { openZip } = await import('./zip.js');
    yield* openZip(path, limits, wanted, advice);
  } else yield* openArchive(path, limits, wanted, advice);
}

/** Empty for a file that cannot be opened: reading it will say why. */
const magicOf = (path: string): Promise<Buffer> => firstBytes(path).catch(() => Buffer.alloc(0));

function* findUnpacked(
  root: string,
  below: string,
  limits: ArchiveLimits,
  wanted: (name: string) => boolean,
  advice: string,
): Generator<{ readonly name: string; readonly file: string }> {
  for (const each of list(join(root, below)).sort()) {
    const name = below === '' ? each : `${below}/${each}`;
    const path = join(root, name);
    const found = lstatSync(path);
    if (found.isDirectory()) yield* findUnpacked(root, name, limits, wanted, advice);
    if (!found.isFile() || !wanted(name)) continue;
    if (found.size > limits.entryBytes)
      throw new DataError(`${name} has ${found.size} bytes, more than ${limits.entryBytes}. ${advice}`);
    yield { name, file: path };
  }
}
