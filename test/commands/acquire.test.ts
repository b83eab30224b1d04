/** Data from the network: bad servers, bad files, and what is left behind; and from this machine. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { exclusivelyIn } from '../../cli/exclusively.js';
import { fetchData, type FetchOptions, importData } from '../../tasks/datasets/acquire.js';
import { DataError, type Origin } from '../../tasks/datasets/contract.js';
import { type Fetchable, fetchables } from '../../tasks/datasets/fetchable.js';
import { readManifest } from '../../tasks/datasets/manifest.js';
import { verifyData } from '../../tasks/datasets/verify.js';
import { packTar, temporaryFolder, writeArchive, writeBytes } from '../tasks/datasets/archives.js';
import { type Answer, broken, serve, whole } from './file-server.js';
import { archive, entries, inCache, sha256, wholeCache } from './small-list-ops.js';

const listops = fetchables.find(({ name }) => name === 'listops');
if (listops === undefined) throw new Error('listops can be fetched no more');

/** ListOps from other places. */
const from = (...origins: Origin[]): Fetchable => ({ ...listops, origins });
const file = 'lra_release.gz';
const published = (url: string, more: Partial<Origin> = {}): Origin => ({ url: `${url}${file}`, ...more });

const options = (cache: string, more: Partial<FetchOptions> = {}): FetchOptions => ({
  cache,
  exclusively: exclusivelyIn(cache, new AbortController().signal),
  mirrors: [],
  mirrorsOnly: false,
  stallMs: 1_000,
  signal: new AbortController().signal,
  progress: () => undefined,
  ...more,
});

const partCache = ['listops.partial/lra_release.gz.part', 'listops.partial/lra_release.gz.part.json'];

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

