import { describe, expect, it } from 'vitest';
import { cellSchema } from '../../harness/cell.js';
import { figure2 } from '../../reports/paper/figure-2.js';
import { planCells, tables } from '../../reports/paper/index.js';
import { presetNames, presets } from '../../reports/paper/presets.js';
import { table4 } from '../../reports/paper/table-4.js';

const request = {
  preset: 'quick' as const,
  backend: 'wasm',
  architectures: [
    { name: 'transformer', options: {} },
    { name: 'fastformer', options: { logits: 'whole' } },
  ],
  datasets: [
    { name: 'spam-assassin', options: {} },
    { name: 'brown', options: {} },
  ],
  seeds: [1, 2, 3],
};

describe('table 4', () => {
  it('holds 42 published values as fractions of 1, with the standard deviation of five runs', () => {
    const values = table4.rows.flatMap(({ architecture }) =>
      table4.columns.flatMap((column) =>
        (['accuracy', 'macroF1'] as const).map((metric) => table4.published(architecture, column, metric)),
      ),
    );
    expect(values).toHaveLength(42);
    for (const value of values) {
      expect(value!.mean).toBeGreaterThan(0.4);
      expect(value!.mean).toBeLessThan(0.9);
      expect(value!.deviation).toBeLessThan(0.01);
      expect(value!.n).toBe(5);
    }
  });

  it('has the numbers of the paper where they are checked by hand', () => {
    const value = (...where: Parameters<typeof table4.published>) => table4.published(...where)!.mean;
    expect(value('transformer', 'Amazon', 'accuracy')).toBeCloseTo(0.6532, 10);
    expect(value('fastformer', 'IMDB', 'accuracy')).toBe(0.541);
    expect(value('linformer', 'IMDB', 'accuracy')).toBe(0.5317);
    expect(value('poolingformer', 'MIND', 'macroF1')).toBeCloseTo(0.641, 10);
    expect(value('longformer', 'IMDB', 'macroF1')).toBeCloseTo(0.4336, 10);
  });

  it('has no published value for what the paper did not test', () => {
    expect(table4.published('none', 'IMDB', 'accuracy')).toBeNull();
  });
});

describe('figure 2', () => {
  it('has the digitised points by length, and none where the paper draws none', () => {
    expect(figure2.published('transformer', 'inference', 512)).toBe(604);
    expect(figure2.published('fastformer', 'training', 65_536)).toBe(472);
    expect(figure2.published('transformer', 'training', 1_024)).toBeNull();
    expect(figure2.published('fastformer', 'training', 300)).toBeNull();
    expect(figure2.published('performer', 'training', 512)).toBeNull();
  });

  it('holds the tokens of a step constant over the lengths', () => {
    const cells = figure2.cells(request).filter((cell) => cell.kind === 'speed');
    expect(new Set(cells.map((cell) => cell.batch * cell.encoder.length))).toEqual(
      new Set([presets.quick.speed.tokens]),
    );
    // Two architectures, each in two forms.
    expect(cells).toHaveLength(4 * 2 * 3 * presets.quick.speed.rounds);
  });

  it('times the same cells in every round, in another order, whatever the seeds of accuracy are', () => {
    const cells = figure2.cells({ ...request, seeds: [7], rounds: 3 });
    const ofRound = (round: number) =>
      cells.filter(({ seed }) => seed === round).map((cell) => JSON.stringify({ ...cell, seed: 0 }));
    expect([...new Set(cells.map(({ seed }) => seed))]).toEqual([7, 8, 9]);
    expect(ofRound(7).toSorted()).toEqual(ofRound(8).toSorted());
    expect(ofRound(7)).not.toEqual(ofRound(8));
    expect(figure2.cells({ ...request, seeds: [7], rounds: 3 })).toEqual(cells);
  });

  it('plans the Transformer and Fastformer in both their forms, at every length, also where no memory holds them', () => {
    const cells = figure2.cells({ ...request, preset: 'paper' }).filter((cell) => cell.kind === 'speed');
    const forms = [
      ['transformer', 'attention', undefined],
      ['transformer', 'attention', 'textbook'],
      ['fastformer', 'form', undefined],
      ['fastformer', 'form', 'textbook'],
    ] as const;
    for (const [name, option, form] of forms) {
      const own = cells.filter(
        ({ architecture, options }) => architecture === name && options[option] === form,
      );
      expect(new Set(own.map(({ encoder }) => encoder.length))).toEqual(new Set(presets.paper.speed.lengths));
    }
  });
});

describe('a plan', () => {
  it.each(presetNames)('of the preset %s holds only valid, distinct cells', (preset) => {
    const cells = planCells(tables, { ...request, preset });
    for (const cell of cells) expect(cellSchema.safeParse(cell).error).toBeUndefined();
    expect(new Set(cells.map((cell) => JSON.stringify(cell))).size).toBe(cells.length);
  });

  it('starts with the baselines, then runs everything at seed 1 before seed 2', () => {
    const cells = planCells(tables, request);
    const baselines = cells.filter((cell) => cell.kind === 'baseline');
    expect(baselines).toHaveLength(4);
    expect(cells.slice(0, 4)).toEqual(baselines);
    const seeds = cells.slice(4).map((cell) => cell.seed);
    expect(seeds).toEqual(seeds.toSorted((a, b) => a - b));
    expect(
      new Set(
        cells
          .slice(4)
          .filter((cell) => cell.seed === 1)
          .map((cell) => cell.kind),
      ),
    ).toEqual(new Set(['encoder', 'speed']));
  });

  it('covers every dataset, architecture and seed, and nothing else', () => {
    const trained = table4.cells(request).filter((cell) => cell.kind === 'encoder');
    expect(trained).toHaveLength(2 * 2 * 3);
    expect(trained[0]).toMatchObject({
      architecture: 'transformer',
      dataset: { name: 'spam-assassin', train: presets.quick.accuracy.examples.train },
      backend: 'wasm',
      seed: 1,
    });
  });
});
