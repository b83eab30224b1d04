/**
 * The records that a page was made from, inside the page: with them every number can be computed again, years later, from
 * the one file.
 */
import { z } from 'zod';
import { type RunRecord, recordSchema } from '../../harness/record.js';
import { type Origins, originsSchema } from '../origins.js';
import { packText, unpackText } from './packed-text.js';

/** What a page was made from. */
export interface PageRecords {
  readonly generatedFrom: string;
  readonly origins: Origins | null;
  readonly records: readonly RunRecord[];
}

const bundleSchema = z.strictObject({
  generatedFrom: z.string(),
  origins: originsSchema.nullable(),
  records: z.array(recordSchema),
});

export const packRecords = (content: PageRecords): string => packText(JSON.stringify(content));

/** @throws where the text is no such bundle, or a record in it is not complete */
export function unpackRecords(packed: string): PageRecords {
  const parsed = bundleSchema.safeParse(JSON.parse(unpackText(packed)));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data;
}
