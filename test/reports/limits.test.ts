/** A page of a full laptop run: how large, how long it takes. And pages of nothing, of one record and of thousands. */
import { describe, expect, it } from 'vitest';
import { buildReportFiles, buildReport } from '../../reports/index.js';
import { recordsInside, verifyPage } from '../../reports/verify/index.js';
import { accuracyRecord, speedRecord } from '../support/records.js';
import { planRecords } from '../support/plan-records.js';

const options = { generatedFrom: 'records' };

describe('the page of a full laptop run', () => {
  it('stays below 2.5 MB, is made in seconds, and agrees with its records', async () => {
    const records = planRecords('laptop');
    expect(records.length).toBeGreaterThan(300);
    const before = process.cpuUsage();
    const { page, tables } = await buildReportFiles(records, options);
    const { user, system } = process.cpuUsage(before);
    console.info(
      `${records.length} records: ${page.length} bytes, ${((user + system) / 1e6).toFixed(1)} s of CPU`,
    );
    expect(Buffer.byteLength(page)).toBeLessThan(2.5e6);
    // Other tests may run in the same process, and compilers in other threads of it.
    expect((user + system) / 1e6).toBeLessThan(15);
    for (const extension of ['csv', 'json', 'md', 'tex'])
      expect(tables.filter(({ file }) => file.endsWith(`.${extension}`)).length).toBe(tables.length / 4);
    expect(new Set(tables.map(({ file }) => file)).size).toBe(tables.length);
    expect((await verifyPage(page, recordsInside(page)!)).difference).toBeNull();
  });
});

describe('a page', () => {
  it('of no record and of one is whole', async () => {
    for (const records of [[], [accuracyRecord({}, 0.8)], [speedRecord({}, [1, 2, 3])]]) {
      const html = await buildReport(records, options);
      expect(html.endsWith('</html>\n')).toBe(true);
      expect(recordsInside(html)!.records).toHaveLength(records.length);
    }
  });

  it('of 5,000 records is made, too', async () => {
    const records = Array.from({ length: 5_000 }, (_, index) =>
      accuracyRecord(
        {
          architecture: ['fastformer', 'transformer', 'none', 'bigbird', 'linformer'][index % 5]!,
          seed: 1 + Math.floor(index / 5),
        },
        0.5 + (index % 97) / 300,
      ),
    );
    const html = await buildReport(records, options);
    expect(recordsInside(html)!.records).toHaveLength(5_000);
    expect(html).toContain('1000');
  });
});
