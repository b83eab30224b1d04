import { describe, expect, it } from 'vitest';
import { buildReport } from '../../reports/index.js';
import { scriptJson } from '../../reports/page/bundle.js';
import { downloadsOf, flatten } from '../../reports/page/exports.js';
import type { Grid } from '../../reports/page/grid.js';
import { accuracyRecord, recordOf, sampleRecords, trainedCell } from '../support/records.js';

const options = { generatedFrom: 'results/records' };
const hostile = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>{{constructor}}';

describe('a report', () => {
  it('is the same to the byte for the same records, in whatever order', async () => {
    const records = sampleRecords();
    const first = await buildReport(records, options);
    const again = await buildReport(records.toReversed(), options);
    // Compared as a truth value: a difference should not print both pages.
    expect(again === first).toBe(true);
  });

  it('asks the network for nothing', async () => {
    const html = await buildReport(sampleRecords(), options);
    expect(html.match(/<(?:link|img|iframe|object|embed)\b/i)).toBeNull();
    expect(html.match(/\bsrc=|url\(|@import/i)).toBeNull();
    expect(html.includes('default-src &#x27;none&#x27;')).toBe(true);
    const targets = [...html.matchAll(/href="([^"]*)"/g)].map(([, target]) => target!);
    expect(targets.length).toBeGreaterThan(10);
    for (const target of targets) expect(target).toMatch(/^(#|data:)/);
  });

  it('shows mean, interval, n and verdict beside the published value', async () => {
    const html = await buildReport(sampleRecords(['imdb-binary']), options);
    expect(html.includes('54.10 ± 0.42')).toBe(true);
    expect(/84\.\d ± \d\.\d/.test(html)).toBe(true);
    expect(html.includes('not comparable')).toBe(true);
    expect(html.includes('no run on Amazon')).toBe(true);
  });

  it('lists every record in a group that numbers lead to', async () => {
    const records = sampleRecords();
    const html = await buildReport(records, options);
    const groups = [...html.matchAll(/<tbody id="(runs-\d+)">([\s\S]*?)<\/tbody>/g)];
    for (const { id } of records) {
      const [own, ...others] = groups.filter(([, , rows]) => rows!.includes(`id="record-${id}"`));
      expect(others).toEqual([]);
      expect(html.includes(`<a href="#${own![1]}">`)).toBe(true);
    }
  });

  it('says on the first screen that data stand in, and only when they do', async () => {
    expect((await buildReport(sampleRecords(['brown']), options)).includes('Stand-in data.')).toBe(true);
    expect((await buildReport(sampleRecords(['imdb-binary']), options)).includes('Stand-in data.')).toBe(
      false,
    );
  });

  it('lists failed runs with their message', async () => {
    const failure = { kind: 'timeout' as const, message: 'silent for 600 s' };
    const html = await buildReport(
      [...sampleRecords(), accuracyRecord({ seed: 9 }, 0.1, { failure })],
      options,
    );
    expect(html.includes('id="failures"')).toBe(true);
    expect(html.includes('silent for 600 s')).toBe(true);
    expect((await buildReport(sampleRecords(), options)).includes('id="failures"')).toBe(false);
  });

  it('lists failed runs by what happened, the most frequent first', async () => {
    const failed = (seed: number, kind: 'timeout' | 'diverged') =>
      accuracyRecord({ seed }, 0.1, { failure: { kind, message: `${kind} of seed ${seed}` } });
    const html = await buildReport(
      [failed(1, 'timeout'), failed(2, 'diverged'), failed(3, 'diverged')],
      options,
    );
    const places = ['diverged: the loss', 'diverged of seed', 'timeout: ', 'timeout of seed 1'].map((text) =>
      html.indexOf(text, html.indexOf('id="failures-title"')),
    );
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
  });

  it('says of each chart how to read it and what would mislead, and explains its words', async () => {
    const html = await buildReport(sampleRecords(), options);
    const charts = html.match(/<figure /g)!.length;
    expect(charts).toBeGreaterThan(5);
    expect(html.match(/<b>How to read it:<\/b> \S/g)).toHaveLength(charts);
    expect(html.match(/<b>What would mislead:<\/b> \S/g)).toHaveLength(charts);
    expect(html).toContain('id="glossary"');
  });

  it('tells of a record its seed, steps, curve and the command that measures it again', async () => {
    const [record] = sampleRecords(['brown']).filter(({ cell }) => cell.kind === 'encoder');
    const html = await buildReport([record!], options);
    const row = html.slice(html.indexOf(`id="record-${record!.id}"`)).split('</tr>')[0]!;
    expect(row).toContain(`formerbench run --record records/${record!.id}.json --out again`);
    const kept = record!.curve.find(({ epoch }) => epoch === record!.bestEpoch)!;
    expect(row).toContain(`${(100 * kept.validationAccuracy).toFixed(1)}*`);
  });

  it('is a page even when nothing has run', async () => {
    const html = await buildReport([], options);
    expect(html.includes('Nothing of it has run yet.')).toBe(true);
    expect(html.includes('vega-bundle')).toBe(false);
  });

  it('escapes hostile text wherever a record can hold it', async () => {
    const [sample] = sampleRecords();
    const records = [1, 2, 3].flatMap((seed) =>
      [hostile, 'fastformer', 'transformer'].map((architecture) =>
        accuracyRecord(
          {
            architecture,
            seed,
            options: { [hostile]: hostile },
            dataset: { name: hostile, options: { [hostile]: hostile }, train: 9, validation: 9, test: 9 },
            backend: hostile,
          },
          0.8 + seed / 100,
          {
            provenance: {
              ...sample!.provenance,
              cpu: hostile,
              platform: hostile,
              preset: hostile,
              commandLine: [hostile],
              git: { commit: hostile, dirty: true },
            },
          },
        ),
      ),
    );
    const failed = recordOf(trainedCell({ seed: 7 }), {
      failure: { kind: 'plugin error', message: hostile },
    });
    const html = await buildReport([...records, failed], { generatedFrom: hostile });
    expect(html.includes('<img')).toBe(false);
    expect(html.includes('<script>alert')).toBe(false);
    const scripts = (await buildReport(sampleRecords(), options)).match(/<script/g)!.length;
    expect(html.match(/<script/g)).toHaveLength(scripts);
    expect(html.match(/<\/script>/g)).toHaveLength(scripts);
    expect(html.includes('&lt;img src')).toBe(true);
    // The template language of the page does not run inside text.
    expect(html.includes('{{constructor}}')).toBe(true);
  });

  it('stays below a megabyte, drawing libraries included', async () => {
    const html = await buildReport(sampleRecords(['imdb-binary', 'spam-assassin', 'brown']), options);
    expect(html.length).toBeLessThan(1_000_000);
  });
});

describe('JSON inside a script element', () => {
  it('can neither end the element nor start a comment', () => {
    const text = scriptJson({ a: '</script><!--\u2028' });
    expect(text).not.toMatch(/[<>\u2028]/);
    expect(JSON.parse(text)).toEqual({ a: '</script><!--\u2028' });
  });
});

describe('downloads of a table', () => {
  const grid: Grid = {
    id: 'example',
    caption: 'Example',
    corner: 'Row',
    columns: [{ title: 'Score', columns: ['paper', 'ours'] }],
    groups: [
      {
        title: null,
        rows: [
          {
            header: '=cmd|"x"',
            cells: [{ text: '52.0 ± 0.5' }, { text: '5 %', note: 'a_b & c' }],
            records: ['0a', '1b'],
          },
        ],
      },
    ],
  };
  const file = (label: string) => {
    const { href } = downloadsOf(grid).find((download) => download.label === label)!;
    return decodeURIComponent(href.slice(href.indexOf(',') + 1));
  };

  it('name each column with its group, and the records of each row', () => {
    expect(flatten(grid).header).toEqual(['Row', 'Score: paper', 'Score: ours', 'Records']);
  });

  it('quote CSV and keep a spreadsheet from running a formula', () => {
    expect(file('CSV')).toBe(
      '"Row","Score: paper","Score: ours","Records"\r\n"\'=cmd|""x""","52.0 ± 0.5","5 % (a_b & c)","0a 1b"\r\n',
    );
  });

  it('give JSON by column name', () => {
    expect(JSON.parse(file('JSON'))).toEqual([
      { Row: '=cmd|"x"', 'Score: paper': '52.0 ± 0.5', 'Score: ours': '5 % (a_b & c)', Records: '0a 1b' },
    ]);
  });

  it('escape the bars of Markdown', () => {
    expect(file('Markdown').split('\n')[2]).toBe('| =cmd\\|"x" | 52.0 ± 0.5 | 5 % (a_b & c) |');
  });

  it('escape what LaTeX would read as a command', () => {
    expect(file('LaTeX')).toContain('=cmd|"x" & 52.0 $\\pm$ 0.5 & 5 \\% (a\\_b \\& c) \\\\');
  });
});
