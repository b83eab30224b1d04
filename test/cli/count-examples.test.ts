/** How many examples there are, before a plan is announced. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countExamples } from '../../cli/count-examples.js';
import { openOwn } from '../../cli/pair-options.js';
import type { Cell } from '../../harness/cell.js';
import { assumed } from '../../harness/estimate.js';
import { rankingFloorCell, recommenderCell } from '../../reports/paper/ranking-cells.js';
import { summarizerCell } from '../../reports/paper/summary-cells.js';
import { findMind, mindEditions } from '../../tasks/datasets/mind.js';
import { temporaryFolder } from '../tasks/datasets/archives.js';
import { mindFolder, someImpressions, someNews } from '../tasks/recommendation/mind-files.js';

const request = { preset: 'smoke', backend: 'wasm' } as const;
const fastformer = { name: 'fastformer', options: {} };

async function ownPairs(rows: number) {
  const file = join(temporaryFolder(), 'minutes.csv');
  const lines = Array.from({ length: rows }, (_, n) => `"Item ${n} was discussed.","Item ${n}"`);
  writeFileSync(file, ['document,summary', ...lines].join('\n'));
  return openOwn(file, {});
}

const cellOf = (name: string): Cell => summarizerCell(fastformer, { name, options: {} }, 1, request);

test('documents without parts: a tenth each is held out', async () => {
  const pairs = await ownPairs(80);
  const { name } = pairs.dataset;
  const counts = await countExamples([cellOf(name)], [pairs], null);
  expect(counts.get(name)).toEqual({ train: 64, validation: 8, test: 8 });
});

test('nothing is read that no cell reads, nor beyond what an estimate assumes', async () => {
  const few = await ownPairs(80);
  expect((await countExamples([cellOf('pubmed')], [few], null)).size).toBe(0);
  const many = await ownPairs(assumed.documents + 1);
  expect((await countExamples([cellOf(many.dataset.name)], [many], null)).size).toBe(0);
});

test('damaged data is for its cells to tell', async () => {
  const file = join(temporaryFolder(), 'minutes.jsonl');
  writeFileSync(file, `${JSON.stringify({ document: 'a b', summary: 'a' })}\n{`);
  const pairs = await openOwn(file, {});
  expect((await countExamples([cellOf(pairs.dataset.name)], [pairs], null)).size).toBe(0);
});

test('impressions: the dev part is scored, without one a fifth of the training part', async () => {
  const [edition] = mindEditions.filter(({ name }) => name === 'mind-small');
  if (edition === undefined) throw new Error('there is no small edition');
  const news = { name: edition.name, options: {} };
  const cell = recommenderCell(fastformer, news, 1, request);
  const part = (impressions: number) => ({ news: someNews, behaviors: someImpressions(impressions) });
  const countsOf = async (parts: Parameters<typeof mindFolder>[0], cells: readonly Cell[]) => {
    const source = findMind([mindFolder(parts)], edition);
    return (await countExamples(cells, [], source === null ? null : { edition, source })).get(edition.name);
  };
  const alone = { MINDsmall_train: part(100) };
  expect(await countsOf({ ...alone, MINDsmall_dev: part(30) }, [cell])).toEqual({
    train: 90,
    validation: 10,
    test: 30,
  });
  expect(await countsOf(alone, [cell])).toEqual({ train: 72, validation: 8, test: 20 });
  expect(await countsOf(alone, [rankingFloorCell('click-rate', news, 1, request)])).toBeUndefined();
});
