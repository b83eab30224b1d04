/**
 * Puts a dataset's files into the cache, from the network or from this machine: first into a folder beside it, where
 * they are held against published checksums and read from end to end, then, if all is well, into their place. What is
 * refused leaves nothing behind. Of two processes that put the same dataset there, the second waits for the first.
 */
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataError, type DatasetSource, type Origin } from './contract.js';
import { download } from './download.js';
import { type Fetchable, fileOf, filesOf, placeOf } from './fetchable.js';
import { compareWith, hasChecksum } from './intact.js';
import { addToManifest, type ManifestEntry } from './manifest.js';

export interface Acquired {
  readonly name: string;
  readonly files: readonly { readonly file: string; readonly bytes: number; readonly sha256: string }[];
  /** Examples, or vectors, that were read. */
  readonly count: number;
}

/** Does the work while no other process does work of this name in this cache; waits for one that does. */
export type Exclusively = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

/** Where files go. */
interface Place {
  readonly cache: string;
  readonly exclusively: Exclusively;
}

export interface FetchOptions extends Place {
  /** URLs of folders that hold the same files, tried before the origins. */
  readonly mirrors: readonly string[];
  /** Ask no other place than the mirrors. */
  readonly mirrorsOnly: boolean;
  readonly stallMs: number;
  readonly signal: AbortSignal;
  readonly progress: (file: string, received: number, total: number | null) => void;
}

/**
 * @returns null where it is in the cache already: another process may have put it there while this one waited
 * @throws DataError when a file cannot be had, or is not what it should be
 */
export function fetchData(fetchable: Fetchable, options: FetchOptions): Promise<Acquired | null> {
  return options.exclusively(fetchable.folder, async () =>
    (await fetchable.find([options.cache])) === null ? fetchMissing(fetchable, options) : null,
  );
}

async function fetchMissing(fetchable: Fetchable, options: FetchOptions): Promise<Acquired> {
  // A fixed name, so that the next run finds what has come.
  const staging = join(options.cache, `${fetchable.name}.partial`);
  await mkdir(staging, { recursive: true });
  const from = new Map<string, string>();
  try {
    for (const origin of fetchable.origins)
      from.set(fileOf(origin), await fetchFile(origin, staging, options));
  } catch (error) {
    await rmdir(staging).catch(() => undefined); // Parts of files stay, for the next run.
    throw error;
  }
  return refuseUnless(staging, () => settle(fetchable, staging, options, from));
}

/** From the first place that gives the published file. @returns its URL */
async function fetchFile(origin: Origin, staging: string, options: FetchOptions): Promise<string> {
  const file = fileOf(origin);
  const path = join(staging, file);
  const mirrored = options.mirrors.map((mirror) => `${mirror.replace(/\/+$/, '')}/${file}`);
  const published = [origin.url, ...(origin.mirrors ?? [])];
  let urls = options.mirrorsOnly ? mirrored : [...mirrored, ...published];
  for (;;) {
    const whole = (await readdir(staging)).includes(file);
    const url = whole
      ? (urls[0] ?? origin.url)
      : await download({
          urls,
          path,
          bytes: origin.bytes ?? null,
          checked: hasChecksum(origin),
          stallMs: options.stallMs,
          signal: options.signal,
          progress: (received, total) => {
            options.progress(file, received, total);
          },
        });
    const { problem } = await compareWith(path, origin);
    if (problem === null) return url;
    await rm(path);
    urls = urls.slice(urls.indexOf(url) + 1);
    if (urls.length === 0 && !whole)
      throw new DataError(
        `${problem} (from ${new URL(url).host}). Try again later, or give another --mirror.`,
      );
  }
}

/**
 * @param paths - the files, as the user has them; they stay
 * @param unverified - take files whose checksums are not the published ones, if they can be read
 */
export async function importData(
  fetchable: Fetchable,
  paths: readonly string[],
  options: Place & { readonly unverified: boolean },
): Promise<Acquired> {
  const staging = join(options.cache, `${fetchable.name}.import`);
  return options.exclusively(fetchable.folder, async () => {
    await rm(staging, { recursive: true, force: true }); // Of a process that was killed.
    await mkdir(staging, { recursive: true });
    return refuseUnless(staging, async () => {
      for (const path of paths) {
        const origin = originOf(fetchable, path);
        if (origin !== null && !options.unverified) await assertPublished(path, origin);
        await copyFile(path, join(staging, basename(path)), constants.COPYFILE_FICLONE);
      }
      return settle(fetchable, staging, options, new Map());
    });
  });
}

/** The origin of a file: of the same name, or the only one there is. */
function originOf({ origins }: Fetchable, path: string): Origin | null {
  const named = origins.find((origin) => fileOf(origin) === basename(path));
  return named ?? (origins.length === 1 ? (origins[0] ?? null) : null);
}

async function assertPublished(path: string, origin: Origin): Promise<void> {
  const { problem } = await compareWith(path, origin);
  if (problem !== null)
    throw new DataError(`${problem}. --unverified takes it all the same, if it can be read.`);
}

/** Reads all that lies in `staging`, and moves it to its place in the cache. */
async function settle(
  fetchable: Fetchable,
  staging: string,
  { cache, exclusively }: Place,
  from: ReadonlyMap<string, string>,
): Promise<Acquired> {
  const source = await fetchable.find([staging]);
  if (source === null) throw new DataError(notFound(fetchable, await readdir(staging)));
  const count = await fetchable.count(source);
  if (count === 0) throw new DataError(`${source.label} cannot be used: it holds no examples`);
  const files = await describeFiles(source);
  await moveFiles(source, placeOf(cache, fetchable));
  const entry = (file: (typeof files)[number]): ManifestEntry => ({
    bytes: file.bytes,
    sha256: file.sha256,
    from: from.get(file.file) ?? 'import',
    at: new Date().toISOString(),
  });
  const entries = Object.fromEntries(files.map((file) => [`${fetchable.folder}/${file.file}`, entry(file)]));
  await exclusively('manifest', () => addToManifest(cache, entries));
  await rm(staging, { recursive: true, force: true });
  return { name: fetchable.name, files, count };
}

const notFound = ({ name, origins }: Fetchable, here: readonly string[]): string =>
  `${here.join(', ')}: this is not dataset ${name}, whose files are ${origins.map(fileOf).join(', ')}`;

const describeFiles = (source: DatasetSource) =>
  Promise.all(
    filesOf(source).map(async (path) => {
      const { bytes, sha256 } = await compareWith(path, {});
      return { file: basename(path), bytes, sha256 };
    }),
  );

/** The first file last: without it nothing of the dataset is found. */
async function moveFiles(source: DatasetSource, place: string): Promise<void> {
  await mkdir(place, { recursive: true });
  for (const path of filesOf(source).reverse()) await rename(path, join(place, basename(path)));
}

/** Runs a check; when it fails, what lies in `staging` goes. */
async function refuseUnless<Result>(staging: string, check: () => Promise<Result>): Promise<Result> {
  try {
    return await check();
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
}
