/** What is told of speed beyond single times: claims, efficiency lengths, powers of the length. */
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import { figure2 } from '../../reports/paper/figure-2.js';
import { table7 } from '../../reports/paper/table-7.js';
import { buildReport } from '../../reports/index.js';
import { complexityGrid } from '../../reports/page/complexity-grid.js';
import { flatten } from '../../reports/page/exports.js';
import { type Summary, summarize } from '../../reports/summary.js';
import { speedRecord } from '../support/records.js';

/** Steps of one round: a middle and a little round it. */
const steps = (seconds: number, wobble = 0.01) =>
  [-1, -0.4, 0.1, 0.5, 0.9].map((shift) => seconds * (1 + wobble * shift));

interface Timed {
  readonly architecture: string;
  readonly length?: number;
  readonly seed?: number;
  readonly options?: Record<string, string | boolean>;
  readonly bytes?: number;
}

const timed = ({ bytes = 40e6, ...cell }: Timed, seconds: number): RunRecord =>
  speedRecord({ ...cell, batch: 4_096 / (cell.length ?? 512) }, steps(seconds), {
    memory: { peakTensorBytes: bytes, peakResidentBytes: null, baselineResidentBytes: null },
  });

const summaryOf = (records: readonly RunRecord[]): Summary => summarize(records, [figure2, table7]);
const claimOf = (summary: Summary, start: string) =>
  summary.claims.find(({ text }) => text.startsWith(start));

const lengths = [128, 512, 1_024];

