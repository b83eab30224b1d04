/** Files of predictions, their metrics, and what is said of lines that cannot be used. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type FileOptions, scoreFile } from '../../../cli/score/score-file.js';
import { temporaryFolder, tree } from '../../harness/folders.js';

const none: FileOptions = { each: false, interval: false, stemmer: false };
type Kind = keyof typeof scoreFile;

const fileOf = (text: string) => join(tree({ 'predictions.jsonl': text }), 'predictions.jsonl');
const linesOf = (objects: readonly unknown[]) => objects.map((one) => `${JSON.stringify(one)}\n`).join('');
const score = (kind: Kind, objects: readonly unknown[], options: Partial<FileOptions> = {}) =>
  scoreFile[kind](fileOf(linesOf(objects)), { ...none, ...options });

const pairs = [
  { label: 'a', prediction: 'a' },
  { label: 'a', prediction: 'b' },
  { label: 'b', prediction: 'b', note: 'more fields are no harm' },
  { label: 'c', prediction: 'a' },
];

describe('metrics', () => {
  test('of classification, labels being texts, numbers or true and false', async () => {
    const { n, metrics, ...others } = await score('classification', pairs);
    expect([n, others]).toEqual([4, {}]);
    expect(Object.keys(metrics)).toEqual(['accuracy', 'macroF1', 'mcc']);
    expect(metrics['macroF1']).toBeCloseTo((1 / 2 + 2 / 3 + 0) / 3, 12);
    const asNumbers = pairs.map((pair) => ({
      label: pair.label.charCodeAt(0),
      prediction: pair.prediction.charCodeAt(0),
    }));
    expect((await score('classification', asNumbers)).metrics).toEqual(metrics);
    const asFlags = [
      { label: true, prediction: true },
      { label: false, prediction: true },
    ];
    expect((await score('classification', asFlags)).metrics['accuracy']).toBe(0.5);
  });

  test('of ranking, by scores or ranks, an impression with a name or without', async () => {
    const { n, metrics, each } = await score(
      'ranking',
      [
        { impression: 'i1', labels: [1, 1, 0], scores: [3, 2, 1] },
        { labels: [1, 0], ranks: [2, 1] },
      ],
      { each: true },
    );
    expect(n).toBe(2);
    expect(metrics).toMatchObject({ auc: 0.5, mrr: 0.625 });
    expect(each).toEqual([
      { impression: 'i1', auc: 1, mrr: 0.75, ndcg5: 1, ndcg10: 1 },
      { auc: 0, mrr: 0.5, ndcg5: 1 / Math.log2(3), ndcg10: 1 / Math.log2(3) },
    ]);
  });

  test('of rouge: the mean of F, of the best target where there are several', async () => {
    const lines = [
      { target: 'dogs walking', prediction: 'dogs walks' },
      { targets: ['rain', 'wind rose'], prediction: 'wind rose' },
    ];
    const { metrics, each } = await score('rouge', lines, { each: true });
    expect(metrics).toEqual({ rouge1: 0.75, rouge2: 0.5, rougeL: 0.75, rougeLsum: 0.75 });
    expect(each?.map(({ rouge1 }) => rouge1)).toEqual([0.5, 1]);
    expect((await score('rouge', lines, { stemmer: true })).metrics['rouge1']).toBe(1);
  });

  test('have intervals that are the same each time, and none for one line', async () => {
    const many = Array.from({ length: 25 }, () => pairs).flat();
    const { intervals } = await score('classification', many, { interval: true });
    expect((await score('classification', many, { interval: true })).intervals).toEqual(intervals);
    // Of 100 lines, half right: 0.5 -+ 1.96 sqrt(0.25 / 100).
    const [low, high] = intervals?.['accuracy'] ?? [1, 0];
    expect(low).toBeGreaterThan(0.37);
    expect(low).toBeLessThan(0.44);
    expect(high).toBeGreaterThan(0.56);
    expect(high).toBeLessThan(0.63);
    expect((await score('classification', pairs.slice(0, 1), { interval: true })).intervals).toBeNull();
  });

  test('of a file that is compressed, has blank lines and a byte order mark', async () => {
    const file = join(temporaryFolder(), 'predictions.jsonl.gz');
    writeFileSync(file, gzipSync(`\ufeff${linesOf(pairs).replaceAll('\n', '\r\n\r\n')}`));
    expect(await scoreFile.classification(file, none)).toMatchObject({ n: 4, metrics: { accuracy: 0.5 } });
  });
});

describe('what cannot be scored is said with its line', () => {
  const good = linesOf(pairs.slice(0, 1));
  test.each<[string, Kind, string, string]>([
    ['no JSON', 'classification', `${good}\n{"label"`, 'line 3: it is not JSON. A line looks like {"label"'],
    ['another kind', 'ranking', good, 'line 1: labels: '],
    ['no object', 'classification', '["a", "a"]', 'line 1: Invalid input: expected object'],
    [
      'a missing field',
      'classification',
      `${good}{"label": 1}`,
      'line 2: prediction: expected a text or a number',
    ],
    ['two types', 'classification', `${good}{"label": 1, "prediction": "a"}`, 'line 2: 1 is a number, but'],
    ['no lines', 'rouge', '\n \n', 'holds no lines'],
    ['lengths', 'ranking', '{"labels": [0, 1], "scores": [1]}', 'line 1: 2 labels and 1 scores'],
    ['neither', 'ranking', '{"labels": [0, 1]}', 'line 1: scores or ranks are missing'],
    ['both', 'ranking', '{"labels": [0, 1], "scores": [1, 2], "ranks": [1, 2]}', 'both given'],
    ['rank 0', 'ranking', '{"labels": [0, 1], "ranks": [0, 1]}', 'line 1: ranks.0: '],
    ['a label of 2', 'ranking', '{"labels": [0, 2], "scores": [0, 1]}', 'line 1: labels.1: expected 0 or 1'],
    ['an infinite score', 'ranking', '{"labels": [0, 1], "scores": [1e999, 1]}', 'line 1: scores.0: '],
    ['nothing clicked', 'ranking', '{"labels": [0, 0], "scores": [1, 2]}', 'line 1: labels are all 0'],
    ['no target', 'rouge', '{"prediction": "a"}', 'line 1: target is missing'],
    ['a line beyond the limit', 'rouge', 'x'.repeat(2 ** 24 + 1), 'line 1 is longer than 16777216 bytes'],
    [
      'long texts',
      'rouge',
      linesOf([{ target: 'a '.repeat(9_000), prediction: 'a '.repeat(9_000) }]),
      'line 1: ROUGE of',
    ],
  ])('%s', async (_what, kind, text, message) => {
    await expect(scoreFile[kind](fileOf(text), none)).rejects.toThrow(message);
  });

  test('a file that is not there, a folder', async () => {
    const gone = join(temporaryFolder(), 'gone');
    await expect(scoreFile.rouge(gone, none)).rejects.toThrow('gone does not exist');
    await expect(scoreFile.rouge(temporaryFolder(), none)).rejects.toThrow('is a folder');
  });
});
