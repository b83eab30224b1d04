/** Which program wrote a page: its version, and a checksum of what words and draws. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../harness/sources.js';

let known: string | null = null;

/** Two versions with the same text here make the same page of the same records. */
export function generator(): string {
  known ??= describe();
  return known;
}

function describe(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|js|hbs|css)$/.test(name))
    .toSorted();
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.replaceAll('\\', '/')).update(readFileSync(join(folder, file)));
  return `formerbench ${manifest.version} (${hash.digest('hex').slice(0, 12)})`;
}

/** What a page says that wrote it; null where it says nothing. */
export const generatorOf = (html: string): string | null =>
  /<meta name="generator" content="([^"]*)">/.exec(html)?.[1] ?? null;
