/** BASE and HEAD: what is called better, worse, no difference and too noisy, and what trips a gate. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import { titlesOf } from '../../reports/cell-titles.js';
import { judgeGate } from '../../reports/comparison/gates.js';
import { compareRecords } from '../../reports/comparison/index.js';
import { comparisonPage } from '../../reports/comparison/page.js';
import { accuracyRecord, sampleRecords, speedRecord, trainedCell } from '../support/records.js';

/** Seconds of some rounds, five steps each, with a control workload that takes `control` seconds. */
const rounds = (times: readonly number[], control = 1, changes: Partial<RunRecord> = {}): RunRecord[] =>
  times.map((time, index) =>
    speedRecord(
      { seed: index + 1 },
      [0.98, 0.99, 1, 1.01, 1.02].map((share) => share * time),
      {
        measuring: {
          warmUpSteps: 3,
          stable: true,
          control: { before: [control], after: [control] },
          repeats: 0,
          disturbed: false,
          matrixProductRate: 1e9,
          clockMegahertz: null,
        },
        ...changes,
      },
    ),
  );

const only = <T>(items: readonly T[]): T => {
  expect(items).toHaveLength(1);
  return items[0]!;
};
const timeOf = (base: readonly RunRecord[], head: readonly RunRecord[]) =>
  only(compareRecords(base, head).changes.filter(({ quantity }) => quantity === 'time'));

const steady = [1, 1.005, 0.995, 1.002];

describe('time', () => {
  it('that grew by a tenth in every round is worse, and the other way round better', () => {
    const slow = steady.map((time) => 1.1 * time);
    const change = timeOf(rounds(steady), rounds(slow));
    expect(change).toMatchObject({ verdict: 'worse', n: 4 });
    expect(change.change).toBeCloseTo(0.1, 6);
    expect(timeOf(rounds(slow), rounds(steady)).verdict).toBe('better');
  });

  it('that grew only because the machine slowed down, as its control says, is no difference', () => {
    const slow = steady.map((time) => 1.3 * time);
    expect(timeOf(rounds(steady), rounds(slow, 1.3)).verdict).toBe('no difference detected');
  });

  it('that jumps from round to round is too noisy', () => {
    expect(timeOf(rounds([1, 2, 0.7, 1.4]), rounds([1.9, 0.8, 1.5, 0.9])).verdict).toBe('too noisy');
  });

  it('of one process each is not judged by a tenth, but by a half', () => {
    expect(timeOf(rounds([1]), rounds([1.1]))).toMatchObject({ verdict: 'too noisy' });
    expect(timeOf(rounds([1]), rounds([1.5]))).toMatchObject({ verdict: 'worse' });
  });

  it('of two machines is not compared', () => {
    const { provenance } = rounds([1])[0]!;
    const head = rounds(steady, 1, { provenance: { ...provenance, cpu: 'Faster CPU' } });
    const { changes, uncompared } = compareRecords(rounds(steady), head);
    expect(changes.filter(({ quantity }) => quantity !== 'memory')).toEqual([]);
    expect(only(uncompared)).toMatchObject({ kind: 'other machine' });
  });
});

describe('memory', () => {
  it('is exact: one byte more is worse', () => {
    const memory = { peakTensorBytes: 40e6 + 1, peakResidentBytes: 4e8, baselineResidentBytes: 1e8 };
    const { changes } = compareRecords(rounds(steady), rounds(steady, 1, { memory }));
    expect(only(changes.filter(({ quantity }) => quantity === 'memory'))).toMatchObject({ verdict: 'worse' });
  });
});

describe('scores', () => {
  const seeds = (values: readonly number[]) =>
    values.map((value, index) => accuracyRecord({ seed: index + 1 }, value));
  const accuracy = (base: readonly number[], head: readonly number[]) =>
    compareRecords(seeds(base), seeds(head)).changes.find(({ title }) => title === 'accuracy')!;

  it('that fell in every seed are worse', () => {
    expect(accuracy([0.9, 0.91, 0.92], [0.85, 0.859, 0.871]).verdict).toBe('worse');
    expect(accuracy([0.85, 0.859, 0.871], [0.9, 0.91, 0.92]).verdict).toBe('better');
  });

  it('of one seed tell nothing, unless they are the same', () => {
    expect(accuracy([0.9], [0.5])).toMatchObject({ verdict: 'too noisy', interval: null });
    expect(accuracy([0.9], [0.9])).toMatchObject({ verdict: 'no difference detected' });
  });

  it('that move by a little are no difference, by a lot either way too noisy', () => {
    expect(accuracy([0.9, 0.91, 0.92, 0.9], [0.901, 0.909, 0.921, 0.899]).verdict).toBe(
      'no difference detected',
    );
    expect(accuracy([0.9, 0.7, 0.92], [0.8, 0.9, 0.85]).verdict).toBe('too noisy');
  });

  it('are paired by seed, and seeds without a partner are left out', () => {
    const base = [accuracyRecord({ seed: 1 }, 0.8), accuracyRecord({ seed: 2 }, 0.8)];
    const head = [accuracyRecord({ seed: 2 }, 0.7), accuracyRecord({ seed: 3 }, 0.1)];
    const change = compareRecords(base, head).changes.find(({ title }) => title === 'accuracy')!;
    expect([change.n, change.base, change.head]).toEqual([1, 0.8, 0.7]);
  });
});

