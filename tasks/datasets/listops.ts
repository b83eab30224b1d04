/**
 * ListOps of the Long Range Arena: the value, 0 to 9, of a nested list of operations of some 500 to 2,000 tokens.
 *
 * No language: the tokens are digits, operators and the closing bracket, written apart. The parentheses, which say
 * nothing that the brackets do not, are left out as in the Arena.
 */
import { z } from 'zod';
import { DataError, type DatasetSource, type TextDataset, type TextExample } from './contract.js';
import { splitLines } from './lines.js';
import { readPackage } from './package-files.js';
import { findNamed } from './places.js';

const advice =
  'Get lra_release.gz again, or a tar.gz or folder with basic_train.tsv, basic_val.tsv and basic_test.tsv, and put it into the folder listops of the data folder.';
/** Far above the original: 96,000 examples, 100 MB beside other tasks that are skipped. */
const limits = { entryBytes: 2 ** 29, entries: 3_000_000, totalBytes: 2 ** 36 };
const lineLimits = { lineBytes: 1 << 20, lines: 2_000_000, totalBytes: 2 ** 30 };
const partName = /(?:^|\/)basic_(train|val|test)\.tsv$/;
const splits = { train: 'train', val: 'validation', test: 'test' } as const;

const options = z.strictObject({});

export const listops = {
  kind: 'text',
  name: 'listops',
  title: 'ListOps of the Long Range Arena',
  citation: 'Nangia and Bowman, ListOps, NAACL 2018; Tay et al., Long Range Arena, ICLR 2021',
  licence: 'Apache 2.0',
  origins: [{ url: 'https://storage.googleapis.com/long-range-arena/lra_release.gz' }],
  terms: null,
  folder: 'listops',
  tokenizer: 'whitespace',
  splitRule: 'the files basic_train, basic_val and basic_test of the Arena',
  standIn: false,
  paperColumn: null,
  options,
  find: (folders) => Promise.resolve(findListops(folders)),
  read: readListops,
} satisfies TextDataset<typeof options>;

function findListops(folders: readonly string[]): DatasetSource | null {
  const found = findNamed(folders, 'listops', [
    /^lra_release(?:\.tar)?\.gz$/,
    /^listops.*\.(?:tar\.gz|tgz)$/,
    /^(?:lra_release|listops-1000|lra_generated)$/,
  ]);
  return found === null ? null : { path: found.path, label: found.name };
}

async function* readListops(source: DatasetSource): AsyncGenerator<TextExample> {
  const found = new Set<string>();
  for await (const { name, content } of readPackage(source.path, limits, isPart, advice)) {
    const part = partName.exec(name)?.[1] as keyof typeof splits;
    if (found.has(part))
      throw new DataError(`${source.label} cannot be used: it holds basic_${part}.tsv twice. ${advice}`);
    found.add(part);
    let line = 0;
    for await (const text of splitLines([content], lineLimits)) {
      line += 1;
      if (line === 1 || text === '') continue;
      const [expression = '', value = ''] = text.split('\t');
      if (!/^\d$/.test(value))
        throw new DataError(
          `${source.label} cannot be used: basic_${part}.tsv, line ${line}, has no value. ${advice}`,
        );
      yield {
        id: `${part}/${line}`,
        text: withoutParentheses(expression),
        label: value,
        split: splits[part],
      };
    }
  }
  const missing = Object.keys(splits).filter((part) => !found.has(part));
  if (missing.length > 0)
    throw new DataError(
      `${source.label} cannot be used: it holds no ${missing.map((part) => `basic_${part}.tsv`).join(', ')}. ${advice}`,
    );
}

const isPart = (name: string): boolean => partName.test(name);
const withoutParentheses = (expression: string): string => expression.replace(/[()]/g, ' ').trim();
