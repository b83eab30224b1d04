import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listops } from '../../../tasks/datasets/listops.js';
import { whitespaceTokens } from '../../../tasks/text/tokenize.js';
import { writeArchive } from './archives.js';
import { problemOf, readAll, sharedData } from './read-all.js';

const header = 'Source\tTarget\r\n';
const parts = (train: string) => [
  { name: 'lra_release/listops-1000/basic_train.tsv', content: header + train },
  { name: 'lra_release/listops-1000/basic_val.tsv', content: `${header}( [SM 5 5 ] )\t0\r\n` },
  { name: 'lra_release/other/basic.tsv', content: 'x' },
  { name: 'lra_release/listops-1000/basic_test.tsv', content: `${header}7\t7\r\n` },
];
const write = async (train: string) => dirname(await writeArchive(parts(train), 'lra_release.gz'));

describe('listops', () => {
  it('reads the three parts, without parentheses, operators with their bracket as one token', async () => {
    const folder = await write('( ( ( [MAX 9 ) 3 ) ] )\t9\r\n');
    const examples = await readAll(listops, folder);
    expect(examples.map(({ text, ...rest }) => ({ tokens: whitespaceTokens(text), ...rest }))).toEqual([
      { id: 'train/2', tokens: ['[MAX', '9', '3', ']'], label: '9', split: 'train' },
      { id: 'val/2', tokens: ['[SM', '5', '5', ']'], label: '0', split: 'validation' },
      { id: 'test/2', tokens: ['7'], label: '7', split: 'test' },
    ]);
    expect(listops.tokenizer).toBe('whitespace');
  });

  it('refuses an expression without a value from 0 to 9, and an archive that lacks a part', async () => {
    expect(await problemOf(readAll(listops, await write('( 1 )\t10\r\n')))).toMatch(
      /basic_train\.tsv, line 2, has no value/,
    );
    const archive = await writeArchive(parts('1\t1\r\n').slice(0, 2), 'lra_release.gz');
    expect(await problemOf(readAll(listops, dirname(archive)))).toMatch(/it holds no basic_test\.tsv/);
  });
});

const shared = sharedData('the generated ListOps');
describe.runIf(shared !== null)('listops, as the generator of the Arena makes it', () => {
  it('has 800 / 100 / 100 expressions of 500 to 2,000 tokens', async () => {
    const examples = await readAll(listops, shared ?? '');
    const sizes = ['train', 'validation', 'test'].map(
      (part) => examples.filter(({ split }) => split === part).length,
    );
    expect(sizes).toEqual([800, 100, 100]);
    const lengths = examples.map(({ text }) => whitespaceTokens(text).length);
    expect(Math.max(...lengths)).toBeLessThan(2_000);
    const words = new Set(examples.flatMap(({ text }) => whitespaceTokens(text)));
    expect([...words].sort()).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '[MAX',
      '[MED',
      '[MIN',
      '[SM',
      ']',
    ]);
  });
});
