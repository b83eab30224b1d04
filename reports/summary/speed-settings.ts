/**
 * Speed records by setting: everything but the architecture, its options, the length and the mode; one machine each, and
 * one way to run steps.
 */
import type { SpeedCell } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { variantTitle } from '../catalogue.js';
import { counted, thousands } from '../format.js';
import type { SpeedFigure } from '../paper/contract.js';
import { bootstrapInterval, median } from '../statistics/index.js';
import type { SpeedPoint, SpeedSetting } from './speed-contract.js';
import { machineKey, machineTitle } from './machine.js';
import { canonical, compareText, groupBy, rowRank } from './records.js';

export type SpeedRecord = RunRecord & { readonly cell: SpeedCell };

type Named = Pick<SpeedFigure, 'name' | 'rows'>;

export const isSpeed = (record: RunRecord): record is SpeedRecord => record.cell.kind === 'speed';

export function speedSettings(figure: Named, records: readonly RunRecord[]): SpeedSetting[] {
  const swept = records.filter(isSpeed).filter(({ cell }) => cell.largestUnder === undefined);
  const groups = groupBy(swept, settingKey).flatMap(([, group]) => byExecution(group));
  const severalMachines = new Set(swept.map(machineKey)).size > 1;
  return groups.flatMap((group, index): SpeedSetting[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { cell, provenance } = first;
    const { length, encoder } = sizesOf(cell);
    const tokens = cell.batch * length;
    return [
      {
        kind: 'speed',
        id: `${figure.name}-${index + 1}`,
        title: `${thousands(tokens)} tokens a step on ${cell.backend}${mannerOf(first)}${severalMachines ? `, ${provenance.cpu}, ${counted(provenance.cores, 'core')}` : ''}`,
        backend: cell.backend,
        machine: machineTitle(first),
        threads: group.find((record) => record.backend !== null)?.backend?.threads ?? null,
        encoder,
        tokens,
        points: pointsOf(figure, group),
      },
    ];
  });
}

/** The length, and what all cells of a setting share. */
export function sizesOf({ encoder: { length, ...encoder } }: SpeedCell) {
  return { length, encoder };
}

/** How steps ran, where it is not the plain way. */
function mannerOf({ execution, cell: { precision } }: SpeedRecord): string {
  return `${execution === 'graph' ? ', as one graph' : ''}${precision === 'float32' ? '' : `, products in ${precision}`}`;
}

/** Graphs and eager steps apart. A step that did not run at all says nothing of how; it goes with most of the others. */
function byExecution(group: readonly SpeedRecord[]): SpeedRecord[][] {
  const unknown = group.filter(({ execution }) => execution === 'none');
  const known = groupBy(
    group.filter(({ execution }) => execution !== 'none'),
    ({ execution }) => execution,
  ).map(([, records]) => records);
  const [largest = [], ...others] = known.toSorted((a, b) => b.length - a.length);
  return [[...largest, ...unknown], ...others];
}

/** Times of two machines are never mixed, so the machine is part of the setting. */
function settingKey(record: SpeedRecord): string {
  const { cell } = record;
  const { length, encoder } = sizesOf(cell);
  const { vocabulary, classes, warmup, samples, backend, execution, precision } = cell;
  return canonical([
    {
      backend,
      execution,
      precision,
      encoder,
      tokens: cell.batch * length,
      vocabulary,
      classes,
      warmup,
      samples,
    },
    machineKey(record),
  ]);
}

function pointsOf(figure: Named, group: readonly SpeedRecord[]): SpeedPoint[] {
  const key = ({ cell }: SpeedRecord) =>
    canonical([cell.architecture, cell.options, cell.mode, cell.encoder.length]);
  return groupBy(group, key)
    .flatMap(([, runs]) => speedPoint(runs) ?? [])
    .toSorted(
      (a, b) =>
        a.length - b.length ||
        rowRank(a.architecture, figure.rows) - rowRank(b.architecture, figure.rows) ||
        compareText(a.title, b.title) ||
        compareText(a.mode, b.mode),
    );
}

/** What runs of one variant at one length, mode and batch show together; null of none. */
export function speedPoint(runs: readonly SpeedRecord[]): SpeedPoint | null {
  const [first] = runs;
  if (first === undefined) return null;
  const { cell } = first;
  const records = runs.filter((record) => record.failure === null && (record.samples?.length ?? 0) > 0);
  const samples = records.flatMap((record) => record.samples ?? []);
  return {
    architecture: cell.architecture,
    title: variantTitle(cell.architecture, cell.options),
    mode: cell.mode,
    length: cell.encoder.length,
    batch: cell.batch,
    samples,
    median: samples.length === 0 ? null : median(samples),
    interval: bootstrapInterval(samples, median),
    peakTensorBytes: largest(records.map(({ memory }) => memory.peakTensorBytes)),
    residentBytes: largest(
      records.map(({ memory }) => above(memory.peakResidentBytes, memory.baselineResidentBytes)),
    ),
    records,
    failed: runs.filter((record) => record.failure !== null),
  };
}

const above = (peak: number | null, baseline: number | null): number | null =>
  peak === null || baseline === null ? null : peak - baseline;

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
