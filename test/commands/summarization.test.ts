/** Summarization from the command line: the stand-in, a user's own pairs, floors, the tokenizer's file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../tasks/datasets/archives.js';
import { idsByHuggingFace } from '../support/hugging-face.js';
import { formerbench } from './formerbench.js';

interface Recorded {
  readonly cell: { readonly kind: string; readonly summarizer?: object };
  readonly metrics: { readonly rouge1: number; readonly rougeLsum: number };
  readonly failure: null;
  readonly summary: {
    readonly texts: readonly { readonly prediction: string }[];
    readonly training: { readonly vocabulary: number } | null;
  };
}

const runOne = async (...more: readonly string[]) => {
  const { stdout, code, stderr } = await formerbench(
    ...['run', '--task', 'summarization', '--preset', 'smoke', '--backend', 'wasm', '--json'],
    ...['--out', temporaryFolder(), ...more],
  );
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Recorded;
};

test('run trains on mail subjects and writes summaries; the tokenizer’s file has its subwords', async () => {
  const file = join(temporaryFolder(), 'tokenizer.json');
  const counts = ['--test', '8'];
  const record = await runOne(
    ...['--architecture', 'fastformer', '--dataset', 'mail-subjects', ...counts],
    ...['--tokenizer-file', file],
  );
  expect(record.cell.kind).toBe('summarizer');
  expect(record.summary.texts).toHaveLength(8);
  expect(record.metrics.rougeLsum).toBeGreaterThanOrEqual(0);
  const written = JSON.parse(readFileSync(file, 'utf8')) as { model: { vocab: object } };
  expect(Object.keys(written.model.vocab)).toHaveLength(record.summary.training?.vocabulary ?? NaN);
  expect(idsByHuggingFace(written)('the subject').length).toBeGreaterThan(0);
});

function writeMinutes(): string {
  const file = join(temporaryFolder(), 'minutes.csv');
  const rows = Array.from({ length: 80 }, (_, n) => `"Item ${n} was discussed. It was long.","Item ${n}"`);
  writeFileSync(file, ['body,tldr', ...rows].join('\n'));
  return file;
}

const columns = ['--document-column', 'body', '--summary-column', 'tldr'];

test('a table of one’s own pairs, and floors on it', async () => {
  const own = ['--dataset', writeMinutes(), ...columns];
  const floor = await runOne('--architecture', 'lead-1', ...own);
  expect(floor.cell.kind).toBe('summary-floor');
  expect(floor.metrics.rouge1).toBeGreaterThan(0.6);
  const model = await runOne(
    ...[
      '--architecture',
      'transformer',
      '--no-copy',
      '--beams',
      '1',
      '--decoder-attention',
      'linear',
      ...own,
    ],
  );
  expect(model.cell.summarizer).toMatchObject({ copy: false, decoderAttention: 'linear' });
});

test('one’s own pairs have a table and a line in the report of a reproduction', async () => {
  const out = temporaryFolder();
  const plan = ['--preset', 'smoke', '--only', 'table-6', '--architectures', 'fastformer', '--json'];
  const reproduce = (...more: string[]) =>
    formerbench('reproduce-paper-tables', ...plan, '--backend', 'wasm', '--out', out, ...more);
  const { stdout, stderr, code } = await reproduce('--datasets', writeMinutes(), ...columns);
  expect(stderr).toContain('data: minutes (minutes.csv)');
  expect(code).toBe(0);
  const { tables } = JSON.parse(stdout) as {
    tables: [{ cells: { row: string; column: string; ours: number | null }[] }];
  };
  const shown = tables[0].cells.filter(({ column }) => column === 'minutes R-1');
  expect(shown.map(({ row }) => row)).toContain('Fastformer');
  // The first sentence holds the item: a floor that no model of a minute passes.
  expect(Math.max(...shown.map(({ ours }) => ours ?? 0))).toBeGreaterThan(0.6);
  const nothing = await reproduce(...columns);
  expect(nothing.code).toBe(2);
  expect(nothing.stderr).toContain('describe a table of your own');
});

test('what is wrong is told before anything runs', async () => {
  const run = (...more: string[]) =>
    formerbench(
      ...['run', '--task', 'summarization', '--architecture', 'fastformer', '--backend', 'wasm'],
      ...['--out', temporaryFolder(), ...more],
    );
  const none = await run();
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('cnn-dailymail, pubmed, mail-subjects');
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'notes.txt'), 'nothing of it');
  const absent = await run('--dataset', 'pubmed', '--data', folder);
  expect(absent.code).toBe(2);
  expect(absent.stderr).toContain('pubmed-dataset.zip');
  const file = join(temporaryFolder(), 'notes.jsonl');
  writeFileSync(file, JSON.stringify({ document: 'a', abstract: 'b' }));
  const column = await run('--dataset', file);
  expect(column.code).toBe(2);
  expect(column.stderr).toContain("no column 'summary'");
});

test('table 6 on a fresh machine: the stand-in, said so', async () => {
  const { stdout, stderr, code } = await formerbench(
    ...['reproduce-paper-tables', '--only', 'table-6', '--preset', 'smoke', '--backend', 'wasm', '--json'],
    ...['--out', temporaryFolder()],
  );
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expect(stderr).toContain('Subjects of SpamAssassin e-mails');
  const [table] = (JSON.parse(stdout) as { tables: { name: string; cells: { ours: number | null }[] }[] })
    .tables;
  expect(table?.name).toBe('table-6');
  expect(table?.cells.filter(({ ours }) => ours !== null)).toHaveLength(6);
});
