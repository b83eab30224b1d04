import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracyChart } from '../../reports/charts/accuracy.js';
import { drawSvg } from '../../reports/charts/chart.js';
import { curvesChart } from '../../reports/charts/curves.js';
import { marksOf, reservedNames } from '../../reports/charts/marks.js';
import { memoryChart } from '../../reports/charts/memory.js';
import { frontier, paretoChart } from '../../reports/charts/pareto.js';
import { type ScoresOf, scoresChart } from '../../reports/charts/scores.js';
import { stepRatioChart } from '../../reports/charts/step-ratio.js';
import { stepTimeChart } from '../../reports/charts/step-time.js';
import { logTicks } from '../../reports/charts/ticks.js';
import { figure2 } from '../../reports/paper/figure-2.js';
import { rankingFloorCell, recommenderCell } from '../../reports/paper/ranking-cells.js';
import { summarize } from '../../reports/summary.js';
import { accuracyRecord, sampleRecords } from '../support/records.js';
import { rankingRecord } from '../support/score-records.js';

const news = { name: 'mind-small', options: {} };
const sizes = { preset: 'laptop', backend: 'tensorflow' } as const;
const recommender = (architecture: string, auc: number, seed: number) =>
  rankingRecord(recommenderCell({ name: architecture, options: {} }, news, seed, sizes), auc);
const newsRecords = [
  ...[1, 2].flatMap((seed) => [
    recommender('transformer', 0.6 + seed / 100, seed),
    recommender('bigbird', 0.61 + seed / 100, seed),
  ]),
  recommender('fastformer', 0.62, 1),
  rankingRecord(rankingFloorCell('click-rate', news, 1, sizes), 0.55),
];
const newsTable = summarize(newsRecords).tables.find(({ name }) => name === 'table-5')!;
const newsSetting = newsTable.settings.find((setting) => setting.kind === 'ranking')!;
const newsScores: ScoresOf = {
  ...newsSetting,
  metrics: [
    { name: 'auc', title: 'AUC' },
    { name: 'mrr', title: 'MRR' },
  ],
  examples: 'impressions',
  cellOf: ({ title }, metric) =>
    newsTable.cells.find(({ row, column, ours }) => row === title && column === metric && ours !== null),
};

const settings = summarize(sampleRecords()).tables.flatMap((table) => table.settings);
const accuracy = settings.filter((setting) => setting.kind === 'accuracy');
const speed = settings.find((setting) => setting.kind === 'speed')!;

describe('marks', () => {
  it('tell all reserved architectures apart, and no two share colour and shape', () => {
    const marks = [...marksOf(reservedNames).values()].map(({ colour, shape }) => `${colour} ${shape}`);
    expect(reservedNames).toHaveLength(13);
    expect(new Set(marks).size).toBe(13);
  });

  it('are fixed for an architecture, whatever else is shown', () => {
    fc.assert(
      fc.property(
        fc.subarray([...reservedNames], { minLength: 1 }),
        fc.array(fc.string(), { maxLength: 3 }),
        (names, more) => {
          const name = names[0]!;
          expect(marksOf([...names, ...more]).get(name)).toEqual(marksOf([name]).get(name));
        },
      ),
    );
  });

  it('give up to six plugins marks that differ from each other and from the reserved', () => {
    const plugins = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];
    const marks = [...marksOf([...reservedNames, ...plugins]).values()];
    expect(new Set(marks.map(({ colour, shape }) => `${colour} ${shape}`)).size).toBe(19);
  });

  it('treat a plugin that is named like a property of every object as a plugin', () => {
    expect(marksOf(['constructor']).get('constructor')?.shape).toMatch(/^M/);
  });
});

describe('ticks of a logarithmic axis', () => {
  it('are 1, 2 and 5 times powers of ten, inside the axis', () => {
    expect(logTicks([0.02, 0.6])).toEqual({ domain: [0.016, 0.75], values: [0.02, 0.05, 0.1, 0.2, 0.5] });
    expect(logTicks([1, 100_000]).values).toEqual([1, 10, 100, 1_000, 10_000, 100_000]);
  });
});

describe('the Pareto frontier', () => {
  const point = fc.record({
    accuracy: fc.integer({ min: 0, max: 5 }),
    seconds: fc.integer({ min: 1, max: 5 }),
  });

  it('keeps what nothing beats in both, and only that', () => {
    const [slow, fast, worse] = [
      { accuracy: 0.9, seconds: 10 },
      { accuracy: 0.8, seconds: 1 },
      { accuracy: 0.8, seconds: 2 },
    ];
    expect(frontier([slow, fast, worse])).toEqual([slow, fast]);
  });

  it('always holds the most accurate, the fastest, and something better than each that it leaves out', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 1 }), (points) => {
        const best = frontier(points);
        expect(Math.max(...best.map((p) => p.accuracy))).toBe(Math.max(...points.map((p) => p.accuracy)));
        expect(Math.min(...best.map((p) => p.seconds))).toBe(Math.min(...points.map((p) => p.seconds)));
        for (const left of points.filter((p) => !best.includes(p))) {
          expect(best.some((p) => p.accuracy >= left.accuracy && p.seconds <= left.seconds)).toBe(true);
        }
      }),
    );
  });
});

