import { describe, expect, it } from 'vitest';
import { fastformer } from '../../architectures/fastformer.js';
import type { RunRecord } from '../../harness/record.js';
import type { AccuracyTable, PaperColumn } from '../../reports/paper/contract.js';
import { figure3 } from '../../reports/paper/figure-3.js';
import { figure4 } from '../../reports/paper/figure-4.js';
import { planCells } from '../../reports/paper/index.js';
import { poolingTable } from '../../reports/paper/pooling.js';
import { presets } from '../../reports/paper/presets.js';
import { table4 } from '../../reports/paper/table-4.js';
import { buildReport } from '../../reports/index.js';
import { missingGrid } from '../../reports/page/accuracy-grid.js';
import { summarize } from '../../reports/summary.js';
import { accuracyRecord } from '../support/records.js';

const { encoder } = presets.quick.accuracy;
const columns: PaperColumn[] = ['Amazon', 'IMDB', 'MIND'];
const valuesOf = (table: AccuracyTable, key: string) =>
  columns.flatMap((column) =>
    (['accuracy', 'macroF1'] as const).map((metric) => table.published(key, column, metric)?.mean ?? NaN),
  );

describe('the bars of figures 3 and 4', () => {
  it('are read with the panels’ captions put right: Fastformer’s own bar is table 4', () => {
    expect(valuesOf(figure3, 'product')).toEqual(valuesOf(table4, 'fastformer'));
    expect(valuesOf(figure4, 'query-value-layers')).toEqual(valuesOf(table4, 'fastformer'));
  });

  it('have the numbers of the paper where they are checked by hand', () => {
    expect(valuesOf(figure3, 'concatenate')).toEqual([0.6447, 0.4087, 0.5244, 0.4233, 0.8057, 0.6046]);
    expect(valuesOf(figure4, 'query-value')).toEqual([0.6592, 0.4298, 0.5377, 0.4425, 0.821, 0.6357]);
  });

  it('order as the paper’s text says, panel by panel', () => {
    const ordered = (table: AccuracyTable, ...keys: string[]) => {
      const [low = [], high = []] = keys.map((key) => valuesOf(table, key));
      expect(low.every((value, i) => value < (high[i] ?? NaN))).toBe(true);
    };
    ordered(figure3, 'concatenate', 'add');
    ordered(figure3, 'add', 'product');
    ordered(figure4, 'query-value-heads', 'query-value');
    ordered(figure4, 'query-value', 'query-value-layers');
  });

  it('carry no deviation but Fastformer’s own, and nothing stands there that the paper does not print', () => {
    expect(figure3.published('add', 'IMDB', 'accuracy')?.deviation).toBeNull();
    expect(figure3.published('product', 'IMDB', 'accuracy')?.deviation).toBe(0.0042);
    expect(figure3.published('gated', 'IMDB', 'accuracy')).toBeNull();
    expect(poolingTable.published('additive', 'IMDB', 'accuracy')).toBeNull();
  });
});

const request = {
  preset: 'paper' as const,
  backend: 'wasm',
  architectures: [
    { name: 'transformer', options: {} },
    { name: 'fastformer', options: fastformer.options.parse({}) },
  ],
  datasets: [
    { name: 'imdb', options: {} },
    { name: 'brown', options: {} },
  ],
  seeds: [1, 2],
};

describe('the plan of the ablations', () => {
  it('measures a cell once that several tables need', () => {
    const own = (table: AccuracyTable) => table.cells(request).map((cell) => JSON.stringify(cell));
    const all = planCells([table4, figure3, figure4, poolingTable], request);
    // Beside table 4: four interactions, three ways to share and two poolings that are not Fastformer's own.
    expect(all.length - own(table4).length).toBe((4 + 3 + 2) * 2 * 2);
    expect(own(figure3).filter((cell) => own(table4).includes(cell))).toHaveLength(4);
  });

  it('takes as many datasets and seeds as the preset says', () => {
    const small = figure3.cells({ ...request, preset: 'smoke' });
    expect(small).toHaveLength(5);
    expect(small[0]).toMatchObject({
      dataset: { name: 'imdb' },
      seed: 1,
      options: { interaction: 'concatenate' },
    });
  });

  it('is empty where Fastformer was not asked for', () => {
    expect(figure4.cells({ ...request, architectures: [{ name: 'transformer', options: {} }] })).toEqual([]);
  });
});

const runs = (cell: object, scores: readonly number[]): RunRecord[] =>
  scores.map((score, i) => accuracyRecord({ seed: i + 1, ...cell }, score));
const interaction = (name: string, scores: readonly number[]) =>
  runs({ options: { interaction: name } }, scores);
const tableOf = (records: RunRecord[], name: string) =>
  summarize(records).tables.find((table) => table.name === name)!;
const claimsOf = (records: RunRecord[], start: string) =>
  summarize(records).claims.filter(({ text }) => text.startsWith(start));

