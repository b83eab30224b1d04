/** The four cells of a score that has two intervals: paper, ours, over seeds, over examples. */
import { halfWidth, percent } from '../format.js';
import { mean } from '../statistics/index.js';
import type { SummaryCell } from '../summary/contract.js';
import { emptyCell, type GridCell, textCell } from './grid.js';

export function scoreCells(cell: SummaryCell | undefined): GridCell[] {
  if (cell === undefined) return [emptyCell, emptyCell, emptyCell, emptyCell];
  const { published, ours, interval, reason } = cell;
  const overExamples = cell.impressionInterval ?? cell.documentInterval ?? null;
  return [
    published === null ? emptyCell : textCell(percent(published, 2)),
    ours === null ? textCell('—', reason) : textCell(percent(ours, 2)),
    interval === null ? emptyCell : textCell(`± ${halfWidth(interval)}`),
    overExamples === null
      ? emptyCell
      : textCell(`${percent(overExamples[0])} to ${percent(overExamples[1])}`),
  ];
}

/** The mean of fractions in percent; a dash of none. */
export const meanScoreCell = (values: readonly number[]): GridCell =>
  values.length === 0 ? emptyCell : textCell(percent(mean(values), 2));
