/** Table 7 with what is counted and measured beside it. */
import type { ComplexityTable } from '../paper/contract.js';
import { countedRows, countedVerdict, measuredVerdict } from '../summary/complexity.js';
import type { ComplexityRow, ComplexitySetting, MeasuredGrowth } from '../summary/complexity-contract.js';
import type { Verdict } from '../summary/contract.js';
import { type Chip, chipOf, emptyCell, type Grid, type GridCell, textCell } from './grid.js';

const quantities = ['time', 'memory'] as const;
const modes = ['inference', 'training'] as const;

const declaredColumns = { title: 'Declared', columns: ['O(...)', 'power of N'] };
const countedColumns = { title: 'Counted power', columns: ['multiply-adds', 'bytes'] };

export const complexityGrid = (setting: ComplexitySetting): Grid => ({
  id: setting.id,
  caption:
    'Powers of the length: declared, counted, and measured for one sequence in steps of the same number of tokens',
  corner: 'Architecture',
  columns: [
    declaredColumns,
    countedColumns,
    ...quantities.map((quantity) => ({ title: `Measured power of ${quantity}`, columns: [...modes] })),
  ],
  groups: [
    {
      title: null,
      rows: setting.rows.map((row) => ({
        header: row.title,
        cells: [
          ...countedCells(row),
          ...quantities.flatMap((quantity) =>
            modes.map((mode) =>
              growthCell(
                row,
                row.measured.find((one) => one.mode === mode && one.quantity === quantity),
              ),
            ),
          ),
        ],
        records: [...new Set(row.measured.flatMap(({ records }) => records))],
      })),
    },
  ],
});

/** What can be said before anything has run. */
export const countedGrid = (table: ComplexityTable): Grid => ({
  id: `${table.name}-not-run`,
  caption: 'Powers of the length: declared, and counted without a run',
  corner: 'Architecture',
  columns: [declaredColumns, countedColumns],
  groups: [
    {
      title: null,
      rows: countedRows(table).map((row) => ({ header: row.title, cells: countedCells(row), records: [] })),
    },
  ],
});

function countedCells({ declared, power, counted }: ComplexityRow): GridCell[] {
  const known =
    declared === null || power === null
      ? [emptyCell, emptyCell]
      : [textCell(declared), textCell(String(power))];
  if (counted === null) return [...known, emptyCell, emptyCell];
  return [
    ...known,
    ...[counted.multiplyAdds, counted.activationBytes].map((value) => ({
      text: value.toFixed(2),
      ...chipIn(countedVerdict(value, power)),
    })),
  ];
}

function growthCell({ power }: ComplexityRow, measured: MeasuredGrowth | undefined): GridCell {
  if (measured === undefined) return emptyCell;
  const { growth, records } = measured;
  const [low, high] = growth.interval ?? [];
  return {
    text: growth.exponent.toFixed(2),
    records,
    note:
      low === undefined || high === undefined
        ? 'two points: no interval'
        : `${low.toFixed(2)} – ${high.toFixed(2)}`,
    ...chipIn(measuredVerdict(growth, power)),
  };
}

/** Agreement needs no word. */
const chipIn = (verdict: Verdict): { readonly chip?: Chip } =>
  verdict === 'differs' ? { chip: chipOf(verdict) } : {};
