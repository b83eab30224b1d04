import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import { table4 } from '../../reports/paper/table-4.js';
import { accuracyCells } from '../../reports/summary/accuracy.js';
import { accuracySettings } from '../../reports/summary/accuracy-settings.js';
import { presets } from '../../reports/paper/presets.js';
import { type Summary, summarize } from '../../reports/summary.js';
import {
  accuracyRecord,
  baselineCell,
  dataFacts,
  recordOf,
  sampleRecords,
  speedRecord,
} from '../support/records.js';

const seeds = [1, 2, 3];
const learned = (architecture: string, scores: readonly number[], cell: object = {}): RunRecord[] =>
  scores.map((score, i) => accuracyRecord({ architecture, seed: seeds[i]!, ...cell }, score));

const cellOf = (summary: Summary, row: string, column: string) =>
  summary.tables.flatMap(({ cells }) => cells).find((cell) => cell.row === row && cell.column === column);
const tableOf = (summary: Summary, name: string) => summary.tables.find((table) => table.name === name)!;
const claimOf = (summary: Summary, start: string) =>
  summary.claims.find(({ text }) => text.startsWith(start));

const stories = 'SpamAssassin e-mails, five groups accuracy';

describe('a summary of accuracy', () => {
  it('gives the mean over seeds with its interval, n and record ids', () => {
    const records = learned('fastformer', [0.8, 0.82, 0.84]);
    const cell = cellOf(summarize(records), 'Fastformer', stories)!;
    expect(cell.ours).toBeCloseTo(0.82, 12);
    expect(cell.interval![0]).toBeCloseTo(0.82 - (4.302652729911275 * 0.02) / Math.sqrt(3), 10);
    expect(cell.n).toBe(3);
    expect(cell.records.toSorted()).toEqual(records.map(({ id }) => id).toSorted());
  });

  it('gives one seed no interval', () => {
    const cell = cellOf(summarize(learned('fastformer', [0.8])), 'Fastformer', stories)!;
    expect(cell.interval).toBeNull();
    expect(cell.n).toBe(1);
  });

  it('never averages a run that failed, and lists it', () => {
    const failed = accuracyRecord({ architecture: 'fastformer', seed: 3 }, 0.1, {
      failure: { kind: 'did not learn', message: 'no better than chance' },
    });
    const summary = summarize([...learned('fastformer', [0.8, 0.82]), failed]);
    const cell = cellOf(summary, 'Fastformer', stories)!;
    expect(cell.ours).toBeCloseTo(0.81, 12);
    expect(cell.records).not.toContain(failed.id);
    expect(cell.reason).toContain('did not learn (seed 3)');
    expect(summary.failures).toEqual([
      {
        record: failed.id,
        cell: 'fastformer on spam-assassin, seed 3',
        kind: 'did not learn',
        message: 'no better than chance',
      },
    ]);
  });

  it('calls a row whose runs all failed "not run" and says why', () => {
    const failure = { kind: 'out of memory' as const, message: 'killed' };
    const summary = summarize([accuracyRecord({ architecture: 'fastformer' }, 0.1, { failure })]);
    const cell = cellOf(summary, 'Fastformer', stories)!;
    expect(cell).toMatchObject({ ours: null, n: 0, verdict: 'not run', records: [] });
    expect(cell.reason).toContain('out of memory');
  });

  it('never mixes settings: another size, backend or dataset is another table', () => {
    const other = { encoder: { ...presets.quick.accuracy.encoder, length: 128 } };
    const summary = summarize([
      ...learned('fastformer', [0.8, 0.82]),
      ...learned('fastformer', [0.5, 0.52], other),
      ...learned('fastformer', [0.6, 0.62], { backend: 'tensorflow' }),
      ...learned('fastformer', [0.3, 0.32], {
        dataset: { name: 'brown', options: {}, train: 9, validation: 9, test: 9 },
      }),
    ]);
    const table = summary.tables[0]!;
    expect(table.settings).toHaveLength(4);
    const means = table.cells.filter((cell) => cell.column.endsWith('accuracy') && cell.ours !== null);
    expect(means.map(({ ours }) => Number(ours!.toFixed(2))).toSorted()).toEqual([0.31, 0.51, 0.61, 0.81]);
  });

  it('shows a baseline in the setting with its texts and vocabulary', () => {
    const baseline = recordOf(baselineCell(), {
      metrics: { accuracy: 0.7, macroF1: 0.6 },
      data: dataFacts(),
    });
    const summary = summarize([...learned('fastformer', [0.8, 0.82]), baseline]);
    expect(summary.tables[0]!.settings).toHaveLength(1);
    expect(cellOf(summary, 'Naive Bayes', stories)!.ours).toBe(0.7);
  });

  it('keeps variants of one architecture apart, named by the options that are not at their defaults', () => {
    const variant = { options: { logits: 'head', outputProjection: true } };
    const summary = summarize([
      ...learned('fastformer', [0.8, 0.82]),
      ...learned('fastformer', [0.7, 0.72], variant),
    ]);
    expect(cellOf(summary, 'Fastformer', stories)!.ours).toBeCloseTo(0.81, 12);
    expect(cellOf(summary, 'Fastformer (logits=head)', stories)!.ours).toBeCloseTo(0.71, 12);
  });

  it('shows every option of a plugin, whose defaults no record has', () => {
    const plugin = { options: { window: 8, shared: true } };
    const summary = summarize(learned('mine', [0.7, 0.72], plugin));
    expect(cellOf(summary, 'mine (shared=true, window=8)', stories)!.ours).toBeCloseTo(0.71, 12);
  });

  it('names the options of a variant that failed', () => {
    const failure = { kind: 'out of memory' as const, message: 'killed' };
    const variant = { architecture: 'fastformer', options: { logits: 'head', outputProjection: true } };
    const { failures } = summarize([accuracyRecord(variant, 0.1, { failure })]);
    expect(failures[0]!.cell).toMatch(/^fastformer \(logits=head\) on .*, seed 1$/);
  });

  it('counts a cell once when its sources changed and it was run again: the latest record counts', () => {
    const [old] = learned('fastformer', [0.1]);
    const later = { ...old!.provenance, endedAt: '2026-02-01T00:00:00.000Z' };
    const again = {
      ...old!,
      id: 'f'.repeat(16),
      metrics: { accuracy: 0.9, macroF1: 0.9 },
      provenance: later,
    };
    for (const order of [
      [old!, again],
      [again, old!],
    ]) {
      expect(cellOf(summarize(order), 'Fastformer', stories)).toMatchObject({ ours: 0.9, n: 1 });
    }
  });

  it('does not depend on the order of the records', () => {
    const records = sampleRecords();
    const expected = JSON.stringify(summarize(records));
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        expect(JSON.stringify(summarize(shuffled))).toBe(expected);
      }),
      { numRuns: 5 },
    );
  });
});

