/**
 * Where data is looked for: the folder given on the command line, the one of the environment, the user's cache.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { DataError } from './contract.js';

/** Where fetched data is kept: `data` in FORMERBENCH_CACHE, or in this user's cache folder. */
export function cachedDataFolder(): string {
  const chosen = process.env['FORMERBENCH_CACHE'] ?? '';
  return join(chosen === '' ? envPaths('formerbench', { suffix: '' }).cache : resolve(chosen), 'data');
}

/**
 * Data folders that exist, in order of preference.
 *
 * @param explicit - the value of `--data`, if given
 * @param environment - read for FORMERBENCH_DATA
 * @throws DataError when a folder that the user named is missing, empty or not a folder
 */
export function dataFolders(
  explicit: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string[] {
  const named = [
    { folder: explicit, from: '--data' },
    { folder: environment['FORMERBENCH_DATA'] || undefined, from: 'FORMERBENCH_DATA' },
  ];
  const folders: string[] = [];
  for (const { folder, from } of named) {
    if (folder === undefined) continue;
    checkFolder(folder, from);
    folders.push(folder);
  }
  const cache = cachedDataFolder();
  return existsSync(cache) ? [...folders, cache] : folders;
}

function checkFolder(folder: string, from: string): void {
  const advice = `Give a folder that holds data (for instance imdb/aclImdb_v1.tar.gz), or leave ${from} out to use the texts that come with formerbench.`;
  const problem = folderProblem(folder);
  if (problem !== null)
    throw new DataError(`${from}: the data folder ${JSON.stringify(folder)} ${problem}. ${advice}`);
}

function folderProblem(folder: string): string | null {
  if (!existsSync(folder)) return 'does not exist';
  if (!statSync(folder).isDirectory()) return 'is not a folder';
  try {
    return readdirSync(folder).length === 0 ? 'is empty' : null;
  } catch {
    return 'cannot be read';
  }
}