describe('claims of figure 2', () => {
  const linformer = 'Fastformer is faster than Linformer in training';
  const pair = (ratios: readonly number[], seed = 1) =>
    lengths.flatMap((length, i) => [
      timed({ architecture: 'fastformer', length, seed }, 0.1),
      timed({ architecture: 'linformer', length, seed }, 0.1 * (ratios[i] ?? 1)),
    ]);

  it('hold when every measured length points their way, and name the least clear', () => {
    const claim = claimOf(summaryOf(pair([3, 2, 1.5])), linformer)!;
    expect(claim).toMatchObject({ verdict: 'supported' });
    expect(claim.text).toBe(`${linformer} at lengths 128 to 1,024`);
    expect(claim.evidence).toContain('Over 3 comparisons 1.50 to 3.00 times as long');
    expect(claim.evidence).toContain('at 1,024: Fastformer 100 ms, Linformer 150 ms a step');
    expect(claim.records).toHaveLength(6);
  });

  it('fall by one clear counterexample', () => {
    const claim = claimOf(summaryOf(pair([3, 0.5, 1.5])), linformer)!;
    expect(claim).toMatchObject({ verdict: 'contradicted' });
    expect(claim.evidence).toContain('The clearest counterexample, at 512');
  });

  it('stay open where one length does not tell, or the difference is below two in a hundred', () => {
    expect(claimOf(summaryOf(pair([3, 1.001, 1.5])), linformer)!.verdict).toBe('inconclusive');
    const records = lengths.flatMap((length) => [
      speedRecord({ architecture: 'fastformer', length }, steps(0.1, 0.0001)),
      speedRecord({ architecture: 'linformer', length }, steps(0.1015, 0.0001)),
    ]);
    const claim = claimOf(summaryOf(records), linformer)!;
    expect(claim.verdict).toBe('inconclusive');
    expect(claim.evidence).toContain('a difference below 2 % is taken for none');
  });

  it('are judged over rounds as soon as two are shared: what varies between processes counts', () => {
    // Within a process steps differ by 1 %, but the second process turns the order round.
    const records = [...pair([1.3, 1.3, 1.3], 1), ...pair([0.8, 0.8, 0.8], 2)];
    const claim = claimOf(summaryOf(records), linformer)!;
    expect(claim.verdict).toBe('inconclusive');
    expect(claim.evidence).toContain('paired t over 2 rounds');
    const steady = [1.3, 1.301, 1.299, 1.302].flatMap((ratio, i) => pair([ratio, ratio, ratio], i + 1));
    expect(claimOf(summaryOf(steady), linformer)!.verdict).toBe('supported');
  });

  it('take the control workload of a round out of its times', () => {
    // The machine is half as fast while Linformer runs; the control beside it shows that.
    const controlled = (architecture: string, seed: number, seconds: number, control: number) => {
      const measuring = { control: { before: [control], after: [control] } };
      return { ...timed({ architecture, seed }, seconds), measuring } as RunRecord;
    };
    const records = [1, 2, 3, 4].flatMap((seed) => [
      controlled('fastformer', seed, 0.1 + seed / 1e4, 1),
      controlled('linformer', seed, 0.2, 2),
    ]);
    const cell = summaryOf(records).tables[0]!.cells.find(
      ({ row, column }) => row === 'Linformer' && column.endsWith('times Fastformer'),
    )!;
    expect(cell.ours).toBeCloseTo(1, 1);
    expect(cell.n).toBe(4);
  });

  it('about textbook attention look at that variant alone', () => {
    const textbook = { attention: 'textbook', outputProjection: true };
    const records = [
      timed({ architecture: 'fastformer' }, 0.1),
      timed({ architecture: 'transformer' }, 0.05),
      timed({ architecture: 'transformer', options: textbook }, 0.4),
    ];
    const summary = summaryOf(records);
    expect(claimOf(summary, 'Fastformer is faster than the Transformer in')!.verdict).toBe('contradicted');
    expect(claimOf(summary, 'Fastformer is faster than the Transformer with textbook')!.verdict).toBe(
      'supported',
    );
  });

  it('say of the Transformer nothing below 512', () => {
    const records = [128, 256].flatMap((length) => [
      timed({ architecture: 'fastformer', length }, 0.1),
      timed({ architecture: 'transformer', length }, 0.05),
    ]);
    expect(summaryOf(records).claims).toEqual([]);
  });

  it('hold Poolingformer against all the others of linear cost, or against none', () => {
    const others = ['longformer', 'bigbird', 'linformer', 'linear'];
    const records = [...others, 'poolingformer'].map((architecture) =>
      timed({ architecture }, architecture === 'poolingformer' ? 0.5 : 0.1),
    );
    const start = 'Poolingformer is slower';
    expect(claimOf(summaryOf(records), start)!.verdict).toBe('supported');
    expect(claimOf(summaryOf(records.slice(1)), start)).toBeUndefined();
  });
});

describe('the efficiency length', () => {
  const records = lengths.flatMap((length, i) => [
    timed({ architecture: 'transformer', length, bytes: [10e6, 40e6, 90e6][i]! }, [0.05, 0.2, 0.4][i]!),
    timed({ architecture: 'fastformer', length, bytes: 20e6 }, 0.1),
    timed({ architecture: 'poolingformer', length, bytes: 5e6 }, 0.9),
  ]);
  const efficiency = summaryOf(records).tables[0]!.efficiency!;
  const of = (architecture: string, quantity: string) =>
    efficiency.find((one) => one.architecture === architecture && one.quantity === quantity)!;

  it('is where the curves cross, with an interval for time and none for what is counted', () => {
    // The line from 0.05 at 128 to 0.2 at 512 passes 0.1 half way, on logarithms.
    const { estimate, interval } = of('fastformer', 'time');
    expect(estimate.kind === 'from' && estimate.length).toBeCloseTo(256, 0);
    expect(interval![0]).toMatchObject({ kind: 'from' });
    expect(of('fastformer', 'memory')).toMatchObject({ estimate: { kind: 'from' }, interval: null });
  });

  it('may be never or always within the lengths', () => {
    expect(of('poolingformer', 'time').estimate).toEqual({ kind: 'never' });
    expect(of('poolingformer', 'memory')).toMatchObject({ estimate: { kind: 'always' }, lengths });
  });

  it('is counted from each form of the Transformer that ran', () => {
    const textbook = lengths.map((length, i) =>
      timed({ architecture: 'transformer', options: { attention: 'textbook' }, length }, [0.2, 0.4, 0.8][i]!),
    );
    const both = summaryOf([...records, ...textbook]).tables[0]!.efficiency!;
    const time = both.filter(
      ({ architecture, quantity }) => architecture === 'fastformer' && quantity === 'time',
    );
    expect(time.map(({ baseline, estimate }) => [baseline, estimate.kind])).toEqual([
      ['Transformer', 'from'],
      ['Transformer (attention=textbook)', 'always'],
    ]);
  });

  it('is shown with the figure', async () => {
    const html = await buildReport(records, { generatedFrom: 'tests' });
    for (const text of ['never in range', 'always in range', 'from 256'])
      expect(html.includes(text)).toBe(true);
  });
});

