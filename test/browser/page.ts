/** A report as it is opened: from disk, in a real browser, with no network. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const browserPresent = existsSync(executablePath);
if (!browserPresent)
  console.info(`report in a browser: skipped, no browser at ${executablePath} (set CHROMIUM)`);

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface PageInBrowser {
  /** Opens the page, hands it to `check`, and fails on any page error or any request but for the file itself. */
  open(check: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
  close(): Promise<void>;
}

export async function pageOf(html: string): Promise<PageInBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'formerbench-report-'));
  const file = join(folder, 'report.html');
  writeFileSync(file, html);
  const address = pathToFileURL(file).href;
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--no-first-run'],
  });
  const open: PageInBrowser['open'] = async (check, options = {}) => {
    const context = await browser.newContext({
      offline: true,
      viewport: { width: 1100, height: 800 },
      ...options,
    });
    const outside: string[] = [];
    const errors: string[] = [];
    context.on('request', (request) => {
      const [url = ''] = request.url().split('?');
      if (url !== address && !url.startsWith('data:')) outside.push(request.url());
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    try {
      await page.goto(address, { waitUntil: 'load' });
      await check(page);
      expect(errors).toEqual([]);
      expect(outside).toEqual([]);
    } finally {
      await context.close();
    }
  };
  const close = async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { open, close };
}

export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const run = 'axe.run(document, { resultTypes: ["violations"] })';
  const results = await page.evaluate<AxeResults>(run);
  return results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  );
}

/** A page for all tests of a suite. @returns what opens it */
export function pageForAll(html: () => Promise<string>): PageInBrowser['open'] {
  let served: PageInBrowser;
  beforeAll(async () => {
    served = await pageOf(await html());
  });
  afterAll(() => served.close());
  return (check, options) => served.open(check, options);
}

/** Waits until charts stand again. Not by `waitForFunction`: to ask again it evaluates text, which the page forbids. */
export const chartsDrawn = (page: Page): Promise<void> =>
  page.locator('html[data-charts="interactive"], html[data-charts="drawn"]').waitFor({ state: 'attached' });
