import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import { overheadOf } from '../../reports/summary/overhead.js';
import { speedRecord } from '../support/records.js';

const phases = { startUp: 2, prepare: 1, warmUp: 2, control: 0.5, timed: 3, counts: 1 };

/** Ten seconds of wall time, of which the phases account for nine and a half. */
const ten = (seed: number, own: Partial<typeof phases & { waiting: number }> | null = {}): RunRecord => {
  const record = speedRecord({ seed }, [1, 1, 1], {
    measuring: {
      ...{ warmUpSteps: 2, stable: true, control: { before: [1], after: [1] }, repeats: 0, disturbed: false },
      ...{ matrixProductRate: 1e10, clockMegahertz: null },
      ...(own === null ? {} : { phases: { ...phases, ...own } }),
    },
  });
  return at(record, 0);
};

/** Starting so many seconds later. */
function at(record: RunRecord, second: number): RunRecord {
  const time = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
  const times = { startedAt: time(second), endedAt: time(second + 10) };
  return { ...record, provenance: { ...record.provenance, ...times } };
}

describe('the overhead of the harness', () => {
  it('is the wall time that no phase accounts for, over the time beside start-up', () => {
    const overhead = overheadOf([ten(1), ten(2, { timed: 2.5 })])!;
    expect(overhead).toMatchObject({ cells: 2, wallSeconds: 20, startUpSeconds: 4 });
    expect(overhead.overheadSeconds).toBeCloseTo(0.5 + 1, 9);
    expect(overhead.share).toBeCloseTo(1.5 / 16, 9);
  });

  it('counts what a run takes between its cells, and nothing of cells that left no phases', () => {
    const overhead = overheadOf([ten(1), at(ten(2, null), 10)], 20.4)!;
    expect(overhead.wallSeconds).toBeCloseTo(10.4, 9);
    expect(overhead.overheadSeconds).toBeCloseTo(0.9, 9);
  });

  it('takes no time twice in which two cells lived, and none for what one waited', () => {
    const later = at(ten(2, { waiting: 2, timed: 1 }), 4);
    const overhead = overheadOf([ten(1), later], 15)!;
    expect(overhead.wallSeconds).toBeCloseTo(10 + 8 + 1, 9);
    expect(overhead.overheadSeconds).toBeCloseTo(0.5 + 0.5 + 1, 9);
  });

  it('is unknown for older records', () => {
    expect(overheadOf([ten(1, null)])).toBeNull();
  });
});
