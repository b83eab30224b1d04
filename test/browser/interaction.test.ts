/** What a reader can do with the page in a real browser: filters, baseline, scale, downloads, all kept in the address. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../reports/index.js';
import { unpackText } from '../../reports/page/packed-text.js';
import { sampleRecords } from '../support/records.js';
import { accessibilityFaults, browserPresent, chartsDrawn, pageForAll } from './page.js';
import type { Page } from 'playwright-core';

describe.runIf(browserPresent)('a reader of the page', () => {
  const open = pageForAll(() =>
    buildReport(sampleRecords(['imdb-binary', 'brown']), { generatedFrom: 'results/records' }),
  );

  const controls = (page: Page) => page.locator('#controls');
  const unfold = (page: Page) => page.locator('#controls > summary').click();
  const rowsOf = (page: Page, table: string) =>
    page.locator(`#${table} tbody tr:visible th[scope=row]`).allInnerTexts();
  const marks = (page: Page, chart: string) =>
    page.locator(`[data-chart^=${chart}] .mark-symbol path`).count();

  it('leaves an architecture out of tables and charts, and finds the view again by its address', async () => {
    await open(async (page) => {
      await unfold(page);
      expect(await rowsOf(page, 'table-4-1')).toContain('Transformer');
      await page.locator('input[name=architecture][value=transformer]').uncheck();
      await chartsDrawn(page);
      expect(await rowsOf(page, 'table-4-1')).not.toContain('Transformer');
      expect(await page.locator('[data-chart^=time-]').innerText()).not.toContain('Transformer');
      expect(await controls(page).locator('output').innerText()).toContain('1 left out by filters');
      const address = page.url();
      expect(address).toContain('without-architecture=transformer');
      await page.goto(address);
      await chartsDrawn(page);
      expect(await rowsOf(page, 'table-4-1')).not.toContain('Transformer');
      expect(await controls(page).getAttribute('open')).not.toBeNull();
      await page.locator('#controls button[type=reset]').click();
      await expect.poll(() => page.url()).not.toContain('?'); // A form tells of its reset before it resets.
      expect(await rowsOf(page, 'table-4-1')).toContain('Transformer');
    });
  });

  it('leaves out data, a metric and a length', async () => {
    await open(async (page) => {
      await unfold(page);
      const section = page.locator('section[data-data]').first();
      await page.locator('input[name=data]').first().uncheck();
      await expect(section.isVisible()).resolves.toBe(false);
      await page.locator('input[name=data]').first().check();
      const head = page.locator('#table-4-1 thead th[data-metric="macro-F"]');
      const cells = () => page.locator('#table-4-1 tbody tr').first().locator('td:visible').count();
      const before = await cells();
      await page.locator('input[name=metric][value="macro-F"]').uncheck();
      await expect(head.isVisible()).resolves.toBe(false);
      expect(await cells()).toBe(before - 3);
      const drawn = await marks(page, 'time-');
      await page.locator('input[name=length][value="512"]').uncheck();
      expect(await page.locator('#figure-2-1 tbody:visible').count()).toBe(2);
      expect(await page.locator('#figure-2-1 tbody[data-length="512"]').isVisible()).toBe(false);
      await chartsDrawn(page);
      // Three architectures in two modes.
      expect(await marks(page, 'time-')).toBe(drawn - 6);
    });
  });

  it('sets charts relative to a row: its own line is at 1, and the axis says so', async () => {
    await open(async (page) => {
      await unfold(page);
      await page.selectOption('#baseline', 'Transformer');
      await chartsDrawn(page);
      expect(await page.locator('[data-chart^=time-]').innerText()).toContain('times Transformer');
      expect(await page.locator('[data-chart^=accuracy-]').first().innerText()).toContain(
        'difference to Transformer, points',
      );
      const restated = await page.evaluate<number[]>(
        `(() => {
          const all = ${unpackText(await page.locator('#chart-specs').innerHTML())};
          const name = Object.keys(all).find((id) => id.startsWith('time-'));
          const spec = formerbenchRestate(all[name], formerbenchView);
          return spec.data.values.filter(({ title }) => title === 'Transformer').map(({ value }) => value);
        })()`,
      );
      expect(restated).toEqual(restated.map(() => 1));
      expect(restated.length).toBe(6);
      expect(page.url()).toContain('baseline=Transformer');
    });
  });

  it('switches to linear axes, that begin at 0', async () => {
    await open(async (page) => {
      await unfold(page);
      await page.locator('input[name=scale][value=linear]').check();
      await chartsDrawn(page);
      expect(await page.locator('[data-chart^=time-]').innerText()).toMatch(/(^|\n)0 ms/);
      expect(page.url()).toContain('scale=linear');
    });
  });

  it('can do all of it by keyboard', async () => {
    await open(async (page) => {
      await page.locator('#controls > summary').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      expect(page.url()).toContain('without-architecture=');
      await page.locator('#baseline').focus();
      await page.keyboard.press('ArrowDown');
      await chartsDrawn(page);
      expect(page.url()).toContain('baseline=');
    });
  });

  it.each(['light', 'dark'] as const)(
    'meets no accessibility fault among the controls in the %s scheme',
    async (colorScheme) => {
      await open(
        async (page) => {
          await unfold(page);
          await page.selectOption('#baseline', 'Fastformer');
          await chartsDrawn(page);
          expect(await accessibilityFaults(page)).toEqual([]);
        },
        { colorScheme },
      );
    },
  );

  it('sees no controls with scripts off, and everything else', async () => {
    await open(
      async (page) => {
        expect(await controls(page).isVisible()).toBe(false);
        expect(await rowsOf(page, 'table-4-1')).toContain('Transformer');
        expect(await page.locator('#glossary').isVisible()).toBe(true);
      },
      { javaScriptEnabled: false },
    );
  });

  it('downloads what a table shows', async () => {
    await open(async (page) => {
      const link = page.locator('.setting .downloads a', { hasText: 'CSV' }).first();
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      expect(download.suggestedFilename()).toBe('table-4-1.csv');
      const text = readFileSync(await download.path(), 'utf8');
      expect(text.split('\r\n')[0]).toContain('"Architecture","Accuracy: paper, % ± sd"');
      const shown = await page
        .locator('#table-4-1 tbody tr', { hasText: 'Fastformer' })
        .locator('td')
        .nth(1)
        .innerText();
      expect(text).toContain(`"${shown}"`);
    });
  });

  it.each([true, false])(
    'follows a number to its records, which unfold, by keyboard and with scripts %s',
    async (javaScriptEnabled) => {
      await open(
        async (page) => {
          const row = page.locator('#table-4-1 tbody tr', { hasText: 'Fastformer' });
          await row.locator('td a').first().focus();
          await page.keyboard.press('Enter');
          const runs = page.locator('tbody:target');
          await expect(runs.isVisible()).resolves.toBe(true);
          expect(await runs.locator('tr').first().innerText()).toBe(
            'Fastformer on IMDB reviews, positive or negative',
          );
          expect(await runs.locator('tr[id]').count()).toBe(3);
          for (const text of await runs.locator('tr[id]').allInnerTexts())
            expect(text).toContain('formerbench run --record');
        },
        { javaScriptEnabled },
      );
    },
  );

  it('follows a ratio to the runs of both sides', async () => {
    await open(async (page) => {
      const row = page.locator('#figure-2-1 tbody tr', { hasText: 'Transformer' }).first();
      await row.locator('td a').nth(1).click();
      const source = page.locator('.sources :target');
      await expect(source.isVisible()).resolves.toBe(true);
      expect(await source.locator('a').allInnerTexts()).toEqual([
        expect.stringContaining('Fastformer, inference at length 128'),
        expect.stringContaining('Transformer, inference at length 128'),
      ]);
      await source.locator('a').last().click();
      await expect(page.locator('tbody:target').isVisible()).resolves.toBe(true);
    });
  });

  it('sees no blue where numbers stand, until one is pointed at', async () => {
    await open(async (page) => {
      const number = page.locator('#table-4-1 td a').first();
      const colour = (of: string) => page.evaluate<string>(`getComputedStyle(${of}).color`);
      const ink = await colour('document.body');
      const own = "document.querySelector('#table-4-1 td a')";
      expect(await colour(own)).toBe(ink);
      await number.hover();
      expect(await colour(own)).not.toBe(ink);
    });
  });

  it('evaluates no text: the policy forbids it, and nothing asked for it', async () => {
    await open(async (page) => {
      await page.locator('[data-chart]').first().hover();
      await chartsDrawn(page);
      expect(await page.evaluate('document.documentElement.dataset.charts')).toBe('interactive');
      const policy = await page.locator('meta[http-equiv]').getAttribute('content');
      expect(policy).not.toContain('unsafe-eval');
      expect(policy).toContain("default-src 'none'");
    });
  });
});
