/** Text that lies compressed inside a page: gzipped, as base64, whose letters cannot end a script element. */
import { gunzipSync, gzipSync } from 'node:zlib';

/** Unpacked, more than this is no part of a page of ours: 512 MB. */
const largest = 2 ** 29;

export const packText = (text: string): string => gzipSync(text, { level: 9 }).toString('base64');

/** @throws where the text is not gzip in base64, or too large */
export const unpackText = (packed: string): string =>
  gunzipSync(Buffer.from(packed.trim(), 'base64'), { maxOutputLength: largest }).toString('utf8');
