/** The report on paper: Chromium's PDF of it. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../reports/index.js';
import { rankingFloorCell, recommenderCell } from '../../reports/paper/ranking-cells.js';
import { accuracyRecord, sampleRecords } from '../support/records.js';
import { rankingRecord } from '../support/score-records.js';
import { type PdfContent, readPdf } from '../support/pdf.js';
import { browserPresent, pageForAll } from './page.js';

const news = { name: 'mind-small', options: {} };
const sizes = { preset: 'laptop', backend: 'tensorflow' } as const;

describe.runIf(browserPresent)('the report on paper', () => {
  const open = pageForAll(async () => {
    const failure = { kind: 'did not learn' as const, message: 'no better than the largest class' };
    const records = [
      ...sampleRecords(['imdb-binary', 'brown']),
      accuracyRecord({ seed: 9 }, 0.1, { failure }),
      rankingRecord(recommenderCell({ name: 'fastformer', options: {} }, news, 1, sizes), 0.6),
      rankingRecord(rankingFloorCell('click-rate', news, 1, sizes), 0.52),
    ];
    return buildReport(records, { generatedFrom: 'results/records' });
  });

  const printed = async (page: Page): Promise<PdfContent> =>
    readPdf(await page.pdf({ format: 'A4', outline: true, tagged: true }));
  const packed = (text: string) => text.normalize('NFKC').replace(/\s/g, '');

  it.each([true, false])('has every table, folded or not, with scripts %s', async (javaScriptEnabled) => {
    await open(
      async (page) => {
        const captions = await page.locator('caption').allTextContents();
        const rows = await page.locator('tbody th[scope=row]').allTextContents();
        expect(captions.length).toBeGreaterThan(10);
        const { text } = await printed(page);
        expect(captions.filter((caption) => !text.includes(packed(caption)))).toEqual([]);
        expect(rows.filter((row) => !text.includes(packed(row)))).toEqual([]);
        // Also those behind charts, and the list of records.
        expect(text).toContain(packed('Validation accuracy, %'));
        expect(text).toContain(packed('formerbench run --record'));
      },
      { javaScriptEnabled },
    );
  });

  it('begins with its contents, which are linked', async () => {
    await open(async (page) => {
      await page.emulateMedia({ media: 'print' });
      const links = page.locator('.top nav a');
      expect(await links.allInnerTexts()).toEqual(
        expect.arrayContaining([
          'Overview',
          'Claims',
          'Records',
          'Words',
          'IMDB reviews, positive or negative',
        ]),
      );
      for (const link of await links.all()) await expect(link.isVisible()).resolves.toBe(true);
      const targets = await links.evaluateAll((all) =>
        all.map((link) => (link as unknown as { hash: string }).hash.slice(1)),
      );
      for (const id of targets) expect(await page.locator(`[id="${id}"]`).count()).toBe(1);
    });
  });

  it('has its headings as bookmarks', async () => {
    await open(async (page) => {
      const headings = await page.locator('h1, h2:not(.small), h3').allInnerTexts();
      const { outline } = await printed(page);
      const missing = headings.filter((heading) => !outline.map(packed).includes(packed(heading)));
      expect(missing).toEqual([]);
    });
  });

  it('has no controls, and cuts no table and no row', async () => {
    await open(
      async (page) => {
        const { text } = await printed(page);
        expect(text).not.toContain(packed('Filters, baseline and scale'));
        expect(text).not.toContain(packed('Download as'));
        await page.emulateMedia({ media: 'print' });
        const wide = await page.evaluate<string[]>(
          `[...document.querySelectorAll('table, .chart svg')]
            .filter((part) => part.getBoundingClientRect().right > document.querySelector('main').getBoundingClientRect().right + 1)
            .map((part) => part.querySelector('caption')?.textContent ?? part.outerHTML.slice(0, 80))`,
        );
        expect(wide).toEqual([]);
        const split = await page.evaluate<number>(
          `[...document.querySelectorAll('tr')].filter((row) => getComputedStyle(row).breakInside !== 'avoid').length`,
        );
        expect(split).toBe(0);
      },
      // A4 less its margins.
      { viewport: { width: 703, height: 900 } },
    );
  });
});
