/**
 * Downloads one file over HTTP, from the first of several places that gives it, and goes on where it stopped.
 *
 * What has come is kept beside the goal as `NAME.part`, with a note of where it is from and which version of the file
 * it is. The next try, or the next run, asks for the rest (`Range`, `If-Range`); a server that cannot do that, or has
 * another version now, sends everything again. A connection on which nothing comes for some time counts as broken. No
 * server is trusted: not on length, on ranges, on where it redirects to. Whether the file is the right one is for
 * checksums to say, later.
 */
import { mkdir, open, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { DataError } from './contract.js';

export interface DownloadRequest {
  /** Where the file is, best first. */
  readonly urls: readonly string[];
  /** Where it goes, whole. */
  readonly path: string;
  /** Exact size where it is known. */
  readonly bytes: number | null;
  /** Whether a checksum is known: then parts of one file may be joined also where the server names no version. */
  readonly checked: boolean;
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
  /** @param total - bytes of the whole file, null where unknown */
  readonly progress: (received: number, total: number | null) => void;
}

/** Tries of each place; broken connections go on where they stopped. */
const triesEach = 4;
/** Of a file whose size is not known: the largest that a dataset here has is 6 GB. */
const maxBytes = 2 ** 34;

/** @returns the place that gave it. @throws DataError when no place did, with what each said */
export async function download(request: DownloadRequest): Promise<string> {
  await mkdir(dirname(request.path), { recursive: true });
  const problems: string[] = [];
  for (const url of request.urls) {
    for (let attempt = 1; attempt <= triesEach; attempt++) {
      try {
        await downloadOnce(url, request);
        return url;
      } catch (error) {
        request.signal.throwIfAborted();
        if (error instanceof DataError) throw error;
        const final = error instanceof Refused || attempt === triesEach;
        if (final) problems.push(`${hostOf(url)}: ${describe(error)}`);
        if (final) break;
      }
    }
  }
  throw new DataError(
    `${basename(request.path)} could not be fetched. ${problems.join('; ')}. What has come is kept; the same command goes on from there. Or fetch it in another way and use formerbench data import.`,
  );
}

/** This place will not give the file, now or at the next try. */
class Refused extends Error {}

/** What is on disk already, and of which version of the file. */
const noteSchema = z.strictObject({ url: z.string(), version: z.string().nullable() });

const partOf = (path: string): string => `${path}.part`;
const noteOf = (path: string): string => `${path}.part.json`;

async function downloadOnce(url: string, request: DownloadRequest): Promise<void> {
  const timer = stallTimer(request);
  try {
    const kept = await keptPart(url, request);
    const response = await ask(url, kept, timer.signal);
    timer.reset();
    const { start, total } = await judge(response, kept, request);
    await writeFile(noteOf(request.path), JSON.stringify({ url, version: versionOf(response) }));
    const received = await receive(response, start, total, request, timer);
    if (total !== null && received < total)
      throw new Error(`the connection ended after ${received} of ${total} bytes`);
    await rename(partOf(request.path), request.path);
    await rm(noteOf(request.path), { force: true });
  } catch (error) {
    if (error instanceof Refused) await discard(request.path);
    throw timer.stalled() ? new Error(`nothing came for ${request.stallMs / 1000} s`) : error;
  } finally {
    timer.stop();
  }
}

interface Kept {
  readonly bytes: number;
  readonly version: string | null;
}

/** What an earlier try left that this place can go on from. */
async function keptPart(url: string, { path, checked }: DownloadRequest): Promise<Kept> {
  const bytes = await stat(partOf(path)).then(
    ({ size }) => size,
    () => 0,
  );
  const note = await readNote(path);
  const sameFile = note !== null && note.url === url && note.version !== null;
  if (note === null || !(checked || sameFile)) return { bytes: 0, version: null };
  return { bytes, version: note.url === url ? note.version : null };
}

async function readNote(path: string): Promise<z.infer<typeof noteSchema> | null> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(noteOf(path), 'utf8')));
  } catch {
    return null;
  }
}

