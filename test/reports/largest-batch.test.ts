import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import { buildReport } from '../../reports/index.js';
import { largestBatchGrid } from '../../reports/page/largest-batch-grid.js';
import { figure2 } from '../../reports/paper/figure-2.js';
import { summarize } from '../../reports/summary.js';
import { largestBatchSettings } from '../../reports/summary/largest-batch.js';
import { speedRecord } from '../support/records.js';

const limit = 4e9;
const attempt = (architecture: string, batch: number, secondsOfStep: number | null): RunRecord =>
  speedRecord(
    { architecture, length: 512, batch, largestUnder: limit },
    secondsOfStep === null ? [] : [secondsOfStep, secondsOfStep, secondsOfStep],
    secondsOfStep === null
      ? {
          failure: {
            kind: 'out of memory',
            message: '',
            memory: { predictedBytes: 5e9, limitBytes: limit, observedBytes: 4.1e9 },
          },
        }
      : {},
  );
const records = [
  attempt('fastformer', 64, 3.2768),
  attempt('fastformer', 128, null),
  attempt('fastformer', 72, 3.6864),
  attempt('fastformer', 80, null),
  attempt('transformer', 1, null),
  speedRecord({ architecture: 'fastformer', length: 512 }, [0.4096, 0.4096, 0.4096]),
];
const table = summarize(records, [figure2]).tables[0]!;
const [setting] = table.largestBatches!;

describe('the largest batch', () => {
  it('is the largest that fits below the smallest that does not, with the time of a token', () => {
    const row = setting!.rows.find(({ architecture }) => architecture === 'fastformer')!;
    expect(row).toMatchObject({ batch: 72, tooLarge: 80, length: 512, mode: 'training' });
    expect(row.secondsPerToken).toBeCloseTo(1e-4, 12);
    expect(row.records).toHaveLength(4);
  });

  it('stands beside the batch that all share', () => {
    const row = setting!.rows.find(({ architecture }) => architecture === 'fastformer')!;
    expect(row.shared).toEqual({
      batch: 4,
      secondsPerToken: 0.4096 / 2_048,
      records: [records.at(-1)!.id],
    });
    const cells = largestBatchGrid(setting!)
      .groups[0]!.rows.at(-1)!
      .cells.map(({ text }) => text);
    expect(cells.at(-1)).toBe('2.00 ×');
  });

  it('does not depend on the order of the tries, and names them by size', () => {
    const again = summarize(records.toReversed(), [figure2]).tables[0]!.largestBatches;
    expect(again).toEqual(table.largestBatches);
    const tries = largestBatchSettings(figure2, records.toReversed(), [])[0]!.rows;
    expect(tries).toEqual(largestBatchSettings(figure2, records, [])[0]!.rows);
    const ids = records.filter(({ cell }) => cell.architecture === 'fastformer').map(({ id }) => id);
    expect(tries.at(-1)!.records).toEqual([0, 2, 3, 1].map((index) => ids[index]));
  });

  it('may be none', () => {
    const row = setting!.rows.find(({ architecture }) => architecture === 'transformer')!;
    expect(row).toMatchObject({ batch: 0, tooLarge: 1, secondsPerToken: null });
  });

  it('is no part of the sweep', () => {
    expect(table.settings).toHaveLength(1);
    const [speed] = table.settings;
    expect(speed?.kind === 'speed' ? speed.points.map(({ batch }) => batch) : []).toEqual([4]);
  });

  it('has a section of the page', async () => {
    const html = await buildReport(records, { generatedFrom: 'tests' });
    expect(html).toContain('Largest batch that fits into 4.00 GB on wasm');
    expect(html).toContain('80 does not fit');
  });
});
