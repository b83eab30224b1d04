/** News recommendation from the command line, on made-up impressions. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { impressionLine, mindFolder, someImpressions, someNews } from '../tasks/recommendation/mind-files.js';
import { temporaryFolder } from '../tasks/datasets/archives.js';
import { formerbench } from './formerbench.js';

interface Recorded {
  readonly cell: { readonly kind: string };
  readonly metrics: { readonly auc: number };
  readonly ranking: { readonly data: { readonly problems: object }; readonly slices: readonly object[] };
}

const trainPart = { news: someNews, behaviors: someImpressions(120) };
const small = ['--train', '60', '--validation', '20', '--test', '20'];

const runOne = async (folder: string, ...more: readonly string[]) => {
  const { stdout, code, stderr } = await formerbench(
    ...['run', '--task', 'recommendation', '--dataset', 'mind-small', '--data', folder, '--preset', 'smoke'],
    ...['--backend', 'wasm', '--json', '--out', temporaryFolder(), ...more],
  );
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Recorded;
};

test('run measures a recommender and a floor, and counts what is wrong in the files', async () => {
  const behaviors = [...trainPart.behaviors, trainPart.behaviors[0] ?? ''];
  const folder = mindFolder({ MINDsmall_train: { ...trainPart, behaviors } });
  const recommender = await runOne(folder, '--architecture', 'fastformer', '--category', ...small);
  expect(recommender.cell.kind).toBe('recommender');
  expect(recommender.metrics.auc).toBeGreaterThan(0);
  expect(recommender.ranking.data.problems).toEqual({ 'repeated impressions': 1 });
  expect(recommender.ranking.slices).toHaveLength(4);
  const floor = await runOne(folder, '--architecture', 'category-match', ...small);
  expect(floor.cell.kind).toBe('ranking-floor');
  expect(floor.metrics.auc).toBeGreaterThan(0.9);
});

test('run says which editions there are, and that the data is not here', async () => {
  const folder = mindFolder({ MINDsmall_train: trainPart });
  const named = (dataset: string) =>
    formerbench(
      ...['run', '--task', 'recommendation', '--architecture', 'fastformer', '--dataset', dataset],
      ...['--data', folder, '--backend', 'wasm', '--out', temporaryFolder()],
    );
  const unknown = await named('mind');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('mind-large, mind-small and mind-demo');
  const absent = await named('mind-demo');
  expect(absent.code).toBe(2);
  expect(absent.stderr).toContain('MINDdemo_train.zip');
});

test('submission write ranks the hidden test part, and submission check finds what is wrong', async () => {
  const folder = mindFolder({
    MINDlarge_train: trainPart,
    MINDlarge_test: {
      news: [],
      behaviors: [
        impressionLine(1, '11/20/2019 1:00:00 AM', 'N2 N4', 'N1 N6 N8'),
        impressionLine(2, '11/20/2019 1:00:00 AM', '', 'N5 N777'),
      ],
    },
  });
  const file = join(temporaryFolder(), 'prediction.txt');
  const written = await formerbench(
    ...['submission', 'write', '--architecture', 'fastformer', '--data', folder, '--to', file],
    ...['--preset', 'smoke', '--backend', 'wasm', ...small],
  );
  expect({ code: written.code, stderr: written.code === 0 ? '' : written.stderr }).toEqual({
    code: 0,
    stderr: '',
  });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^1 \[[123],[123],[123]\]$/);
  const check = (...more: readonly string[]) =>
    formerbench('submission', 'check', file, '--data', folder, ...more);
  expect((await check('--dataset', 'mind-large')).code).toBe(0);
  writeFileSync(file, `${lines[0] ?? ''}\n2 [1, 2]\n`);
  const refused = await check('--dataset', 'mind-large');
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('line 2: it is not of the form');
});