describe('records of variants', () => {
  const product = runs({ options: fastformer.options.parse({}) }, [0.82, 0.83, 0.84]);
  const add = interaction('add', [0.8, 0.811, 0.819]);
  const both = [...product, ...add];

  it('stand in the row of their options, whether defaults are written out or not', () => {
    const cells = tableOf(both, 'figure-3').cells.filter(({ n }) => n > 0);
    expect(cells.map(({ row, n }) => [row, n])).toEqual([
      ['Add', 3],
      ['Element-wise product', 3],
      ['Add', 3],
      ['Element-wise product', 3],
    ]);
  });

  it('stand in no other table, but Fastformer’s own stand in table 4 too', () => {
    expect(
      tableOf(both, 'table-4').settings.flatMap((one) => (one.kind === 'accuracy' ? one.rows : [])),
    ).toMatchObject([{ architecture: 'fastformer', title: 'Fastformer', records: product }]);
    expect(tableOf(both, 'pooling').settings).toEqual([]);
  });

  it('make no ablation when only Fastformer itself ran', () => {
    expect(tableOf(product, 'figure-3').settings).toEqual([]);
  });

  it('are left out when they differ in something else too', () => {
    const odd = runs({ options: { interaction: 'add', logits: 'head' } }, [0.9, 0.9, 0.9]);
    expect(tableOf([...both, ...odd], 'figure-3')).toEqual(tableOf(both, 'figure-3'));
  });

  it('that share layers stand beside those that do not, in figure 4 alone', () => {
    const shared = runs({ encoder: { ...encoder, shareLayers: true } }, [0.82, 0.829, 0.842]);
    const { settings } = tableOf([...product, ...shared], 'figure-4');
    expect(settings).toMatchObject([{ rows: [{ key: 'query-value' }, { key: 'query-value-layers' }] }]);
    expect(tableOf([...product, ...shared], 'table-4').settings).toHaveLength(1);
  });

  it('beside the paper’s data are not comparable, for a reason, or not run', () => {
    const imdb = { dataset: { name: 'imdb', options: {}, train: null, validation: null, test: null } };
    const sized = { ...imdb, encoder: { ...encoder, length: 1024, layers: 2, hidden: 256 } };
    const own = [
      ...runs({ ...sized }, [0.53, 0.54, 0.55]),
      ...runs({ ...sized, options: { interaction: 'add' } }, [0.53, 0.54, 0.55]),
    ];
    const cells = tableOf(own, 'figure-3').cells.filter(({ column }) => column === 'IMDB accuracy');
    expect(cells.map(({ row, verdict, published }) => [row, verdict, published])).toEqual([
      ['Add', 'not comparable', 0.5299],
      ['Element-wise product', expect.stringMatching(/matches|not comparable/), 0.541],
      ['Concatenation', 'not run', 0.5244],
      ['MLP (beyond the paper)', 'not run', null],
      ['Gated (beyond the paper)', 'not run', null],
    ]);
  });

  it('are judged over paired seeds', () => {
    const [claim] = claimsOf(both, 'Product is better than add');
    expect(claim).toMatchObject({ table: 'figure-3', source: 'paper', verdict: 'supported' });
    expect(claim!.evidence).toContain(
      'Element-wise product 83.0 %, Add 81.0 % over 3 paired seeds: +2.0 points',
    );
  });
});

describe('a claim of "no worse"', () => {
  const verdict = (difference: number) => {
    const noise = [0, 0.0004, -0.0003, 0.0002];
    const none = runs({ options: { shareQueryValue: false } }, [0.8, 0.81, 0.79, 0.8]);
    const shared = runs(
      {},
      [0.8, 0.81, 0.79, 0.8].map((score, i) => score + difference + (noise[i] ?? 0)),
    );
    return claimsOf([...none, ...shared], 'Sharing query and value is no worse')[0]!;
  };

  it('is supported by equal scores, with the difference itself as evidence', () => {
    expect(verdict(0)).toMatchObject({ verdict: 'supported' });
    expect(verdict(0).evidence).toMatch(/: \+0\.0 points, .* against −0\.5 points\.$/);
  });

  it('is contradicted by a score behind by more than the margin, and open at the margin', () => {
    expect(verdict(-0.02).verdict).toBe('contradicted');
    expect(verdict(-0.005).verdict).toBe('inconclusive');
  });
});

describe('what did not run', () => {
  it('is listed with the paper’s bars, and without rows that the paper does not have', () => {
    const grid = missingGrid(figure3, tableOf([], 'figure-3').cells)!;
    expect(grid.groups[0]!.rows.map(({ header }) => header)).toEqual([
      'Concatenation',
      'Add',
      'Element-wise product',
    ]);
    expect(grid.groups[0]!.rows[0]!.cells[0]!.text).toBe('64.47');
    expect(missingGrid(poolingTable, tableOf([], 'pooling').cells)).toBeNull();
  });
});

describe('the page of an ablation', () => {
  it('names its variants, draws them, and leaves them out of accuracy against time', async () => {
    const records = [...runs({}, [0.82, 0.83, 0.84]), ...interaction('add', [0.8, 0.811, 0.819])];
    const page = await buildReport(records, { generatedFrom: 'results' });
    expect(page).toContain('data-chart="accuracy-figure-3-1"');
    expect(page).toContain('captions of the three panels are swapped');
    expect(page).toMatch(/<th[^>]*>Variant<\/th>/);
    // One encoder in table 4 is nothing to weigh against time.
    expect(page).not.toContain('data-chart="pareto"');
  });
});