const charts = [
  paretoChart(accuracy)!,
  accuracyChart(accuracy[0]!)!,
  stepTimeChart(speed)!,
  stepRatioChart(figure2, speed)!,
  memoryChart(speed)!,
  curvesChart(accuracy[0]!)!,
  scoresChart(newsScores)!,
];

describe.each(charts)('the chart $id', (chart) => {
  it('is drawn to the same SVG each time, with its architectures named and no fixed ink', async () => {
    const svg = await drawSvg(chart.spec);
    expect(svg).toMatch(/^<svg /);
    expect(svg).toContain('Transformer');
    expect(svg).toContain('var(--ink)');
    expect(svg).not.toMatch(/fill="(black|#000)/);
    expect(await drawSvg(chart.spec)).toBe(svg);
  });

  it('has a table behind it, as wide as its header', () => {
    expect(chart.table.rows.length).toBeGreaterThan(0);
    for (const row of chart.table.rows) expect(row).toHaveLength(chart.table.columns.length);
  });
});

describe('the chart of scores', () => {
  const rows = scoresChart(newsScores)!.table.rows;
  const rowOf = (title: string, source: string) =>
    rows.find((row) => row[0] === title && row[1] === 'AUC' && row[2] === source);

  it('has the mean with both intervals, and the paper’s value as one of its own', () => {
    expect(rowOf('Transformer', 'here')).toEqual([
      ...['Transformer', 'AUC', 'here', '61.50', '55.1 to 67.9', '59.5 to 63.5', '2'],
    ]);
    expect(rowOf('Transformer', 'paper')).toEqual([
      ...['Transformer', 'AUC', 'paper', '68.22', 'none', 'none', '—'],
    ]);
  });

  it('has no interval over seeds of one seed', () => {
    expect(rowOf('Fastformer', 'here')!.slice(3, 6)).toEqual(['62.00', 'none', '60.0 to 64.0']);
  });

  it('draws what needs no training as a line down each panel, and not as a row', async () => {
    const svg = await drawSvg(scoresChart(newsScores)!.spec);
    expect(svg.match(/stroke-dasharray="8,3"/g)!.length).toBeGreaterThanOrEqual(2);
    expect(svg.match(/>Click-through rate</g)).toHaveLength(1);
    expect(scoresChart(newsScores)!.description).toContain('need no training');
  });

  it.each([3, 4])('of %i metrics fits the page, long as the titles of its rows are', async (count) => {
    const rows = newsScores.rows.map((row) => ({ ...row, title: `${row.title}, with topic, ensemble of 2` }));
    const metrics = Array.from({ length: count }, (_, i) => ({
      ...newsScores.metrics[0]!,
      title: `AUC ${i}`,
    }));
    const svg = await drawSvg(scoresChart({ ...newsScores, rows, metrics })!.spec);
    expect(Number(/<svg[^>]* width="([\d.]+)"/.exec(svg)?.[1])).toBeLessThan(1_144);
  });

  it('is none of floors alone, and none of one row', () => {
    const kept = (keep: (kind: string) => boolean) => ({
      ...newsScores,
      rows: newsScores.rows.filter(({ kind }) => keep(kind)),
    });
    expect(scoresChart(kept((kind) => kind === 'ranking-floor'))).toBeNull();
    expect(scoresChart({ ...newsScores, rows: newsScores.rows.slice(0, 1) })).toBeNull();
  });
});

describe('a chart', () => {
  it('shows the colours of the frontier and greys what is dominated', async () => {
    const svg = await drawSvg(charts[0]!.spec);
    expect(svg).toContain('#d55e00');
    expect(svg).toContain('#8a8a8a');
  });

  it('draws the paper dashed beside ours', async () => {
    expect(await drawSvg(charts[3]!.spec)).toContain('stroke-dasharray="5,4"');
  });

  it('is left out where there is nothing to compare', () => {
    const [alone] = summarize([accuracyRecord({}, 0.8)]).tables[0]!.settings;
    expect(alone?.kind === 'accuracy' ? accuracyChart(alone) : 'no setting').toBeNull();
    expect(paretoChart([])).toBeNull();
  });

  it('escapes text that would end its element', async () => {
    const hostile = '</text></svg><script>alert(1)</script>';
    const records = [1, 2].flatMap((seed) =>
      ['fastformer', hostile].map((architecture) => accuracyRecord({ architecture, seed }, 0.8 + seed / 100)),
    );
    const [setting] = summarize(records).tables[0]!.settings;
    const svg = await drawSvg((setting?.kind === 'accuracy' ? accuracyChart(setting) : null)!.spec);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;/text&gt;');
  });
});