describe('cells', () => {
  it('are matched by what they measure: another id is the same cell', () => {
    const base = sampleRecords();
    const head = base.map((record, index) => ({ ...record, id: index.toString(16).padStart(16, '0') }));
    const { changes, uncompared } = compareRecords(base, head);
    expect(uncompared).toEqual([]);
    expect(changes.length).toBeGreaterThan(20);
    expect(
      changes.every(({ verdict }) => verdict === 'no difference detected' || verdict === 'too noisy'),
    ).toBe(true);
  });

  it('on one side only are named, and so is what fails now', () => {
    const failure = { kind: 'diverged' as const, message: 'NaN in epoch 2' };
    const base = [accuracyRecord({ seed: 1 }, 0.8), accuracyRecord({ architecture: 'none' }, 0.7)];
    const head = [
      accuracyRecord({ seed: 1 }, 0, { failure }),
      accuracyRecord({ architecture: 'bigbird' }, 0.7),
    ];
    const kinds = compareRecords(base, head).uncompared.map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['fails in head', 'only in base', 'only in head']);
  });

  it('have titles that tell them apart', () => {
    const cells = [trainedCell(), trainedCell({ training: { ...trainedCell().training, batchSize: 7 } })];
    const titles = titlesOf(cells);
    expect(new Set(titles).size).toBe(2);
    expect(titles[1]).toContain('training.batchSize=7');
  });

  it('changing places turns better into worse, whatever the times', () => {
    const times = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 2, maxLength: 4 });
    const turned = { better: 'worse', worse: 'better' } as const;
    fc.assert(
      fc.property(times, times, (a, b) => {
        const there = timeOf(rounds(a), rounds(b)).verdict;
        const back = timeOf(rounds(b), rounds(a)).verdict;
        expect(back).toBe(there === 'better' || there === 'worse' ? turned[there] : there);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a gate', () => {
  const comparison = compareRecords(rounds(steady), rounds(steady.map((time) => 1.1 * time)));

  it('trips by one regression beyond its limit, and by none below it', () => {
    expect(judgeGate({ name: 'slower', limit: 0.05 }, comparison)).toMatchObject({
      tripped: true,
      judged: 1,
    });
    expect(judgeGate({ name: 'slower', limit: 0.2 }, comparison).tripped).toBe(false);
    expect(judgeGate({ name: 'memory', limit: 0 }, comparison)).toMatchObject({ tripped: false, judged: 1 });
    expect(judgeGate({ name: 'accuracy', limit: 0 }, comparison).judged).toBe(0);
  });

  it('trips by a cell that had a result and fails now', () => {
    const failure = { kind: 'crashed' as const, message: 'SIGSEGV' };
    const broken = compareRecords(rounds(steady), [
      ...rounds(steady).slice(1),
      ...rounds([1], 1, { failure, samples: null }),
    ]);
    expect(judgeGate({ name: 'slower', limit: 0.05 }, broken)).toMatchObject({ tripped: true });
    expect(judgeGate({ name: 'memory', limit: 0.05 }, broken).tripped).toBe(true);
  });

  it('is not tripped by what got better', () => {
    const faster = compareRecords(rounds(steady), rounds(steady.map((time) => 0.5 * time)));
    expect(judgeGate({ name: 'slower', limit: 0 }, faster).tripped).toBe(false);
  });
});

describe('the page of a comparison', () => {
  it('shows the change, its interval, n and verdict, and escapes what records hold', async () => {
    const hostile = '<script>alert(1)</script>';
    const base = [
      ...rounds(steady),
      ...[1, 2].map((seed) => accuracyRecord({ seed, architecture: hostile }, 0.5)),
    ];
    const head = [...rounds(steady.map((time) => 1.1 * time)), ...base.slice(4)];
    const comparison = compareRecords(base, head);
    const gates = [judgeGate({ name: 'slower', limit: 0.05 }, comparison)];
    const html = await comparisonPage(comparison, gates, { base: 'before', head: hostile });
    expect(html).toMatch(/\+10\.0 %[\s\S]*worse/);
    expect(html).toContain('tripped');
    expect(html.includes('<script')).toBe(false);
    expect(html.match(/\bsrc=|url\(|@import/i)).toBeNull();
  });

  it('is a page when there is nothing to compare', async () => {
    expect(await comparisonPage(compareRecords([], []), [], { base: 'a', head: 'b' })).toContain(
      'nothing to compare',
    );
  });
});