async function ask(url: string, { bytes, version }: Kept, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (bytes > 0) headers['range'] = `bytes=${bytes}-`;
  if (bytes > 0 && version !== null) headers['if-range'] = version;
  const response = await fetch(url, { headers, signal, redirect: 'follow' });
  if (url.startsWith('https:') && !response.url.startsWith('https:'))
    throw new Refused('it redirects from https to http');
  return response;
}

/** A strong tag or a date: what `If-Range` takes. */
function versionOf({ headers }: Response): string | null {
  const tag = headers.get('etag');
  return tag?.startsWith('"') === true ? tag : headers.get('last-modified');
}

/** Where the body belongs, and how long the whole file is. @throws when the answer is of no use */
async function judge(
  response: Response,
  kept: Kept,
  request: DownloadRequest,
): Promise<{ start: number; total: number | null }> {
  const { status, headers } = response;
  if (status === 416) {
    await discard(request.path);
    throw new Error('the server does not have the rest of what was begun');
  }
  if (status >= 500 || status === 429) throw new Error(`the server answered ${status}`);
  if (status !== 200 && status !== 206) throw new Refused(`the server answered ${status}`);
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity')
    throw new Refused('the server does not send the file as it is');
  const start = status === 206 ? kept.bytes : 0;
  const total = status === 206 ? rangeTotal(headers, start) : lengthOf(headers);
  if (total !== null && (request.bytes === null ? total > maxBytes : total !== request.bytes))
    throw new Refused(`it declares ${total} bytes, ${expected(request)}`);
  await assertSpace(dirname(request.path), (total ?? 0) - start);
  return { start, total: total ?? request.bytes };
}

const expected = ({ bytes }: DownloadRequest): string =>
  bytes === null ? `more than the ${maxBytes} that is taken` : `expected ${bytes}`;

function lengthOf(headers: Headers): number | null {
  const text = headers.get('content-length') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** `bytes 100-999/1000` for what was asked from 100 on. */
function rangeTotal(headers: Headers, start: number): number | null {
  const match = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(headers.get('content-range') ?? '');
  if (match === null || Number(match[1]) !== start)
    throw new Refused('it sends another part than was asked for');
  return match[2] === '*' ? null : Number(match[2]);
}

async function assertSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (needed > bavail * bsize)
    throw new DataError(
      `there is no room in ${folder}: ${needed} bytes are needed, ${bavail * bsize} are free`,
    );
}

/** Writes the body. @returns bytes of the part then */
async function receive(
  { body }: Response,
  start: number,
  total: number | null,
  request: DownloadRequest,
  timer: StallTimer,
): Promise<number> {
  const limit = total ?? maxBytes;
  const file = await open(partOf(request.path), start === 0 ? 'w' : 'r+');
  let received = start;
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      timer.reset();
      if (received + chunk.length > limit) throw new Refused(`it sends more than ${limit} bytes`);
      await file.write(chunk, 0, chunk.length, received);
      received += chunk.length;
      request.progress(received, total);
    }
    await file.sync();
    return received;
  } finally {
    await file.close();
  }
}

async function discard(path: string): Promise<void> {
  await rm(partOf(path), { force: true });
  await rm(noteOf(path), { force: true });
}

interface StallTimer {
  readonly signal: AbortSignal;
  reset(): void;
  stop(): void;
  stalled(): boolean;
}

/** Aborts when it was not reset for some time, or when the user stops. */
function stallTimer({ stallMs, signal }: DownloadRequest): StallTimer {
  const stall = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const reset = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stall.abort();
    }, stallMs);
  };
  reset();
  return {
    signal: AbortSignal.any([stall.signal, signal]),
    reset,
    stop: () => {
      clearTimeout(timer);
    },
    stalled: () => stall.signal.aborted,
  };
}

const hostOf = (url: string): string => new URL(url).host;

/** `fetch failed` says nothing; its cause does. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause;
  if (!(cause instanceof Error)) return error.message;
  return cause.message === '' ? ((cause as NodeJS.ErrnoException).code ?? error.message) : cause.message;
}
