/**
 * The files of a dataset that comes as one archive, `.tar.gz` or `.zip`, or as its unpacked folder: one way to read all
 * three. What a file is shows in its first bytes, not in its name.
 */
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ArchiveFile, type ArchiveLimits, readArchive } from './archive.js';
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
  if (isFolder(path)) yield* readUnpacked(path, '', limits, wanted, advice);
  else if (startsWith(await magicOf(path), zipMagic)) {
    const { readZip } = await import('./zip.js');
    yield* readZip(path, limits, wanted, advice);
  } else yield* readArchive(path, limits, wanted, advice);
}

/** Empty for a file that cannot be opened: reading it will say why. */
const magicOf = (path: string): Promise<Buffer> => firstBytes(path).catch(() => Buffer.alloc(0));

function* readUnpacked(
  root: string,
  below: string,
  limits: ArchiveLimits,
  wanted: (name: string) => boolean,
  advice: string,
): Generator<ArchiveFile> {
  for (const each of list(join(root, below)).sort()) {
    const name = below === '' ? each : `${below}/${each}`;
    const path = join(root, name);
    const found = lstatSync(path);
    if (found.isDirectory()) yield* readUnpacked(root, name, limits, wanted, advice);
    if (!found.isFile() || !wanted(name)) continue;
    if (found.size > limits.entryBytes)
      throw new DataError(`${name} has ${found.size} bytes, more than ${limits.entryBytes}. ${advice}`);
    yield { name, content: readFileSync(path) };
  }
}
