/** What `formerbench speed` shows: a point for each architecture, mode and length, pooled over its rounds. */
import type { RunRecord } from '../harness/record.js';
import { bytes, percent, seconds, secondsRange, significant, thousands } from '../reports/format.js';
import { figure2 } from '../reports/paper/figure-2.js';
import { outliersOf } from '../reports/statistics/index.js';
import type { SpeedPoint, SpeedSetting } from '../reports/summary/speed-contract.js';
import type { Overhead } from '../reports/summary/overhead.js';
import { physicalFloor, stepMultiplyAdds } from '../reports/summary/physical-floor.js';
import { isTooNoisy, speedNotes } from '../reports/summary/speed-notes.js';
import { speedSettings } from '../reports/summary/speed-settings.js';
import { alignColumns } from './output.js';

export function speedSettingsOf(records: readonly RunRecord[]): SpeedSetting[] {
  return speedSettings({ name: 'speed', rows: figure2.rows }, records);
}

/** One of `cells` in the JSON. */
export function describePoint(setting: SpeedSetting, point: SpeedPoint) {
  const { architecture, title, mode, length, batch, median, interval, samples, records, failed } = point;
  const floor = physicalFloor(setting, point);
  const all = [...records, ...failed];
  return {
    architecture,
    title,
    options: all[0]?.cell.kind === 'speed' ? all[0].cell.options : {},
    mode,
    length,
    batch,
    medianSeconds: median,
    interval,
    samples,
    rounds: records.length,
    outliers: outliersOf(samples).length,
    tokensPerSecond: median === null ? null : (batch * length) / median,
    peakTensorBytes: point.peakTensorBytes,
    peakResidentBytes: largest(records.map(({ memory }) => memory.peakResidentBytes)),
    residentAboveBaselineBytes: point.residentBytes,
    parameters: records[0]?.costs?.parameters ?? null,
    multiplyAdds: stepMultiplyAdds(point),
    floorSeconds: floor?.seconds ?? null,
    impossible: floor?.impossible ?? false,
    tooNoisy: isTooNoisy(point),
    disturbedRounds: records.filter(({ measuring }) => measuring?.disturbed === true).length,
    execution: records[0]?.execution ?? null,
    failure: failed[0]?.failure ?? null,
    records: all.map(({ id }) => id),
  };
}

export const describeOverhead = ({ share, startUpSeconds, wallSeconds, cells }: Overhead): string =>
  `the harness took ${percent(share)} % of ${seconds(wallSeconds - startUpSeconds)}, beside ${seconds(startUpSeconds)} to start ${cells === 1 ? 'one process' : `${thousands(cells)} processes`}`;

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

const columns = [
  'architecture',
  'mode',
  'length',
  'batch',
  'median step',
  '95 % interval',
  'rounds × steps',
  'tokens/s',
  'tensors',
  'process',
  'multiply-adds',
  'notes',
];

export function speedTable(setting: SpeedSetting): string[] {
  return alignColumns([columns, ...setting.points.map((point) => rowOf(setting, point))]);
}

function rowOf(setting: SpeedSetting, point: SpeedPoint): string[] {
  const { title, mode, length, batch, median, interval, samples, records } = point;
  const known = (value: number | null, text: (value: number) => string) =>
    value === null ? '—' : text(value);
  return [
    title,
    mode,
    thousands(length),
    thousands(batch),
    known(median, seconds),
    interval === null ? '—' : secondsRange(interval),
    records.length === 0 ? '—' : `${records.length} × ${samples.length / records.length}`,
    known(median, (value) => thousands((batch * length) / value)),
    known(point.peakTensorBytes, bytes),
    known(point.residentBytes, bytes),
    known(stepMultiplyAdds(point), (count) => `${significant(count / 1e9)} G`),
    speedNotes(setting, point).join('; '),
  ];
}
