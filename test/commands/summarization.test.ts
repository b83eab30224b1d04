/** Summarization from the command line: the stand-in, a user's own pairs, floors, the tokenizer's file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../tasks/datasets/archives.js';
import { idsByHuggingFace } from '../support/hugging-face.js';
import { formerbench } from './formerbench.js';

interface Recorded {
  readonly cell: { readonly kind: string; readonly summarizer?: { readonly copy: boolean } };
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

test('a table of one’s own pairs, and floors on it', async () => {
  const file = join(temporaryFolder(), 'minutes.csv');
  const rows = Array.from({ length: 80 }, (_, n) => `"Item ${n} was discussed. It was long.","Item ${n}"`);
  writeFileSync(file, ['body,tldr', ...rows].join('\n'));
  const own = ['--dataset', file, '--document-column', 'body', '--summary-column', 'tldr'];
  const floor = await runOne('--architecture', 'lead-1', ...own);
  expect(floor.cell.kind).toBe('summary-floor');
  expect(floor.metrics.rouge1).toBeGreaterThan(0.6);
  const model = await runOne('--architecture', 'transformer', '--no-copy', '--beams', '1', ...own);
  expect(model.cell.summarizer?.copy).toBe(false);
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
