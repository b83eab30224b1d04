/** Checksums of what data was read from. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isFolder, walk } from './places.js';

/** Of one file's bytes, hexadecimal. */
export async function hashFile(path: string, algorithm: 'sha256' | 'md5' = 'sha256'): Promise<string> {
  const digest = createHash(algorithm);
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), digest);
  return digest.digest('hex');
}

/** Of several files in their order, or of one; of a folder, its files' paths in it and bytes. SHA-256, hexadecimal. */
export async function hashPaths(paths: readonly string[]): Promise<string> {
  const [only] = paths;
  if (paths.length === 1 && only !== undefined && !isFolder(only)) return hashFile(only);
  const digest = createHash('sha256');
  for (const path of paths) {
    const files = isFolder(path) ? walk(path) : [path];
    for (const file of files) {
      const name = relative(path, file).replaceAll('\\', '/');
      digest.update(`${name}\0${await hashFile(file)}\n`);
    }
  }
  return digest.digest('hex');
}
