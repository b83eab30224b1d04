import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jmars, jmarsHedwig } from '../../../tasks/datasets/jmars.js';
import { temporaryFolder } from './archives.js';
import { problemOf, readAll } from './read-all.js';

function writeArrays(contents: readonly string[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'jmars'));
  for (const [i, content] of contents.entries())
    writeFileSync(join(folder, 'jmars', `data${i + 1}.json`), content);
  return folder;
}

const review = (rating: unknown, text: string) => ({ user: 'u', movie: 'm', rating, review: text });
const four = (last: unknown) =>
  ['1', '2', '3'].map((i) => JSON.stringify([review(i, `film ${i}`)])).concat(JSON.stringify(last));

describe('jmars', () => {
  it('reads four arrays in their order; a rating may be a number or a text', async () => {
    const folder = writeArrays(four([review(10, 'a<br/>b'), review('7', 'c')]));
    expect(await readAll(jmars, folder)).toEqual([
      { id: 'data1/1', text: 'film 1', label: '1', split: null },
      { id: 'data2/1', text: 'film 2', label: '2', split: null },
      { id: 'data3/1', text: 'film 3', label: '3', split: null },
      { id: 'data4/1', text: 'a b', label: '10', split: null },
      { id: 'data4/2', text: 'c', label: '7', split: null },
    ]);
  });

  it('stands in the IMDB column and compares', () => {
    expect(jmars.paperColumn).toEqual({ name: 'IMDB', notComparable: null });
  });

  it('is not found while one of the four is missing', async () => {
    expect(await jmars.find([writeArrays(four([]).slice(0, 3))])).toBeNull();
  });

  it('names the file and the element that is no review', async () => {
    const bad = (last: unknown) => problemOf(readAll(jmars, writeArrays(four(last))));
    expect(await bad([review(10, 'a'), review(11, 'b')])).toMatch(
      /data4\.json cannot be used: element 2 is no review/,
    );
    expect(await bad([])).toMatch(/data4\.json cannot be used: it holds no reviews/);
    const cut = [...four([]).slice(0, 3), '[{"rating": 1, "rev'];
    expect(await problemOf(readAll(jmars, writeArrays(cut)))).toMatch(
      /data4\.json cannot be used: .*cut short/,
    );
  });
});

function writeHedwig(parts: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'IMDB'));
  for (const [name, content] of Object.entries(parts)) writeFileSync(join(folder, 'IMDB', name), content);
  return folder;
}

describe('jmars-hedwig', () => {
  it('reads the rating from ten digits and the split from the file', async () => {
    const folder = writeHedwig({
      'train.tsv': '1000000000\tbad <sssss> film\n0000000001\tgood "film"\n',
      'dev.tsv': '0000100000\tmiddling',
      'test.tsv': '0100000000\tpoor\ttab\n',
    });
    expect(await readAll(jmarsHedwig, folder)).toEqual([
      { id: 'train/1', text: 'bad   film', label: '1', split: 'train' },
      { id: 'train/2', text: 'good "film"', label: '10', split: 'train' },
      { id: 'validation/1', text: 'middling', label: '5', split: 'validation' },
      { id: 'test/1', text: 'poor\ttab', label: '2', split: 'test' },
    ]);
  });

  it('refuses a line without exactly one rating', async () => {
    for (const label of ['0000000000', '1000000001', '100', 'x'])
      expect(
        await problemOf(
          readAll(jmarsHedwig, writeHedwig({ 'train.tsv': `${label}\ta`, 'dev.tsv': '', 'test.tsv': '' })),
        ),
      ).toMatch(/train\.tsv cannot be used: line 1 does not start with a rating/);
  });
});
