/** Where the word vectors that a cell names lie on this machine. */
import { basename, join } from 'node:path';
import { hashFile } from '../datasets/checksum.js';
import { DataError } from '../datasets/contract.js';
import { isFile } from '../datasets/places.js';

/** What a cell says of its word vectors: never a path. */
export interface WordVectorsChoice {
  /** Of the file, such as `glove.6B.zip`. */
  readonly name: string;
  readonly sha256: string;
}

/**
 * @param places - data folders, or files that the user named
 * @throws DataError when no file of that name and content is there
 */
export async function findWordVectors(
  { name, sha256 }: WordVectorsChoice,
  places: readonly string[],
): Promise<string> {
  const candidates = places.flatMap((place) => [
    ...(basename(place) === name ? [place] : []),
    join(place, name),
    join(place, 'glove', name),
  ]);
  const here = candidates.filter(isFile);
  for (const path of here) if ((await hashFile(path)) === sha256) return path;
  throw new DataError(
    here.length === 0
      ? `the word vectors ${name} are not here; give the file with --word-vectors`
      : `the word vectors ${name} are other ones than this was planned for; run the command again`,
  );
}
