/** Four hundred hostile names and messages stay text: nothing runs, nothing is added to the page. */
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../reports/index.js';
import { accuracyRecord, sampleRecords } from '../support/records.js';
import { browserPresent, chartsDrawn, pageForAll } from './page.js';

const breakouts = [
  '',
  '"',
  "'",
  '`',
  '>',
  '">',
  "'>",
  '-->',
  ']]>',
  '</td>',
  '</script>',
  '</style>',
  '</title>',
  '</svg>',
  '</textarea>',
  '{{',
  '{{{',
  '\\"',
  '\u2028',
  '&quot;>',
];
const payloads = [
  '<script>pwned=1</script>',
  '<img src=x onerror=pwned=1>',
  '<svg onload=pwned=1>',
  '<iframe srcdoc="<script>parent.pwned=1</script>">',
  '<body onload=pwned=1>',
  '<input autofocus onfocus=pwned=1>',
  '<a href="javascript:pwned=1">x</a>',
  'onmouseover=pwned=1 x=',
  '<style>@import "http://example.invalid/x"</style>',
  '<link rel=stylesheet href=http://example.invalid>',
  '<meta http-equiv=refresh content=0>',
  '<object data=x>',
  '<base href=http://example.invalid>',
  '<form action=http://example.invalid><button>',
  '<math><mi xlink:href=x>',
  '{{constructor.constructor("pwned=1")()}}',
  '${pwned=1}',
  "');pwned=1;//",
  '=cmd|"/c calc"!A1',
  '\u202Etxt.exe',
];
const hostile = breakouts.flatMap((breakout) => payloads.map((payload) => breakout + payload));

describe.runIf(browserPresent)('hostile names and messages', () => {
  const open = pageForAll(async () => {
    const failed = hostile.map((text, index) =>
      accuracyRecord({ architecture: text, seed: index + 1 }, 0.1, {
        failure: { kind: 'plugin error', message: text },
      }),
    );
    const scored = hostile
      .filter((_, index) => index % 40 === 1)
      .flatMap((architecture) =>
        [1, 2].map((seed) => accuracyRecord({ architecture, seed: 1_000 + seed }, 0.7 + seed / 100)),
      );
    return buildReport([...sampleRecords(['brown']), ...failed, ...scored], { generatedFrom: hostile[21]! });
  });

  it('are four hundred, run nowhere and add no element, also in charts that were drawn anew', async () => {
    expect(new Set(hostile).size).toBe(400);
    await open(async (page) => {
      await page.locator('[data-chart]').first().hover();
      await chartsDrawn(page);
      await page.evaluate(
        'document.querySelectorAll("details").forEach((details) => { details.open = true; })',
      );
      expect(await page.evaluate('typeof pwned')).toBe('undefined');
      const added =
        'img, iframe, object, base, link, math, textarea, body body, [onerror], [onload], [onfocus], [onmouseover], a[href^="javascript"]';
      expect(await page.locator(added).count()).toBe(0);
      expect(await page.locator('#failures tbody tr:not(.group)').count()).toBe(400);
      expect(await page.locator('#failures tbody tr:not(.group) td:nth-child(2)').allTextContents()).toEqual(
        expect.arrayContaining(hostile.map((text) => text)),
      );
    });
  });
});
