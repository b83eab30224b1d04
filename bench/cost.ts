/** Hours of many cells, by kind, and on how many machines. */
import type { Cell } from '../harness/cell.js';
import { estimateSeconds, type Timed } from '../harness/estimate.js';

const machineCounts = [1, 10, 1_000];

/** @param finished - how long cells took that ran, to estimate from */
export function costOf(cells: readonly Cell[], finished: readonly Timed[]) {
  const hours = cells.map((cell) => ({ kind: cell.kind, hours: estimateSeconds(cell, finished) / 3600 }));
  const sum = (some: typeof hours) => some.reduce((total, each) => total + each.hours, 0);
  const kinds = [...new Set(hours.map(({ kind }) => kind))].map((kind) => {
    const own = hours.filter((each) => each.kind === kind);
    return {
      ...{ kind, cells: own.length, hours: sum(own), longest: Math.max(...own.map((each) => each.hours)) },
      estimatedFrom: finished.filter(({ cell }) => cell.kind === kind).length,
    };
  });
  const speed = sum(hours.filter(({ kind }) => kind === 'speed'));
  const longest = Math.max(...hours.filter(({ kind }) => kind !== 'speed').map((each) => each.hours));
  const all = sum(hours);
  return {
    kinds,
    // Speed cells are timed one after the other on one machine; no cell is shared out among several.
    hours: machineCounts.map((machines) => ({ machines, hours: Math.max(all / machines, speed, longest) })),
  };
}
