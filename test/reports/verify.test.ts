/** A report is held against its records: what was changed by hand is found and named. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import { buildReport } from '../../reports/index.js';
import { packRecords, unpackRecords } from '../../reports/page/records-bundle.js';
import { recordsInside, verifyPage } from '../../reports/verify/index.js';
import { piecesOf } from '../../reports/verify/pieces.js';
import { sampleRecords } from '../support/records.js';

let records: RunRecord[];
let html: string;
beforeAll(async () => {
  records = sampleRecords(['imdb-binary']);
  html = await buildReport(records, { generatedFrom: 'records' });
});

const check = (page: string) => verifyPage(page, recordsInside(html)!);

/** Replaces the n-th occurrence. */
const replaced = (text: string, from: string, to: string) => {
  expect(text.includes(from)).toBe(true);
  return text.replace(from, () => to);
};

describe('the records inside a page', () => {
  it('are those that it was made from', () => {
    const byId = (all: readonly RunRecord[]) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(recordsInside(html)!.records).toEqual(byId(records));
  });

  it('are none in a page that has none', () => {
    expect(recordsInside('<p>hello</p>')).toBeNull();
  });

  it('are refused when they are cut short, or no records', () => {
    const packed = packRecords({ generatedFrom: '', origins: null, records: [] });
    expect(unpackRecords(packed).records).toEqual([]);
    expect(() => unpackRecords(packed.slice(0, 20))).toThrow();
    const broken = { ...records[0]!, seconds: 'soon' } as unknown as RunRecord;
    expect(() => unpackRecords(packRecords({ generatedFrom: '', origins: null, records: [broken] }))).toThrow(
      /seconds/,
    );
  });
});

describe('a page', () => {
  it('that nobody touched agrees, every number of it', async () => {
    const { difference, numbers, otherVersion } = await check(html);
    expect([difference, otherVersion]).toEqual([null, null]);
    expect(numbers).toBeGreaterThan(200);
  });

  it('with one number changed is named by section, table, row and column', async () => {
    const cell =
      /<th scope="row">Transformer<\/th><td class="first">52\.04 ± 1\.71<\/td>|<th scope="row">Transformer<\/th><td class="first">[^<]*<\/td><td>(?:<a [^>]*>)?(\d\d\.\d)/.exec(
        html,
      )!;
    const shown = cell[1]!;
    const { difference } = await check(html.replace(cell[0], () => cell[0].replace(shown, '99.9')));
    expect(difference!.place).toContain('Table 4');
    expect(difference!.place).toContain('Transformer › Accuracy, ours');
    expect(difference!.page).toContain('99.9');
    expect(difference!.records).toContain(shown);
  });

  it('with any one text of it changed is found at that text', async () => {
    const texts = piecesOf(html).flatMap(({ kind, content }, index) =>
      kind === 'text' && /\d/.test(content) ? [{ content, index }] : [],
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(texts.length - 1), async (pick) => {
        const { content } = texts[pick]!;
        const raw = `>${content}<`;
        fc.pre(html.includes(raw));
        const { difference } = await check(
          replaced(html, raw, `>${content.replace(/\d/, (digit) => String((Number(digit) + 1) % 10))}<`),
        );
        expect(difference).not.toBeNull();
        expect(difference!.page).not.toBe(difference!.records);
        expect(content).toContain(difference!.records!.replaceAll('…', ''));
      }),
      { numRuns: 5 },
    );
  });

  it('with a word of a verdict, a drawn point, a download or a script changed is found', async () => {
    const changes: [string, string][] = [
      ['not comparable', 'matches'],
      [/<path [^>]*d="M[^"]*"/.exec(html)![0], '<path d="M0,0"'],
      [/href="data:text\/csv[^"]*"/.exec(html)![0], 'href="data:text/csv,1"'],
      ['(() => {', '(() => { document.title = "better";'],
    ];
    for (const [from, to] of changes)
      expect((await check(replaced(html, from, to))).difference).not.toBeNull();
  });

  it('that lost its end, or got a text more, is found', async () => {
    expect((await check(html.slice(0, html.indexOf('<footer>')))).difference!.page).toBeNull();
    expect((await check(`${html}one more`)).difference!.records).toBeNull();
  });

  it('of another version is compared where both have a number at the same place of a table', async () => {
    const older = html.replace(
      /<meta name="generator" content="[^"]*">/,
      '<meta name="generator" content="formerbench 0.0.9">',
    );

    const { difference, otherVersion, numbers } = await check(
      replaced(older, 'How to read it', 'Reading 2 of it'),
    );
    expect([difference, otherVersion]).toEqual([null, 'formerbench 0.0.9']);
    expect(numbers).toBeGreaterThan(100);
    const cell = /<td><a [^>]*>(\d\d\.\d ± \d\.\d)<\/a><\/td>/.exec(older)!;
    const forged = await check(older.replace(cell[0], '<td>12.3 ± 0.1</td>'));
    expect(forged.difference).toMatchObject({ page: '12.3 ± 0.1', records: cell[1] });
  });
});
