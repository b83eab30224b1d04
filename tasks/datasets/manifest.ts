/** What is known of the files in the cache: their size and checksum when they came, to hold them against later. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../write-whole.js';

const entrySchema = z.strictObject({
  bytes: z.int(),
  sha256: z.string(),
  /** URL that it was fetched from, or `import`. */
  from: z.string(),
  at: z.string(),
});
const manifestSchema = z.record(z.string(), entrySchema);
export type ManifestEntry = z.infer<typeof entrySchema>;

const pathOf = (cache: string): string => join(cache, 'manifest.json');

/** By path in the cache, such as `imdb/aclImdb_v1.tar.gz`; empty when there is none that can be read. */
export async function readManifest(cache: string): Promise<Record<string, ManifestEntry>> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(pathOf(cache), 'utf8')));
  } catch {
    return {};
  }
}

export async function addToManifest(cache: string, entries: Record<string, ManifestEntry>): Promise<void> {
  const all = { ...(await readManifest(cache)), ...entries };
  await writeWhole(pathOf(cache), JSON.stringify(all, null, 1));
}
