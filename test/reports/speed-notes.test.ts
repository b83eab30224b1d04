import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import { figure2 } from '../../reports/paper/figure-2.js';
import { stepTimeChart } from '../../reports/charts/step-time.js';
import { outliersOf } from '../../reports/statistics/index.js';
import { physicalFloor } from '../../reports/summary/physical-floor.js';
import { speedNotes } from '../../reports/summary/speed-notes.js';
import { speedSettings } from '../../reports/summary/speed-settings.js';
import { speedRecord } from '../support/records.js';

const measured = (
  changes: Partial<NonNullable<RunRecord['measuring']>> = {},
  stepMultiplyAdds = 1e9,
): Partial<RunRecord> => ({
  measuring: {
    warmUpSteps: 4,
    stable: true,
    control: { before: [1, 1], after: [1, 1] },
    repeats: 0,
    disturbed: false,
    matrixProductRate: 5e10,
    clockMegahertz: null,
    ...changes,
  },
  costs: { parameters: 1, mixerMultiplyAdds: 1, stepMultiplyAdds },
});

const steady = [0.1, 0.101, 0.102, 0.103, 0.104];

function firstPoint(...records: readonly RunRecord[]) {
  const [setting] = speedSettings(figure2, records);
  return { setting: setting!, point: setting!.points[0]! };
}

const notesOf = (...records: readonly RunRecord[]) => {
  const { setting, point } = firstPoint(...records);
  return speedNotes(setting, point);
};

describe('outliers', () => {
  it('are far from the median by the spread of the rest, and only those', () => {
    expect(outliersOf([...steady, 0.2, 0.05])).toEqual([5, 6]);
    expect(outliersOf(steady)).toEqual([]);
    expect([outliersOf([]), outliersOf([1, 1, 1, 2])]).toEqual([[], []]);
  });
});

describe('the physical floor', () => {
  it('is the multiply-adds at the fastest rate that any record of the machine has', () => {
    const { setting, point } = firstPoint(
      speedRecord({ length: 128 }, steady, measured()),
      speedRecord({ length: 512 }, steady, measured({ matrixProductRate: 1e11 })),
    );
    expect(physicalFloor(setting, point)).toEqual({ multiplyAdds: 1e9, seconds: 0.01, impossible: false });
  });

  it('marks a step below it as impossible, in the notes and in the chart’s table', () => {
    const record = speedRecord({}, steady, measured({}, 1e11));
    expect(notesOf(record)).toEqual(['impossible: below the 2.00 s of its products']);
    const { setting } = firstPoint(record);
    expect(stepTimeChart(setting)!.table.rows[0]!.at(-1)).toBe('2.00 s, impossible');
    expect(JSON.stringify(stepTimeChart(setting)!.spec)).toContain('datum.value < datum.floor');
  });

  it('is unknown for older records, and where products are not float32', () => {
    const old = firstPoint(speedRecord({}, steady));
    expect(physicalFloor(old.setting, old.point)).toBeNull();
    expect(JSON.stringify(stepTimeChart(old.setting)!.spec)).not.toContain('floor');
    const narrow = firstPoint(speedRecord({}, steady, { ...measured(), precision: 'bfloat16' }));
    expect(physicalFloor(narrow.setting, narrow.point)).toBeNull();
  });
});

describe('notes', () => {
  it('are none where all is well', () => {
    expect(notesOf(speedRecord({}, steady, measured()))).toEqual([]);
  });

  it('count the rounds that were disturbed or did not settle, and the outliers', () => {
    const records = [
      speedRecord({ seed: 1 }, [...steady, 0.2], measured({ disturbed: true, stable: false })),
      speedRecord({ seed: 2 }, steady, measured({ stable: false })),
    ];
    expect(notesOf(...records)).toEqual([
      'machine disturbed in 1 of 2 rounds',
      'did not settle in 2 of 2 rounds',
      '1 outlier',
    ]);
  });

  it('call an interval too noisy that tells nothing', () => {
    expect(notesOf(speedRecord({}, [0.1, 0.2, 0.3, 0.4, 0.5], measured()))).toEqual(['too noisy']);
  });

  it('name failures', () => {
    const failure = { kind: 'out of memory', message: '' } as const;
    expect(notesOf(speedRecord({}, [], { failure }))).toEqual(['out of memory']);
  });
});
