/** Pages of no record, of one and of thousands: whole, quick to open, without a fault. */
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../reports/index.js';
import { accuracyRecord, speedRecord } from '../support/records.js';
import { browserPresent, pageOf } from './page.js';

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const architecture = ['fastformer', 'transformer', 'none', 'bigbird', 'linformer'][index % 5]!;
    return accuracyRecord({ architecture, seed: 1 + Math.floor(index / 5) }, 0.5 + (index % 97) / 300);
  });

describe.runIf(browserPresent)('a page in a browser', () => {
  it.each([
    ['no record', []],
    ['one score', [accuracyRecord({}, 0.8)]],
    ['one time', [speedRecord({}, [0.1, 0.11, 0.12])]],
    ['5,000 records', many(5_000)],
  ])('of %s opens whole', async (name, records) => {
    const started = performance.now();
    const html = await buildReport(records, { generatedFrom: 'records' });
    const built = performance.now();
    const served = await pageOf(html);
    try {
      await served.open(async (page) => {
        expect(await page.locator('h1').innerText()).toContain('Fastformer');
        await page.locator('#records summary').first().click();
        expect(await page.locator('#records tbody tr[id]').count()).toBe(records.length);
        expect(await page.locator('#glossary').isVisible()).toBe(true);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(1_100);
        const loaded = await page.evaluate<number>(
          'performance.getEntriesByType("navigation")[0].loadEventEnd',
        );
        console.info(
          `${name}: ${html.length} bytes, made in ${Math.round(built - started)} ms, loaded in ${Math.round(loaded)} ms`,
        );
        expect(loaded).toBeLessThan(5_000);
      });
    } finally {
      await served.close();
    }
  });
});