describe('verdicts beside the paper', () => {
  const imdb = { dataset: { name: 'imdb-binary', options: {}, train: 1_500, validation: 300, test: 600 } };

  it('are "not run" for every published value when there are no records', () => {
    const [table] = summarize([]).tables;
    expect(table!.cells).toHaveLength(42);
    expect(new Set(table!.cells.map(({ verdict }) => verdict))).toEqual(new Set(['not run']));
    expect(cellOf(summarize([]), 'Longformer', 'IMDB accuracy')!.reason).toBe('no run on IMDB');
    expect(cellOf(summarize([]), 'Fastformer', 'IMDB accuracy')!.reason).toBe('no run on IMDB');
  });

  it('are "not comparable" with every reason when data and sizes differ', () => {
    const cell = cellOf(
      summarize(learned('fastformer', [0.8, 0.82, 0.84], imdb)),
      'Fastformer',
      'IMDB accuracy',
    )!;
    expect(cell.verdict).toBe('not comparable');
    expect(cell.published).toBeCloseTo(0.541, 10);
    expect(cell.reason).toContain('JMARS');
    expect(cell.reason).toContain('1,500 training texts instead of 108,500');
    expect(cell.reason).toContain('1 layer instead of 2');
  });

  it('are "matches" or "differs" by Welch against the published runs, where data and sizes are the paper’s', () => {
    const verdictOf = (scores: number[]) => {
      const settings = accuracySettings(table4, learned('fastformer', scores, imdb)).map((setting) => ({
        ...setting,
        notComparable: [],
      }));
      return accuracyCells(table4, settings).find(
        ({ row, column }) => row === 'Fastformer' && column === 'IMDB accuracy',
      )!;
    };
    expect(verdictOf([0.538, 0.541, 0.545])).toMatchObject({ verdict: 'matches' });
    expect(verdictOf([0.538, 0.541, 0.545]).reason).toContain('no difference detected');
    expect(verdictOf([0.638, 0.641, 0.645])).toMatchObject({ verdict: 'differs' });
    expect(verdictOf([0.638, 0.641, 0.645]).reason).toMatch(
      /^\+10\.0 points, p < 0\.001 \(Welch, Holm over 2 cells\)/,
    );
    expect(verdictOf([0.541])).toMatchObject({
      verdict: 'not comparable',
      reason: 'one seed: no spread to compare with',
    });
  });

  it('give stand-ins no published value', () => {
    const cell = cellOf(summarize(learned('fastformer', [0.8, 0.82])), 'Fastformer', stories)!;
    expect(cell).toMatchObject({ published: null, verdict: 'not comparable' });
    expect(cell.reason).toContain('stand-in');
  });
});