describe('table 7', () => {
  const grown = (architecture: string, power: number) =>
    [128, 512, 1_024, 2_048].map((length) =>
      timed({ architecture, length, bytes: 30e6 }, 0.1 * (length / 128) ** (power - 1)),
    );
  const summary = summaryOf([
    ...grown('transformer', 1.3),
    ...grown('fastformer', 1),
    ...grown('linformer', 1.5),
    ...grown('mine', 1),
  ]);
  const [setting] = summary.tables[1]!.settings;
  const cellsOf = (row: string) => summary.tables[1]!.cells.filter((cell) => cell.row === row);
  const time = (row: string) => cellsOf(row).find(({ column }) => column === 'measured time, training')!;

  it('counts what its rows and the other architectures declare, without a run', () => {
    const counted = summaryOf([]).tables[1]!.cells;
    expect(new Set(counted.map(({ row }) => row)).size).toBe(10);
    for (const { verdict, row } of counted) expect([row, verdict]).toEqual([row, 'matches']);
    const transformer = counted.find(({ row }) => row === 'Transformer')!;
    // 4 N 16^2 for the dense layers and (2 * 16 + 1) N^2 for attention.
    const adds = (length: number) => 4 * length * 256 + 33 * length ** 2;
    expect(transformer.ours).toBeCloseTo(Math.log(adds(4_096) / adds(512)) / Math.log(8), 9);
  });

  it('measures the power of a sequence: a flat step is 1', () => {
    expect(time('Fastformer').ours).toBeCloseTo(1, 6);
    expect(time('Fastformer').verdict).toBe('matches');
    expect(time('Linformer').ours).toBeCloseTo(1.5, 6);
    expect(time('Linformer').verdict).toBe('differs');
    expect(time('Transformer')).toMatchObject({ verdict: 'differs', published: 2 });
  });

  it('has no declared power for a plugin, and says nothing against it', () => {
    expect(cellsOf('mine').map(({ verdict }) => verdict)).toEqual(['not comparable', 'not comparable']);
  });

  it('says no more than two points allow', () => {
    const two = summaryOf(grown('linformer', 1.5).slice(0, 2)).tables[1]!.cells;
    const cell = two.find(({ column }) => column === 'measured time, training')!;
    expect(cell).toMatchObject({ interval: null, verdict: 'not comparable' });
    expect(cell.reason).toContain('2 points give no interval');
  });

  it('marks in red what does not agree, also in what is downloaded', () => {
    const grid = complexityGrid(setting!.kind === 'complexity' ? setting! : (undefined as never));
    const row = flatten(grid).rows.find(([header]) => header === 'Linformer')!;
    expect(row.some((cell) => /^1\.50 \(differs, /.test(cell))).toBe(true);
    expect(row.slice(1, 3)).toEqual(['O(N·d/ε²)', '1']);
  });

  it('adds no values of the paper to the score', async () => {
    const html = await buildReport([], { generatedFrom: 'tests' });
    expect(html.includes('None of the paper’s')).toBe(true);
  });
});
