import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { amazonElectronics } from '../../../tasks/datasets/amazon-electronics.js';
import { temporaryFolder } from './archives.js';
import { countLabels, problemOf, readAll, sharedData } from './read-all.js';

const review = (i: number, overall: number, reviewText = `text ${i}`) =>
  JSON.stringify({ reviewerID: `R${i}`, asin: 'A1', reviewText, overall, summary: 's' });

function write(lines: readonly string[], name = 'reviews_Electronics_5.json.gz'): string {
  const folder = temporaryFolder();
  const text = lines.join('\n');
  writeFileSync(join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
  return folder;
}

/** 600 reviews: half of five stars, the rest falling. */
const many = Array.from({ length: 600 }, (_, i) =>
  review(i, i < 300 ? 5 : i < 450 ? 4 : i < 540 ? 3 : i < 580 ? 2 : 1),
);

describe('amazon-electronics', () => {
  it('gives the text and the rating of each line, with line breaks as blanks', async () => {
    const folder = write([review(1, 5, 'good<br />very <br>good'), review(2, 1)]);
    expect(await readAll(amazonElectronics, folder)).toEqual([
      { id: 'line/1', text: 'good very  good', label: '5', split: null },
      { id: 'line/2', text: 'text 2', label: '1', split: null },
    ]);
  });

  it('is read plain or gzip, in a data folder or its subfolder, the original before a part of it', async () => {
    const plain = write([review(1, 3)], 'reviews_Electronics_5.json');
    expect(await readAll(amazonElectronics, plain)).toHaveLength(1);
    writeFileSync(join(plain, 'reviews_Electronics_5.a.json.gz'), '');
    expect((await amazonElectronics.find([plain]))?.label).toBe('reviews_Electronics_5.json');
    expect(await amazonElectronics.find([temporaryFolder(), '/nowhere'])).toBeNull();
  });

  it('counts equal texts once, and leaves out empty ones', async () => {
    const lines = [review(1, 5, 'Same  text'), review(2, 4, 'same text'), review(3, 1, ' '), review(4, 2)];
    const examples = await readAll(amazonElectronics, write(lines));
    expect(examples.map(({ id }) => id)).toEqual(['line/1', 'line/4']);
  });

  it('draws a natural sample with the shares of the whole, the same each time, another with another seed', async () => {
    const folder = write(many);
    const draw = (seed: number) => readAll(amazonElectronics, folder, { sample: 200, seed });
    const first = await draw(1);
    expect(first).toHaveLength(200);
    expect(await draw(1)).toEqual(first);
    expect((await draw(2)).map(({ id }) => id)).not.toEqual(first.map(({ id }) => id));
    const counts = countLabels(first);
    expect(counts['5']).toBeGreaterThan(75);
    expect(counts['5']).toBeLessThan(125);
  });

  it('draws as many of each rating when balanced, no more than there are of the rarest', async () => {
    const folder = write(many);
    const balanced = { sampling: 'balanced' };
    const small = await readAll(amazonElectronics, folder, { ...balanced, sample: 100 });
    expect(countLabels(small)).toEqual({ 1: 20, 2: 20, 3: 20, 4: 20, 5: 20 });
    const large = await readAll(amazonElectronics, folder, { ...balanced, sample: 1_000 });
    expect(countLabels(large)).toEqual({ 1: 20, 2: 20, 3: 20, 4: 20, 5: 20 });
    const fives = large.filter(({ label }) => label === '5').map(({ id }) => Number(id.slice(5)));
    expect(Math.max(...fives)).toBeGreaterThan(150); // Not only the first of the file.
  });

  it('names the line that is no review', async () => {
    const cut = write([review(1, 5), '{"reviewText": "a"']);
    expect(await problemOf(readAll(amazonElectronics, cut))).toMatch(/line 2 is no review with reviewText/);
    expect(await problemOf(readAll(amazonElectronics, write([review(1, 6)])))).toMatch(/overall of 1 to 5/);
    expect(await problemOf(readAll(amazonElectronics, write([])))).toMatch(/holds no reviews/);
  });
});

const shared = sharedData('the real sample of Amazon reviews');
describe.runIf(shared !== null)('amazon-electronics, the real sample', () => {
  it('has 9,986 lines, of which 9,164 have a text of their own', async () => {
    const examples = await readAll(amazonElectronics, shared ?? '');
    expect(examples).toHaveLength(9_164);
    expect(examples.at(-1)?.id).toMatch(/^line\/9\d\d\d$/);
    expect(Object.keys(countLabels(examples)).sort()).toEqual(['1', '2', '3', '4', '5']);
  });
});
