/**
 * The records that a page was made from, inside the page: with them every number can be computed again, years later, from
 * the one file.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { type RunRecord, recordSchema } from '../../harness/record.js';
import { type Origins, originsSchema } from '../origins.js';

/** What a page was made from. */
export interface PageRecords {
  readonly generatedFrom: string;
  readonly origins: Origins | null;
  readonly records: readonly RunRecord[];
}

/** Unpacked, more than this is no page of ours: 512 MB. */
const largest = 2 ** 29;

const bundleSchema = z.strictObject({
  generatedFrom: z.string(),
  origins: originsSchema.nullable(),
  records: z.array(recordSchema),
});

/** Gzipped, as base64: letters that cannot end a script element. */
export const packRecords = (content: PageRecords): string =>
  gzipSync(JSON.stringify(content), { level: 9 }).toString('base64');

/** @throws where the text is no such bundle, or a record in it is not complete */
export function unpackRecords(packed: string): PageRecords {
  const parsed = bundleSchema.safeParse(JSON.parse(unpackText(packed)));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data;
}

/** @throws where the text is not gzip in base64, or too large */
export const unpackText = (packed: string): string =>
  gunzipSync(Buffer.from(packed.trim(), 'base64'), { maxOutputLength: largest }).toString('utf8');