describe('fetching', () => {
  it('puts a file into its place, says how far it is, and reads it through', async () => {
    const cache = temporaryFolder();
    const { url } = await serve(whole(archive));
    const seen: (readonly [number, number | null])[] = [];
    const progress: FetchOptions['progress'] = (_, received, total) => seen.push([received, total]);
    const acquired = await fetchData(
      from(published(url, { sha256, bytes: archive.length })),
      options(cache, { progress }),
    );
    expect(acquired).toEqual({
      name: 'listops',
      files: [{ file, bytes: archive.length, sha256 }],
      count: 90,
    });
    expect(inCache(cache)).toEqual(wholeCache);
    expect(readFileSync(join(cache, 'listops', file)).equals(archive)).toBe(true);
    expect(seen.at(-1)).toEqual([archive.length, archive.length]);
  });

  it.each(['cut', 'stall'] as const)('goes on where a connection that is %s ended', async (end) => {
    const cache = temporaryFolder();
    const sent = Math.floor(archive.length / 2);
    const { url, ranges } = await serve((request, response, number) => {
      (number === 0 ? broken(archive, sent, end) : whole(archive))(request, response, number);
    });
    await fetchData(from(published(url)), options(cache));
    expect(ranges).toEqual([null, `bytes=${sent}-`]);
    expect(inCache(cache)).toEqual(wholeCache);
  });

  it('keeps what has come when every try is cut, and the next run goes on from there', async () => {
    const cache = temporaryFolder();
    const { url, ranges } = await serve((request, response, number) => {
      (number < 4 ? broken(archive, 1_000, 'cut') : whole(archive))(request, response, number);
    });
    const origin = published(url);
    expect(await refusal(fetchData(from(origin), options(cache)))).toMatch(
      /lra_release\.gz could not be fetched\. 127\.0\.0\.1:\d+: .+What has come is kept/,
    );
    expect(inCache(cache)).toEqual(partCache);
    await fetchData(from(origin), options(cache));
    expect(ranges.at(-1)).toBe('bytes=1000-');
    expect(inCache(cache)).toEqual(wholeCache);
  });

  it('starts again where the server has another version now, or names none and there is no checksum', async () => {
    for (const [tag, rangesExpected] of [
      ['"old"', [null, 'bytes=1000-']],
      [null, [null, null]],
    ] as const) {
      const cache = temporaryFolder();
      const { url, ranges } = await serve((request, response, number) => {
        (number === 0 ? broken(Buffer.alloc(archive.length), 1_000, 'cut', tag) : whole(archive))(
          request,
          response,
          number,
        );
      });
      await fetchData(from(published(url)), options(cache));
      expect(ranges).toEqual(rangesExpected);
      expect(readFileSync(join(cache, 'listops', file)).equals(archive)).toBe(true);
    }
  });

  it('follows redirects, but not without end', async () => {
    const target = await serve(whole(archive));
    const { url } = await serve((_, response) => {
      response.writeHead(302, { location: `${target.url}${file}` }).end();
    });
    const cache = temporaryFolder();
    await fetchData(from(published(url)), options(cache));
    expect(inCache(cache)).toEqual(wholeCache);
    const circle = await serve((request, response) => {
      response.writeHead(302, { location: request.url }).end();
    });
    expect(await refusal(fetchData(from(published(circle.url)), options(temporaryFolder())))).toMatch(
      /redirect/,
    );
  });

  const liars: [string, Answer, Partial<Origin>, RegExp][] = [
    [
      'declares another length than the published one',
      whole(archive),
      { bytes: archive.length + 1 },
      /declares \d+ bytes, expected \d+/,
    ],
    [
      'sends more than the published length without declaring it',
      (_, response) => {
        response.writeHead(200);
        response.end(Buffer.concat([archive, archive]));
      },
      { bytes: archive.length },
      /sends more than \d+ bytes/,
    ],
    [
      'sends another range than was asked for',
      (request, response, number) => {
        if (number === 0) broken(archive, 1_000, 'cut')(request, response, number);
        else response.writeHead(206, { 'content-range': `bytes 0-9/${archive.length}` }).end('0123456789');
      },
      {},
      /sends another part than was asked for/,
    ],
    [
      'encodes the file anew',
      (_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(archive));
      },
      {},
      /does not send the file as it is/,
    ],
    ['has it no more', (_, response) => void response.writeHead(404).end('no'), {}, /answered 404/],
    ['fails each time', (_, response) => void response.writeHead(503).end(), {}, /answered 503/],
  ];
  it.each(liars)('refuses a server that %s, with nothing left behind', async (_, answer, more, message) => {
    const cache = temporaryFolder();
    const { url } = await serve(answer);
    expect(await refusal(fetchData(from(published(url, more)), options(cache)))).toMatch(message);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('refuses bytes that are not the published ones, with nothing left behind', async () => {
    const cache = temporaryFolder();
    const wrong = Buffer.from(archive);
    wrong[100]! ^= 1;
    const { url } = await serve(whole(wrong));
    expect(await refusal(fetchData(from(published(url, { sha256 })), options(cache)))).toMatch(
      /lra_release\.gz is not the published file: sha256 [0-9a-f]{64}, published [0-9a-f]{64}/,
    );
    expect(inCache(cache)).toEqual([]);
  });

  it.each([
    ['cut short', () => archive.subarray(0, -500), /cut short/],
    ['a page that says sorry', () => Buffer.from('<html>not here</html>'), /not a valid gzip file/],
    [
      'another data set',
      async () => gzipSync(await packTar([{ name: 'a.txt', content: 'x' }])),
      /holds no basic_train/,
    ],
    [
      'hostile',
      async () => gzipSync(await packTar([...entries, { name: '../../evil.txt', content: 'x' }])),
      /climbs out/,
    ],
  ])(
    'refuses a file without a published checksum that is %s, with nothing left behind',
    async (_, make, message) => {
      const cache = temporaryFolder();
      const { url } = await serve(whole(await make()));
      expect(await refusal(fetchData(from(published(url)), options(cache)))).toMatch(message);
      expect(inCache(cache)).toEqual([]);
    },
  );

  it('takes the next place when one does not give the file, or gives a wrong one', async () => {
    const dead = await serve((_, response) => void response.writeHead(404).end());
    const wrong = await serve(whole(Buffer.from('wrong')));
    const good = await serve(whole(archive));
    const cache = temporaryFolder();
    const origin = {
      ...published(dead.url, { sha256 }),
      mirrors: [`${wrong.url}${file}`, `${good.url}${file}`],
    };
    await fetchData(from(origin), options(cache));
    expect(inCache(cache)).toEqual(wholeCache);
  });

  it('of two at once fetches one, and the other finds it here', async () => {
    const cache = temporaryFolder();
    const { url, ranges } = await serve(whole(archive));
    const fetchable = from(published(url, { sha256 }));
    const both = await Promise.all([
      fetchData(fetchable, options(cache)),
      fetchData(fetchable, options(cache)),
    ]);
    expect(both.filter((acquired) => acquired !== null)).toHaveLength(1);
    expect(ranges).toEqual([null]);
    expect(inCache(cache)).toEqual(wholeCache);
  });

  it('keeps what is known of two datasets that come at once', async () => {
    const cache = temporaryFolder();
    const { url } = await serve(whole(archive));
    const fetchable = from(published(url, { sha256 }));
    const folders = ['a', 'b', 'c', 'd'];
    const many = folders.map((folder) => ({
      ...fetchable,
      name: folder,
      folder,
      find: (places: readonly string[]) =>
        fetchable.find(places.flatMap((place) => [place, join(place, folder)])),
    }));
    await Promise.all(many.map((each) => fetchData(each, options(cache))));
    expect(Object.keys(await readManifest(cache)).sort()).toEqual(
      folders.map((folder) => `${folder}/${file}`),
    );
  });

  it('stops when it is told to, and keeps what has come', async () => {
    const cache = temporaryFolder();
    const { url } = await serve(broken(archive, 2_000, 'stall'));
    const stop = new AbortController();
    const progress = () => {
      stop.abort();
    };
    const fetching = fetchData(
      from(published(url)),
      options(cache, { stallMs: 60_000, signal: stop.signal, progress }),
    );
    await expect(fetching).rejects.toThrow(/abort/i);
    expect(inCache(cache)).toEqual(partCache);
  });
});

describe('importing', () => {
  const take = (path: string, cache: string, unverified = false) =>
    importData(from(published('http://nowhere.invalid/', { sha256 })), [path], {
      ...options(cache),
      unverified,
    });

  it('copies a checked archive into its place', async () => {
    const cache = temporaryFolder();
    expect(await take(writeBytes(archive, file), cache)).toMatchObject({ count: 90 });
    expect(inCache(cache)).toEqual(wholeCache);
  });

  it('refuses another file than the published one, unless told to take it; what cannot be read it never takes', async () => {
    const cache = temporaryFolder();
    const other = await writeArchive([...entries, { name: 'more.txt', content: 'x' }], file);
    expect(await refusal(take(other, cache))).toMatch(/not the published file.*--unverified/);
    const bad = writeBytes(archive.subarray(0, -100), file);
    expect(await refusal(take(bad, cache, true))).toMatch(/cut short/);
    const hostile = await writeArchive([...entries, { name: 'l', type: 'symlink', linkname: '/etc' }], file);
    expect(await refusal(take(hostile, cache, true))).toMatch(/symlink/);
    expect(await refusal(take(writeBytes(archive, 'other-name.bin'), cache))).toMatch(
      /this is not dataset listops/,
    );
    expect(inCache(cache)).toEqual([]);
    await take(other, cache, true);
    expect(inCache(cache)).toEqual(wholeCache);
  });
});

describe('verifying', () => {
  it('holds a file against what was published, then against how it came', async () => {
    const cache = temporaryFolder();
    const fetchable = from(published('http://nowhere.invalid/', { sha256 }));
    await importData(fetchable, [writeBytes(archive, file)], { ...options(cache), unverified: false });
    const source = await fetchable.find([cache]);
    if (source === null) throw new Error('it was not found');
    expect(await verifyData(fetchable, source, cache)).toMatchObject({
      passed: true,
      count: 90,
      files: [{ against: 'as it came' }],
    });
    expect(await verifyData(fetchable, source, temporaryFolder())).toMatchObject({
      passed: true,
      files: [{ against: 'published' }],
    });
    const changed = readFileSync(source.path);
    changed[changed.length - 6]! ^= 1;
    writeFileSync(source.path, changed);
    const verified = await verifyData(fetchable, source, cache);
    expect(verified).toMatchObject({ passed: false, count: null });
    expect(verified.problem).toMatch(/has changed since it came; .*not a valid gzip file/);
  });
});
