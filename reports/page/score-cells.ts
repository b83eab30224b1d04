/** Cells of tables of scores: a score with its two intervals, and the runs of a row. */
import type { RunRecord } from '../../harness/record.js';
import { halfWidth, percent, seconds, thousands } from '../format.js';
import { mean } from '../statistics/index.js';
import type { SummaryCell } from '../summary/contract.js';
import { timesOf } from '../summary/training-times.js';
import { emptyCell, type GridCell, measuredCell, sourcedCell, textCell } from './grid.js';

/** Paper, ours, over seeds, over examples. */
export function scoreCells(cell: SummaryCell | undefined): GridCell[] {
  if (cell === undefined) return [emptyCell, emptyCell, emptyCell, emptyCell];
  const { published, ours, interval, reason, records } = cell;
  const overExamples = cell.impressionInterval ?? cell.documentInterval ?? null;
  return [
    published === null ? emptyCell : textCell(percent(published, 2)),
    sourcedCell(ours === null ? textCell('—', reason) : textCell(percent(ours, 2)), records),
    sourcedCell(interval === null ? emptyCell : textCell(`± ${halfWidth(interval)}`), records),
    overExamples === null
      ? emptyCell
      : sourcedCell(textCell(`${percent(overExamples[0])} to ${percent(overExamples[1])}`), records),
  ];
}

/** The mean over runs of a fraction in percent; a dash of none. */
export function meanScoreCell(
  records: readonly RunRecord[],
  valueOf: (record: RunRecord) => number | undefined,
): GridCell {
  const scored = records.flatMap((record) => {
    const value = valueOf(record);
    return value === undefined ? [] : [{ id: record.id, value }];
  });
  if (scored.length === 0) return emptyCell;
  return measuredCell(textCell(percent(mean(scored.map(({ value }) => value)), 2)), scored);
}

interface Runs {
  readonly records: readonly RunRecord[];
  readonly failed: readonly RunRecord[];
}

/**
 * How many runs a row has, how long one took, how many parameters it has.
 * @param all - rows of the setting
 */
export function runCells(row: Runs, all: readonly Runs[]): GridCell[] {
  const { records, failed } = row;
  const times = timesOf(row, all);
  const parameters = records[0]?.costs?.parameters;
  const count = textCell(String(records.length), failed.length === 0 ? undefined : `${failed.length} failed`);
  return [
    measuredCell(count, [...records, ...failed]),
    times.length === 0 ? emptyCell : measuredCell(textCell(seconds(mean(times))), records),
    parameters === undefined ? emptyCell : measuredCell(textCell(thousands(parameters)), records),
  ];
}
