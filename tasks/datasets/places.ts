/** Looks for a dataset's files in the folders that a user has. */
import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file or folder that was found. */
export interface Found {
  readonly path: string;
  readonly name: string;
}

/**
 * Names in each data folder and in its subfolder of the dataset, one list a folder, in order of preference.
 * @param subfolder - such as `imdb`
 */
export function* foldersWithNames(
  folders: readonly string[],
  subfolder: string,
): Generator<{ readonly folder: string; readonly names: readonly string[] }> {
  for (const folder of folders.flatMap((each) => [each, join(each, subfolder)])) {
    const names = list(folder);
    if (names.length > 0) yield { folder, names };
  }
}

/**
 * The first file or folder of a name that one of the patterns describes; earlier patterns win inside a folder, and of
 * names that one pattern describes the first by alphabet.
 */
export function findNamed(
  folders: readonly string[],
  subfolder: string,
  patterns: readonly RegExp[],
): Found | null {
  for (const { folder, names } of foldersWithNames(folders, subfolder)) {
    for (const pattern of patterns) {
      const name = names.filter((each) => pattern.test(each)).sort()[0];
      if (name !== undefined) return { path: join(folder, name), name };
    }
  }
  return null;
}

/** Names in a folder; none when it cannot be read. */
export function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export const isFolder = (path: string): boolean => lookAt(path)?.isDirectory() ?? false;

export const isFile = (path: string): boolean => lookAt(path)?.isFile() ?? false;

/** Null where there is nothing, or nothing that may be looked at. */
function lookAt(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** Every plain file below a folder, sorted by path; links are not followed. */
export function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return walk(path);
      return entry.isFile() ? [path] : [];
    });
}
