/**
 * What each chart looks like for fixed records, element by element, in `drawings/`. After a change that is meant, look at
 * the new files (a browser opens them) and keep them: `npx vitest run --project unit test/reports/drawings.test.ts -u`.
 */
import { describe, expect, it } from 'vitest';
import { drawSvg } from '../../reports/charts/chart.js';
import { changeChart } from '../../reports/comparison/chart.js';
import { compareRecords } from '../../reports/comparison/index.js';
import { chartsOf } from '../../reports/page/table-files.js';
import { viewOf } from '../../reports/page/view.js';
import { tables } from '../../reports/paper/index.js';
import { rankingFloorCell, recommenderCell } from '../../reports/paper/ranking-cells.js';
import { summarizerCell, summaryFloorCell } from '../../reports/paper/summary-cells.js';
import { summarize } from '../../reports/summary.js';
import { sampleRecords, speedRecord } from '../support/records.js';
import { rankingRecord, summaryRecord } from '../support/score-records.js';

const sizes = { preset: 'laptop', backend: 'tensorflow' } as const;
const named = (name: string) => ({ name, options: {} });
const two = ['transformer', 'fastformer'].map(named);

const scoreRecords = [1, 2, 3].flatMap((seed) =>
  two.flatMap((architecture, index) => [
    rankingRecord(
      recommenderCell(architecture, named('mind-small'), seed, sizes),
      0.6 + (index + seed) / 100,
    ),
    summaryRecord(
      summarizerCell(architecture, named('cnn-dailymail'), seed, sizes),
      0.2 + (index + seed) / 100,
    ),
  ]),
);
const floors = [
  rankingRecord(rankingFloorCell('click-rate', named('mind-small'), 1, sizes), 0.55),
  rankingRecord(rankingFloorCell('random', named('mind-small'), 1, sizes), 0.5),
  summaryRecord(summaryFloorCell('lead-3', named('cnn-dailymail'), 1, sizes), 0.26),
  summaryRecord(summaryFloorCell('oracle-extract', named('cnn-dailymail'), 1, sizes), 0.36),
];
const memory = { kind: 'out of memory' as const, message: 'needs more' };
const records = [
  ...sampleRecords(['imdb-binary']),
  speedRecord({ architecture: 'transformer', length: 2_048 }, [], { failure: memory }),
  ...scoreRecords,
  ...floors,
];

const charts = new Map(
  chartsOf(viewOf(summarize(records), tables, records, 'a test')).map((chart) => [chart.id, chart]),
);
const { changes } = compareRecords(records, records.toReversed());
const change = changeChart(
  'time',
  'time of a step',
  changes.filter(({ quantity }) => quantity === 'time'),
);
if (change !== null) charts.set(change.id, change);

/** An element a line; tenths of a pixel, whose hundredths differ by machine. */
const readable = (svg: string): string =>
  svg
    .replace(/\d+\.\d+/g, (number) => String(Math.round(10 * Number(number)) / 10))
    .replaceAll('><', '>\n<')
    .concat('\n');

describe('the drawing', () => {
  it('is kept of a chart of each kind', () => {
    expect([...charts.keys()].toSorted()).toEqual([
      'accuracy-table-4-1',
      'change-time',
      'curves-table-4-1',
      'memory-figure-2-1',
      'pareto',
      'ratio-figure-2-1',
      'scores-table-5-1',
      'scores-table-6-1',
      'time-figure-2-1',
    ]);
  });

  it.each([...charts])('of %s is what it was', async (id, { spec }) => {
    await expect(readable(await drawSvg(spec))).toMatchFileSnapshot(`drawings/${id}.svg`);
  });
});
