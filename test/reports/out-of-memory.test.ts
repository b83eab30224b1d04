/** What ran out of memory or time is shown where it happened: with what it needs and what it was allowed. */
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import { byLength } from '../../reports/charts/by-length.js';
import { drawSvg } from '../../reports/charts/chart.js';
import { failuresOf, placeFailures } from '../../reports/charts/failures.js';
import { scalesOf } from '../../reports/charts/marks.js';
import { memoryChart } from '../../reports/charts/memory.js';
import { stepTimeChart } from '../../reports/charts/step-time.js';
import { speedGrid } from '../../reports/page/speed-grid.js';
import { figure2 } from '../../reports/paper/figure-2.js';
import { failureWords } from '../../reports/summary/failure-words.js';
import { speedSettings } from '../../reports/summary/speed-settings.js';
import { speedRecord } from '../support/records.js';

const outOfMemory: RunRecord['failure'] = {
  kind: 'out of memory',
  message: 'needed more',
  memory: { predictedBytes: 560e9, limitBytes: 20e9, observedBytes: 20.1e9 },
};
const textbook = { attention: 'textbook' };
const steps = [0.1, 0.101, 0.102];
const variant = (options: Record<string, string>, length: number, failure: RunRecord['failure'] = null) =>
  speedRecord({ architecture: 'transformer', options, length }, failure === null ? steps : [], {
    failure,
    execution: failure === null ? 'eager' : 'none',
  });
const records = [
  ...[128, 512, 1_024].map((length) => variant({}, length)),
  variant(textbook, 128),
  variant(textbook, 512, outOfMemory),
  variant(textbook, 1_024, outOfMemory),
];
const setting = speedSettings(figure2, records)[0]!;
const title = 'Transformer (attention=textbook)';

describe('a failure in words', () => {
  it('says what is needed and what was allowed', () => {
    expect(failureWords(outOfMemory)).toBe('out of memory (needs about 560 GB, limit 20.0 GB)');
    expect(failureWords({ kind: 'timeout', message: '', limitSeconds: 3_600 })).toBe(
      'timeout (limit 60 min 0 s)',
    );
    expect(failureWords({ kind: 'crashed', message: 'x' })).toBe('crashed');
  });

  it('does not repeat a prediction that was too low, nor one that there is not', () => {
    for (const predictedBytes of [1e9, null]) {
      const memory = { ...outOfMemory.memory!, predictedBytes };
      expect(failureWords({ ...outOfMemory, memory })).toBe('out of memory (limit 20.0 GB)');
    }
  });
});

describe('a cell that ran out of memory', () => {
  it('is in the table at its length, with its record', () => {
    const grid = speedGrid(figure2, setting);
    const group = grid.groups.find((each) => each.title?.startsWith('Length 1,024'))!;
    const row = group.rows.find(({ header }) => header === title)!;
    expect(row.cells.map(({ note }) => note)).toContain('out of memory (needs about 560 GB, limit 20.0 GB)');
    expect(row.records).toHaveLength(1);
  });

  it.each([
    ['time', stepTimeChart],
    ['memory', memoryChart],
  ] as const)('is a mark in the chart of %s, and a line of the table behind it', async (_what, chartOf) => {
    const chart = chartOf(setting)!;
    const rows = chart.table.rows.filter((row) =>
      row.some((cell) => cell.includes('needs about 560 GB, limit 20.0 GB')),
    );
    expect(rows.map((row) => [row[0], row[2]])).toEqual([
      [title, '512'],
      [title, '1,024'],
    ]);
    expect(chart.description).toContain('left no number');
    for (const row of chart.table.rows) expect(row).toHaveLength(chart.table.columns.length);
    expect(await drawSvg(chart.spec)).toContain('>out of memory<');
  });

  it('stands above every value, a row a variant, and says why once a row', () => {
    const [first, second] = failuresOf(setting);
    const other = { ...first!, title: 'another', length: 128 };
    const placed = placeFailures([first!, second!, other], [1, 1_000], 250, 128);
    expect(placed.map(({ label }) => label)).toEqual(['before', null, 'after']);
    expect(placed[0]!.value).toBe(placed[1]!.value);
    expect(placed[2]!.value).toBeLessThan(placed[0]!.value);
    const spec = JSON.stringify(byLength([], { title: '', label: '' }));
    expect(spec).not.toContain('datum.label');
  });
});

it('a further variant of an architecture has its colour and another shape', () => {
  const shown = [
    { title: 'Transformer', architecture: 'transformer' },
    { title, architecture: 'transformer' },
    { title: 'Fastformer', architecture: 'fastformer' },
  ];
  const { colours, shapes } = scalesOf(shown);
  expect(colours[1]).toBe(colours[0]);
  expect(new Set(shapes).size).toBe(3);
  expect(scalesOf(shown.slice(0, 1)).shapes[0]).toBe(shapes[0]);
});
