/**
 * Data that many cells of a run read the same way, prepared once: read, split, tokenized, numbered.
 *
 * A small cell takes longer to read an archive than to train. The first cell that needs some data leaves it in a folder
 * that lives as long as the run, so nothing there can be stale; the others take it from there. Two that start together
 * both prepare it, and the later one's equal file replaces the earlier one's.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { writeWhole } from '../tasks/write-whole.js';
import { canonicalJson } from './identity.js';

/** Where data is. */
export interface DataPlaces {
  /** Data folders in order of preference. */
  readonly dataFolders: readonly string[];
  /** Where the run keeps prepared data; without it nothing is kept. */
  readonly preparedFolder?: string | undefined;
}

/**
 * @param folder - of the run; undefined = nothing is kept
 * @param request - all that the data depends on, as plain data
 * @param load - what it gives must be plain data too: objects, arrays, typed arrays
 * @throws what `load` throws
 */
export async function preparedOnce<T>(
  folder: string | undefined,
  request: object,
  load: () => Promise<T>,
): Promise<T> {
  if (folder === undefined) return load();
  const name = createHash('sha256').update(canonicalJson(request)).digest('hex');
  const file = join(folder, `${name}.data`);
  const known = await readFile(file).catch(() => null);
  if (known !== null) return deserialize(known) as T;
  const data = await load();
  await keep(file, data);
  return data;
}

/** A full disk costs the others time, and no result. */
async function keep(file: string, data: unknown): Promise<void> {
  try {
    await writeWhole(file, serialize(data));
  } catch {
    // The next one reads the data itself.
  }
}

/** Removes the oldest until the rest has at most so many bytes: a worker that serves for weeks prepares data of many runs. */
export async function boundPrepared(folder: string, bytes: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.data'));
  const files = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const { size = 0, mtimeMs = 0 } = (await stat(file).catch(() => null)) ?? {};
      return { file, size, mtimeMs };
    }),
  );
  let left = bytes;
  for (const { file, size } of files.toSorted((a, b) => b.mtimeMs - a.mtimeMs)) {
    left -= size;
    if (left < 0) await rm(file, { force: true });
  }
}
