/** `score` as a user meets it: files in, numbers out, and what is said of lines that cannot be used. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../harness/sources.js';
import { tree } from '../harness/folders.js';
import { formerbench } from './formerbench.js';

interface Scores {
  n: number;
  metrics: Record<string, number>;
  intervals?: Record<string, [number, number]> | null;
  each?: Record<string, number | string>[];
}

const fileOf = (text: string) => join(tree({ 'predictions.jsonl': text }), 'predictions.jsonl');
const linesOf = (objects: readonly unknown[]) => objects.map((one) => `${JSON.stringify(one)}\n`).join('');

async function score(kind: string, objects: readonly unknown[], ...options: string[]): Promise<Scores> {
  const { code, stdout, stderr } = await formerbench(
    'score',
    kind,
    fileOf(linesOf(objects)),
    '--json',
    ...options,
  );
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Scores;
}

const pairs = [
  { label: 'a', prediction: 'a' },
  { label: 'a', prediction: 'b' },
  { label: 'b', prediction: 'b', note: 'more fields are no harm' },
  { label: 'c', prediction: 'a' },
];
const impressions = [
  { impression: 'i1', labels: [1, 1, 0], scores: [3, 2, 1] },
  { impression: 2, labels: [1, 0], ranks: [2, 1] },
];

test('JSON holds n, metrics, intervals and each line, in order', async () => {
  const { n, metrics, intervals, each } = await score('classification', pairs, '--each', '--interval');
  expect(n).toBe(4);
  expect(metrics).toMatchObject({
    accuracy: 0.5,
    macroF1: expect.closeTo((1 / 2 + 2 / 3 + 0) / 3, 12) as number,
  });
  expect(Object.keys(intervals ?? {})).toEqual(['accuracy', 'macroF1', 'mcc']);
  expect(each).toEqual([{ accuracy: 1 }, { accuracy: 0 }, { accuracy: 1 }, { accuracy: 0 }]);
});

test('--stemmer reaches ROUGE', async () => {
  const line = { target: 'dogs walking', prediction: 'dogs walks' };
  expect((await score('rouge', [line])).metrics).toMatchObject({ rouge1: 0.5, rouge2: 0 });
  expect(await score('rouge', [line], '--stemmer')).toEqual({
    n: 1,
    metrics: { rouge1: 1, rouge2: 1, rougeL: 1, rougeLsum: 1 },
  });
});

test('a person gets a table of the lines and of the metrics', async () => {
  const { code, stdout } = await formerbench('score', 'ranking', fileOf(linesOf(impressions)), '--each');
  expect(code).toBe(0);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['n', 'impression', 'auc', 'mrr', 'ndcg5', 'ndcg10'],
    ['1', 'i1', '1.0000', '0.7500', '1.0000', '1.0000'],
    ['2', '2', '0.0000', '0.5000', '0.6309', '0.6309'],
    [''],
    ['auc', '0.5000'],
    ['mrr', '0.6250'],
    ['ndcg5', '0.8155'],
    ['ndcg10', '0.8155'],
    ['over 2 lines'],
    [''],
  ]);
});

test('standard input, with blank lines and CRLF', async () => {
  const child = spawn(
    process.execPath,
    [join(packageRoot, 'bin/formerbench.js'), 'score', 'classification', '-', '--json'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stdin.end(`\n${linesOf(pairs).replaceAll('\n', '\r\n')}\r\n`);
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ n: 4, metrics: { accuracy: 0.5 } });
});

test('a line that cannot be scored is an error: code 1, one message, nothing on stdout', async () => {
  const { code, stdout, stderr } = await formerbench('score', 'classification', fileOf('{"label"'), '--json');
  expect(stderr).toMatch(/^error: predictions\.jsonl, line 1: it is not JSON\. .*\n$/);
  expect([code, stdout]).toEqual([1, '']);
});

test.each([
  ['classificaton', '-', []],
  ['ranking', '-', ['--stemmer']],
])('score %s %s %s is wrong usage', async (kind, file, options) => {
  const { code, stdout } = await formerbench('score', kind, file, ...options);
  expect([code, stdout]).toEqual([2, '']);
});

interface Golden {
  id: string;
  y_true: unknown[];
  y_pred: unknown[];
  labels: unknown;
  expected?: { accuracy: number; f1_macro: number; mcc: number };
}

const golden = new URL('../../../shared/golden/metrics/classification.json', import.meta.url);
if (!existsSync(golden)) console.info('skipped: golden scores of scikit-learn, ../shared is not here');

test.runIf(existsSync(golden))("the numbers are scikit-learn's", async () => {
  const { cases } = JSON.parse(readFileSync(golden, 'utf8')) as { cases: Golden[] };
  // The longest of those that the command can express: it takes the labels from the lines.
  const usable = cases
    .filter(({ expected, labels }) => expected !== undefined && labels === null)
    .toSorted((a, b) => b.y_true.length - a.y_true.length);
  const { id, y_true, y_pred, expected } = usable[0]!;
  const lines = y_true.map((label, i) => ({ label, prediction: y_pred[i] }));
  const { n, metrics } = await score('classification', lines);
  expect(n, id).toBe(y_true.length);
  const apart = (name: string, theirs = Number.NaN) => Math.abs((metrics[name] ?? Number.NaN) - theirs);
  expect(apart('accuracy', expected?.accuracy), id).toBeLessThan(1e-12);
  expect(apart('macroF1', expected?.f1_macro), id).toBeLessThan(1e-12);
  expect(apart('mcc', expected?.mcc), id).toBeLessThan(1e-12);
});
