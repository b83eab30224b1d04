/** The report in a real browser, as it is opened: from disk, with no network. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../reports/index.js';
import { accuracyRecord, sampleRecords } from '../support/records.js';
import { accessibilityFaults, browserPresent, chartsDrawn, pageForAll } from './page.js';

describe.runIf(browserPresent)('the report in a browser', () => {
  const open = pageForAll(async () => {
    const failure = { kind: 'did not learn' as const, message: 'no better than the largest class' };
    const records = [
      ...sampleRecords(['imdb-binary', 'brown']),
      accuracyRecord({ seed: 9 }, 0.1, { failure }),
    ];
    return buildReport(records, { generatedFrom: 'results/records' });
  });

  const openEverything = (page: Page) =>
    page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');

  const makeInteractive = async (page: Page) => {
    await page.locator('[data-chart]').first().hover();
    await chartsDrawn(page);
  };

  it.each(['light', 'dark'] as const)(
    'has no accessibility fault in the %s scheme, everything unfolded',
    async (colorScheme) => {
      await open(
        async (page) => {
          await openEverything(page);
          expect(await accessibilityFaults(page)).toEqual([]);
          await makeInteractive(page);
          expect(await accessibilityFaults(page)).toEqual([]);
        },
        { colorScheme },
      );
    },
  );

  it('changes ink and paper between the schemes, in the charts too', async () => {
    const seen: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await open(
        async (page) => {
          const colours = `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('[data-chart] text')).fill].join(' ')`;
          seen.push(await page.evaluate<string>(colours));
        },
        { colorScheme },
      );
    }
    const [light, dark] = seen.map((text) => text.split(' rgb'));
    expect(light![0]).not.toBe(dark![0]);
    expect(light![1]).not.toBe(dark![1]);
  });

  it('says everything with scripts off', async () => {
    await open(
      async (page) => {
        await expect(page.locator('[data-chart] svg').count()).resolves.toBeGreaterThanOrEqual(5);
        const box = await page.locator('[data-chart] svg').first().boundingBox();
        expect(box!.width).toBeGreaterThan(300);
        expect(await page.locator('h1').innerText()).toContain('Fastformer');
        await page.locator('#records summary').first().click();
        await expect(page.locator('#records tbody tr').first().isVisible()).resolves.toBe(true);
      },
      { javaScriptEnabled: false },
    );
  });

  it('makes the charts interactive when one is pointed at, and shows values', async () => {
    await open(async (page) => {
      expect(await page.evaluate('typeof vegaEmbed')).toBe('undefined');
      await makeInteractive(page);
      expect(await page.evaluate('document.documentElement.dataset.charts')).toBe('interactive');
      expect(await page.locator('.vega-embed').count()).toBe(await page.locator('[data-chart]').count());
      await page.locator('[data-chart=pareto] .mark-symbol path').first().hover();
      await expect(page.locator('#vg-tooltip-element').innerText()).resolves.toContain('Transformer');
    });
  });

  it('is walked by keyboard: the skip link first, then the sections, then every scrollable table', async () => {
    await open(async (page) => {
      const seen: string[] = [];
      const chart = 'Chart: Accuracy against training time';
      // The sections come first; how many there are is not the point here.
      for (let press = 0; press < 40 && seen.at(-1)?.includes(chart) !== true; press++) {
        await page.keyboard.press('Tab');
        seen.push(
          await page.evaluate<string>(
            `document.activeElement.getAttribute('href') ?? document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName`,
          ),
        );
      }
      expect(seen.slice(0, 4)).toEqual(['#main', '#overview', '#claims', '#table-4']);
      expect(seen.at(-1)).toContain(chart);
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
      expect(outline).not.toBe('none');
    });
  });

  it('moves to the content by the skip link', async () => {
    await open(async (page) => {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
    });
  });

  it.each([320, 768])('never scrolls sideways at %i pixels', async (width) => {
    await open(
      async (page) => {
        await openEverything(page);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      },
      { viewport: { width, height: 700 } },
    );
  });

  it('prints in black on white, without what only a screen needs', async () => {
    await open(
      async (page) => {
        await page.emulateMedia({ media: 'print' });
        expect(await page.locator('.skip').isVisible()).toBe(false);
        expect(await page.locator('.downloads').first().isVisible()).toBe(false);
        expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
          'rgb(255, 255, 255)',
        );
        expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(0, 0, 0)');
      },
      { colorScheme: 'dark' },
    );
  });

  it('moves nothing where less motion is asked for, tooltips included', async () => {
    await open(
      async (page) => {
        await makeInteractive(page);
        await page.locator('[data-chart=pareto] .mark-symbol path').first().hover();
        await page.locator('a[href="#records"]').first().click();
        expect(await page.evaluate('document.getAnimations().length')).toBe(0);
        const moving = `[...document.querySelectorAll('*')].filter((element) => {
          const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
          return animationName !== 'none' || scrollBehavior !== 'auto' || !/^0s(, 0s)*$/.test(transitionDuration);
        }).map((element) => element.outerHTML.slice(0, 80))`;
        expect(await page.evaluate(moving)).toEqual([]);
      },
      { reducedMotion: 'reduce' },
    );
  });

  it('links numbers to what is on the page', async () => {
    await open(async (page) => {
      const dangling = await page.evaluate(
        `[...document.querySelectorAll('a[href^="#"]')].map((link) => link.hash.slice(1)).filter((id) => document.getElementById(id) === null)`,
      );
      expect(dangling).toEqual([]);
      const twice = await page.evaluate(
        `[...document.querySelectorAll('[id]')].map(({ id }) => id).filter((id, i, all) => all.indexOf(id) !== i)`,
      );
      expect(twice).toEqual([]);
    });
  });
});
