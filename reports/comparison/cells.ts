/** Cells of two sets of records, matched by what they measure. Ids do not serve: they hold the sources of the program. */
import type { Cell } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { titlesOf } from '../cell-titles.js';
import { cellKey, currentRecords, groupBy } from '../summary/records.js';

/** Runs of one cell, a seed or a round each. */
export interface CellRuns {
  readonly title: string;
  readonly cell: Cell;
  readonly base: readonly RunRecord[];
  readonly head: readonly RunRecord[];
}

export function matchCells(base: readonly RunRecord[], head: readonly RunRecord[]): CellRuns[] {
  const sides = [
    ...currentRecords(base).map((record) => ({ side: 'base', record })),
    ...currentRecords(head).map((record) => ({ side: 'head', record })),
  ];
  const groups = groupBy(sides, ({ record }) => cellKey(record)).flatMap(([, runs]) => {
    const of = (wanted: string) => runs.filter(({ side }) => side === wanted).map(({ record }) => record);
    const cell = runs[0]?.record.cell;
    return cell === undefined ? [] : [{ cell, base: of('base'), head: of('head') }];
  });
  const titles = titlesOf(groups.map(({ cell }) => cell));
  return groups.map((group, index) => ({ ...group, title: titles[index] ?? '' }));
}
