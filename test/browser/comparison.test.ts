/** The page of a comparison in a real browser. */
import { describe, expect, it } from 'vitest';
import { judgeGate } from '../../reports/comparison/gates.js';
import { compareRecords } from '../../reports/comparison/index.js';
import { comparisonPage } from '../../reports/comparison/page.js';
import { accuracyRecord, sampleRecords } from '../support/records.js';
import { accessibilityFaults, browserPresent, pageForAll } from './page.js';

describe.runIf(browserPresent)('the page of a comparison in a browser', () => {
  const open = pageForAll(async () => {
    const base = sampleRecords();
    const failure = { kind: 'diverged' as const, message: 'the loss is not finite in epoch 2' };
    const head = [
      ...base.map((record) => ({
        ...record,
        samples: record.samples?.map((time, step) => time * (1.4 + step / 1_000)) ?? null,
        metrics: Object.fromEntries(
          Object.entries(record.metrics).map(([name, value]) => [name, value - record.cell.seed / 50]),
        ),
      })),
      accuracyRecord({ seed: 9, architecture: 'a-plugin-with-a-very-long-name-indeed' }, 0.1, { failure }),
    ];
    const comparison = compareRecords(base, head);
    const gates = [judgeGate({ name: 'slower', limit: 0.05 }, comparison)];
    return comparisonPage(comparison, gates, { base: 'results/before', head: 'results/after' });
  });

  it.each(['light', 'dark'] as const)('has no accessibility fault in the %s scheme', async (colorScheme) => {
    await open(
      async (page) => {
        expect(await page.locator('section h2').count()).toBeGreaterThanOrEqual(4);
        expect(await page.locator('.chart svg').count()).toBeGreaterThanOrEqual(3);
        await page.evaluate(
          'document.querySelectorAll("details").forEach((details) => { details.open = true; })',
        );
        expect(await accessibilityFaults(page)).toEqual([]);
      },
      { colorScheme },
    );
  });

  it.each([320, 768])('never scrolls sideways at %i pixels', async (width) => {
    await open(
      async (page) => {
        await page.evaluate(
          'document.querySelectorAll("details").forEach((details) => { details.open = true; })',
        );
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      },
      { viewport: { width, height: 700 } },
    );
  });

  it('says the same with scripts off', async () => {
    await open(
      async (page) => {
        expect(await page.locator('h1').innerText()).toBe('results/after against results/before');
        expect(await page.locator('#changes-time').isVisible()).toBe(true);
      },
      { javaScriptEnabled: false },
    );
  });
});
