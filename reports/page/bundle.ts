/** The scripts that travel inside the page: the drawing libraries, compressed, and the small one that unpacks them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packText } from './packed-text.js';

const require = createRequire(import.meta.url);

/** In the order in which they need each other. Each package's minified build lies beside its entry point. */
const libraries = [
  ['vega', 'vega.min.js'],
  ['vega-lite', 'vega-lite.min.js'],
  ['vega-embed', 'vega-embed.min.js'],
] as const;

interface PackedLibraries {
  readonly packed: string;
  /** For a Content-Security-Policy: of the text that is unpacked. */
  readonly source: string;
}

let packed: PackedLibraries | null = null;

/** Packed once a process. */
export function packedLibraries(): PackedLibraries {
  packed ??= packLibraries();
  return packed;
}

function packLibraries(): PackedLibraries {
  const sources = libraries.map(([name, file]) =>
    readFileSync(join(dirname(require.resolve(name)), file), 'utf8'),
  );
  const text = sources.map((source) => source.replace(/^\/\/# sourceMappingURL=.*$/m, '')).join(';\n');
  return { packed: packText(text), source: sha256Source(text) };
}

/** For a Content-Security-Policy: only a script with this content may run. */
export const sha256Source = (script: string): string =>
  `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** JSON that cannot end the script element it stands in. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
