/** The largest batch of each architecture that fits, and what a token takes at it and at the batch that all share. */
import { bytes, seconds, secondsRange, significant, thousands } from '../format.js';
import type { LargestBatch, LargestBatchSetting } from '../summary/speed-contract.js';
import { emptyCell, type Grid, type GridCell, type GridRow, sourcedCell, textCell } from './grid.js';

export function largestBatchGrid({ id, title, limitBytes, rows }: LargestBatchSetting): Grid {
  const groups = [...new Set(rows.map(({ length, mode }) => `Length ${thousands(length)}, ${mode}`))];
  return {
    id,
    caption: `${title}, and the time of a token`,
    corner: 'Architecture',
    columns: [
      { title: `Within ${bytes(limitBytes)}`, columns: ['largest batch', 'a token', 'peak of tensors'] },
      { title: 'Same tokens for all', columns: ['batch', 'a token'] },
      { title: 'Gain', columns: ['shared / largest'] },
    ],
    groups: groups.map((group) => ({
      title: group,
      rows: rows.filter(({ length, mode }) => `Length ${thousands(length)}, ${mode}` === group).map(rowOf),
    })),
  };
}

function rowOf(row: LargestBatch): GridRow {
  const { title, secondsPerToken: own, records } = row;
  return {
    header: title,
    cells: [
      ...[
        batchCell(row),
        own === null ? emptyCell : textCell(seconds(own), rangeOf(row)),
        memoryCell(row),
      ].map((cell) => sourcedCell(cell, records)),
      ...sharedCells(row),
    ],
    records,
  };
}

function sharedCells({ secondsPerToken: own, shared, records }: LargestBatch): GridCell[] {
  if (shared === null) return [emptyCell, emptyCell, emptyCell];
  const gain = own === null ? emptyCell : textCell(`${significant(shared.secondsPerToken / own)} ×`);
  return [
    sourcedCell(textCell(thousands(shared.batch)), shared.records),
    sourcedCell(textCell(seconds(shared.secondsPerToken)), shared.records),
    sourcedCell(gain, [...records, ...shared.records]),
  ];
}

function batchCell({ batch, tooLarge }: LargestBatch): GridCell {
  if (batch === 0) return textCell('none', 'not even one sequence fits');
  const next = tooLarge === null ? 'more was not tried' : `${thousands(tooLarge)} does not fit`;
  return textCell(thousands(batch), next);
}

const rangeOf = ({ interval }: LargestBatch): string | undefined =>
  interval === null ? undefined : secondsRange(interval);

function memoryCell({ peakTensorBytes, peakResidentBytes }: LargestBatch): GridCell {
  const process = peakResidentBytes === null ? undefined : `process ${bytes(peakResidentBytes)}`;
  return textCell(peakTensorBytes === null ? '—' : bytes(peakTensorBytes), process);
}
