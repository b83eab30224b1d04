/** Which records count, and which belong together. */
import type { RunRecord } from '../../harness/record.js';
import { machineKey } from './machine.js';

/** JSON with sorted keys: equal things give equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/**
 * One record a cell: the latest; of a speed cell, the latest of each machine. The same cell has another id when a source
 * that it depends on changed, and a folder may hold both; counting both would take one seed for two. The result does not
 * depend on the order given.
 */
export function currentRecords(records: readonly RunRecord[]): RunRecord[] {
  const latest = new Map<string, RunRecord>();
  const byTime = records.toSorted((a, b) => compareText(when(a), when(b)));
  for (const record of byTime) latest.set(sameMeasurement(record), record);
  return [...latest.values()].toSorted((a, b) => compareText(a.id, b.id) || compareText(when(a), when(b)));
}

/** Equal for runs of which one stands for all: of one cell and, where time is what is measured, one machine. */
export const sameMeasurement = (record: RunRecord): string =>
  canonical(record.cell) + (record.cell.kind === 'speed' ? machineKey(record) : '');

/** Equal for the seeds, or rounds, of one cell. */
export const cellKey = ({ cell }: RunRecord): string => canonical({ ...cell, seed: 0 });

const when = (record: RunRecord): string => `${record.provenance.endedAt} ${record.id} ${machineKey(record)}`;

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Groups in the order of their keys. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): [key: string, group: T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return [...groups].toSorted(([a], [b]) => compareText(a, b));
}

/** Rank of an architecture in a table: the paper's rows, then what is not in the paper, then the floors. */
export function rowRank(name: string, paperRows: readonly { readonly architecture: string }[]): number {
  const printed = paperRows.findIndex((row) => row.architecture === name);
  if (printed >= 0) return printed;
  const floor = ['none', 'naive-bayes', 'chance'].indexOf(name);
  return paperRows.length + 1 + floor;
}