describe('claims about accuracy', () => {
  const better = 'Fastformer is more accurate than the Transformer';
  const judged = (fast: number[], slow: number[]) =>
    claimOf(summarize([...learned('fastformer', fast), ...learned('transformer', slow)]), better)!;

  it('are supported when Fastformer leads by the same on every seed, whatever the seeds share', () => {
    const claim = judged([0.91, 0.811, 0.702], [0.88, 0.78, 0.67]);
    expect(claim.verdict).toBe('supported');
    expect(claim.evidence).toBe(
      'Fastformer 80.8 %, Transformer 77.7 % over 3 paired seeds: +3.1 points, 95 % interval +2.9 to +3.3, p < 0.001, p < 0.001 after Holm over 2 claims.',
    );
    expect(claim.records).toHaveLength(6);
  });

  it('are contradicted when it trails as clearly', () => {
    expect(judged([0.88, 0.78, 0.67], [0.91, 0.811, 0.702]).verdict).toBe('contradicted');
  });

  it('are inconclusive when the difference may be chance, and say so', () => {
    const claim = judged([0.9, 0.8, 0.85], [0.84, 0.86, 0.85]);
    expect(claim.verdict).toBe('inconclusive');
    expect(claim.evidence).toContain('no difference detected');
  });

  it('are inconclusive with one seed each', () => {
    expect(judged([0.99], [0.5])).toMatchObject({ verdict: 'inconclusive' });
    expect(judged([0.99], [0.5]).evidence).toContain('one pair has no spread');
  });

  it('are inconclusive when one side left no score', () => {
    const failure = { kind: 'diverged' as const, message: 'NaN' };
    const dead = accuracyRecord({ architecture: 'transformer' }, 0, { failure });
    const claim = claimOf(summarize([...learned('fastformer', [0.8, 0.9]), dead]), better)!;
    expect(claim).toMatchObject({ verdict: 'inconclusive', evidence: 'Transformer left no score.' });
  });

  it('are not made where only one side was run', () => {
    expect(summarize(learned('fastformer', [0.8, 0.9])).claims).toEqual([]);
  });
});

describe('a summary of speed', () => {
  const timed = (
    architecture: string,
    samples: number[],
    length = 512,
    mode: 'training' | 'inference' = 'training',
  ) => speedRecord({ architecture, length, mode }, samples);
  const fast = [0.1, 0.101, 0.102, 0.099, 0.1];
  const slow = [0.3, 0.303, 0.301, 0.299, 0.302];

  it('gives the median step with a bootstrap interval inside the samples', () => {
    const cell = cellOf(
      summarize([timed('fastformer', fast)]),
      'Fastformer',
      'training at 512, seconds a step',
    )!;
    expect(cell.ours).toBe(0.1);
    expect(cell.n).toBe(5);
    expect(cell.interval![0]).toBeGreaterThanOrEqual(0.099);
    expect(cell.interval![1]).toBeLessThanOrEqual(0.102);
  });

  it('gives the ratio to Fastformer beside the paper’s, and counts both records', () => {
    const records = [timed('fastformer', fast), timed('transformer', slow)];
    const cell = cellOf(summarize(records), 'Transformer', 'training at 512, times Fastformer')!;
    expect(cell.ours).toBeCloseTo(3, 1);
    expect(cell.published).toBeCloseTo(1233 / 37.1, 10);
    expect(cell.verdict).toBe('not comparable');
    expect(cell.records).toHaveLength(2);
  });

  it('supports or contradicts the claim by the times at hand', () => {
    const claim = 'Fastformer is faster than the Transformer in training at length 512';
    const yes = claimOf(summarize([timed('fastformer', fast), timed('transformer', slow)]), claim)!;
    expect(yes.verdict).toBe('supported');
    expect(yes.evidence).toContain('takes 3.01 times as long');
    expect(claimOf(summarize([timed('fastformer', slow), timed('transformer', fast)]), claim)!.verdict).toBe(
      'contradicted',
    );
    expect(
      claimOf(summarize([timed('fastformer', fast), timed('transformer', [...fast])]), claim)!.verdict,
    ).toBe('inconclusive');
  });

  it('never compares times of two machines', () => {
    const elsewhere = timed('transformer', slow);
    const moved = { ...elsewhere, provenance: { ...elsewhere.provenance, cpu: 'Another CPU' } };
    const summary = summarize([timed('fastformer', fast), moved]);
    expect(tableOf(summary, 'figure-2').settings).toHaveLength(2);
    expect(summary.claims).toEqual([]);
    expect(cellOf(summary, 'Transformer', 'training at 512, times Fastformer')!.ours).toBeNull();
  });

  it('never compares graphs with eager steps, nor two precisions', () => {
    const eager = timed('transformer', slow);
    const graph = { ...timed('fastformer', fast), execution: 'graph' as const };
    const narrow = speedRecord({ architecture: 'fastformer', length: 512, precision: 'bfloat16' }, fast);
    const summary = summarize([eager, graph, narrow]);
    expect(tableOf(summary, 'figure-2').settings.map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/on wasm$/),
        expect.stringMatching(/as one graph$/),
        expect.stringMatching(/products in bfloat16$/),
      ]),
    );
    expect(summary.claims).toEqual([]);
  });

  it('lists a step that never ran beside those that did', () => {
    const failure = { kind: 'out of memory', message: 'too long' } as const;
    const failed = speedRecord({ architecture: 'transformer', length: 512 }, [], {
      execution: 'none',
      failure,
    });
    const ran = { ...timed('fastformer', fast), execution: 'graph' as const };
    const [setting, ...others] = tableOf(summarize([failed, ran]), 'figure-2').settings;
    expect(others).toEqual([]);
    expect(setting!.kind === 'speed' && setting!.points.flatMap((point) => point.failed)).toHaveLength(1);
  });
});
