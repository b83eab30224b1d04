import { describe, expect, it } from 'vitest';
import { cellSchema } from '../../harness/cell.js';
import { buildReport } from '../../reports/index.js';
import { planCells } from '../../reports/paper/index.js';
import { presetNames } from '../../reports/paper/presets.js';
import { summarizerCell, summaryFloorCell } from '../../reports/paper/summary-cells.js';
import { shownMetrics } from '../../reports/paper/summary-table.js';
import { table6 } from '../../reports/paper/table-6.js';
import { summarize } from '../../reports/summary.js';
import { summaryRecord as record } from '../support/score-records.js';

const named = (name: string) => ({ name, options: {} });
const [cnn, pubmed, mail] = [named('cnn-dailymail'), named('pubmed'), named('mail-subjects')];
const [fastformer, transformer] = [named('fastformer'), named('transformer')];
const request = {
  preset: 'laptop' as const,
  backend: 'tensorflow',
  architectures: [transformer, fastformer],
  datasets: [],
  seeds: [1, 2],
  summaries: [cnn, pubmed],
};

describe('table 6', () => {
  it('holds the 42 published values', () => {
    const values = table6.rows.flatMap(({ key }) =>
      table6.columns.flatMap((column) => shownMetrics.map((name) => table6.published(key, column, name))),
    );
    expect(values.filter((value) => value !== null)).toHaveLength(42);
    expect(table6.published('fastformer', 'CNN/DailyMail', 'rougeLsum')).toBe(0.3621);
    expect(table6.published('transformer', 'PubMed', 'rouge2')).toBe(0.1188);
  });

  it('plans the floors of each dataset, then every architecture on each', () => {
    const cells = planCells([table6], request);
    const floors = cells.filter((cell) => cell.kind === 'summary-floor');
    expect(floors.map((cell) => `${cell.dataset.name} ${cell.architecture}`)).toEqual([
      'cnn-dailymail random-sentences',
      'cnn-dailymail lead-3',
      'cnn-dailymail oracle-extract',
      'pubmed random-sentences',
      'pubmed lead-10',
      'pubmed oracle-extract',
    ]);
    const models = cells.filter((cell) => cell.kind === 'summarizer');
    for (const dataset of ['cnn-dailymail', 'pubmed'])
      for (const architecture of ['transformer', 'fastformer'])
        expect(
          models.some((cell) => cell.dataset.name === dataset && cell.architecture === architecture),
        ).toBe(true);
  });

  it('has cells that can be run at every preset, four decoder layers and five beams at the paper’s', () => {
    for (const preset of presetNames)
      for (const cell of planCells([table6], { ...request, preset, summaries: [cnn, pubmed, mail] }))
        expect(cellSchema.safeParse(cell).error).toBeUndefined();
    const sizes = (name: typeof cnn) =>
      summarizerCell(fastformer, name, 1, { preset: 'paper', backend: 'x' });
    expect(sizes(cnn)).toMatchObject({
      summarizer: { encoderLayers: 4, decoderLayers: 4, sourceLength: 2_048, hidden: 256, heads: 16 },
      decoding: { beams: 5 },
    });
    expect(sizes(pubmed).summarizer).toMatchObject({
      encoderLayers: 2,
      decoderLayers: 4,
      sourceLength: 4_096,
    });
    expect(planCells([table6], { ...request, preset: 'smoke' }).length).toBeLessThanOrEqual(3);
  });

  const records = [
    ...[1, 2, 3].map((seed) => record(summarizerCell(fastformer, cnn, seed, request), 0.2 + seed / 1_000)),
    ...[1, 2, 3].map((seed) => record(summarizerCell(transformer, cnn, seed, request), 0.18 + seed / 900)),
    record(summaryFloorCell('lead-3', cnn, 1, request), 0.25, 'the <b>first</b> sentences'),
  ];

  it('stands beside the paper’s value with both intervals, and is not judged by it', () => {
    const [table] = summarize(records, [table6]).tables;
    const cell = table?.cells.find(
      (each) => each.row === 'Fastformer' && each.column === 'CNN/DailyMail R-L',
    );
    expect(cell).toMatchObject({ published: 0.3621, n: 3, verdict: 'not comparable' });
    expect(cell?.ours).toBeCloseTo(0.182, 6);
    expect(cell?.documentInterval?.[0]).toBeCloseTo(0.182, 6);
    expect(cell?.reason).toContain('800 training documents');
    const missing = table?.cells.filter(({ verdict }) => verdict === 'not run');
    expect(missing).toHaveLength(42 - 6);
  });

  it('judges the paper’s claims by paired seeds', () => {
    const claims = summarize(records, [table6]).claims;
    const claim = claims.find(({ text }) => text.includes('better than the Transformer'));
    expect(claim).toMatchObject({ verdict: 'supported', setting: 'table-6-1' });
    expect(claim?.evidence).toContain('3 paired seeds');
  });

  it('another decoder is a setting of its own, and its title and facts say so', async () => {
    const cell = summarizerCell(fastformer, cnn, 1, request);
    const other = record({ ...cell, summarizer: { ...cell.summarizer, decoderAttention: 'performer' } }, 0.2);
    const settings = summarize([...records, other], [table6]).tables[0]?.settings ?? [];
    expect(settings.map(({ title }) => title)).toEqual(['CNN/DailyMail', 'CNN/DailyMail, performer decoder']);
    const html = await buildReport([other], { generatedFrom: 'a test' });
    expect(html).toContain('1 decoder layer with performer attention');
  });

  it('floors join the setting of their documents, last; a dataset that only has floors has a setting too', () => {
    const alone = record(summaryFloorCell('lead-10', pubmed, 1, request), 0.3);
    const settings = summarize([...records, alone], [table6]).tables[0]?.settings ?? [];
    expect(settings.map(({ title }) => title)).toEqual(['CNN/DailyMail', 'PubMed']);
    const [first] = settings;
    expect(first?.kind === 'summaries' && first.rows.map(({ title }) => title)).toEqual([
      'Transformer',
      'Fastformer',
      'First 3 sentences',
    ]);
  });

  it('the page shows what was written, escaped, and says that R-L is the summary’s', async () => {
    const html = await buildReport(records, { generatedFrom: 'a test' });
    expect(html).toContain('the &lt;b&gt;first&lt;/b&gt; sentences');
    expect(html).not.toContain('the <b>first</b> sentences');
    expect(html).toContain('what should be');
    expect(html).toContain('ROUGE-Lsum');
    expect(html).toContain('those of its IMDB row');
  });
});
