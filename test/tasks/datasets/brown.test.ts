import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brown } from '../../../tasks/datasets/brown.js';
import { DataError, type DatasetSource, type TextExample } from '../../../tasks/datasets/contract.js';
import { temporaryFolder } from './archives.js';

function writePackage(files: Record<string, string>): DatasetSource {
  const path = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return { path, label: 'test' };
}

async function read(source: DatasetSource, chunk: number): Promise<TextExample[]> {
  const examples: TextExample[] = [];
  for await (const example of brown.read(source, { chunk })) examples.push(example);
  return examples;
}

const tagged = (count: number) => Array.from({ length: count }, (_, i) => `w${i}/nn`).join(' ');

describe('brown', () => {
  it('takes tags off, and only the tag where the word has a slash', async () => {
    const source = writePackage({ ca01: '\n\tThe/at 1/2/cd-tl ``/`` mile/nn\n./.\n' });
    expect((await read(source, 32))[0]?.text).toBe('The 1/2 `` mile .');
  });

  it('takes the genre from the second letter of the file name, and reads samples only', async () => {
    const source = writePackage({
      cr09: 'ha/uh',
      cm01: 'mars/np',
      README: 'x/y',
      'cats.txt': 'a/b',
      cz01: 'c/d',
    });
    expect((await read(source, 32)).map(({ id, label }) => [id, label])).toEqual([
      ['cm01/0', 'science-fiction'],
      ['cr09/0', 'humor'],
    ]);
  });

  it('cuts a sample into passages of one group; a rest shorter than half a passage is left out', async () => {
    const passages = await read(writePackage({ ck01: tagged(115), ck02: tagged(116), ck03: tagged(3) }), 32);
    const lengths = passages.map(({ group, text }) => [group, text.split(' ').length]);
    const whole = (file: string) => [
      [file, 32],
      [file, 32],
      [file, 32],
    ];
    expect(lengths).toEqual([...whole('ck01'), ['ck01', 19], ...whole('ck02'), ['ck02', 20], ['ck03', 3]]);
    expect((await read(writePackage({ ck01: tagged(79) }), 32)).length).toBe(2);
    expect(new Set(passages.map((passage) => passage.id)).size).toBe(passages.length);
  });

  it('refuses a passage length that is out of range or an option that it does not have', () => {
    expect(brown.options.parse({})).toEqual({ chunk: 256 });
    for (const wrong of [{ chunk: 0 }, { chunk: 12.5 }, { chunk: 10_000 }, { chnk: 64 }]) {
      expect(brown.options.safeParse(wrong).success).toBe(false);
    }
  });

  it('says what to do when the package holds no samples', async () => {
    await expect(read(writePackage({ README: '' }), 256)).rejects.toThrow(DataError);
  });

  it('reads the installed package: 15 genres in 500 samples', async () => {
    const source = await brown.find();
    const passages = await read(source!, 256);
    expect(new Set(passages.map((passage) => passage.label)).size).toBe(15);
    expect(new Set(passages.map((passage) => passage.group)).size).toBe(500);
    expect(passages.filter(({ text }) => text.split(' ').length > 256)).toEqual([]);
    expect(passages.length).toBeGreaterThan(4000);
  });
});
