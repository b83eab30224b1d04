/** Table 7: O(...) as declared, the powers of N that are counted, and those that time and memory show. */
import { lengthExponent } from '../../architectures/complexity.js';
import { architectures } from '../../architectures/index.js';
import type { Architecture } from '../../architectures/contract.js';
import { none } from '../../architectures/none.js';
import type { ComplexityTable } from '../paper/contract.js';
import { type Growth, growthOf, median } from '../statistics/index.js';
import type { ComplexityRow, ComplexitySetting, MeasuredGrowth } from './complexity-contract.js';
import type { SummaryCell, Verdict } from './contract.js';
import type { SpeedPoint, SpeedSetting } from './speed-contract.js';
import { rowRank } from './records.js';

/** As in the conformance kit: the dense layers round a mixer weigh little. */
const countedLengths = [512, 4_096] as const;
const countedSizes = { hidden: 16, heads: 1 };

/** What does not grow evenly, such as a last shorter block, moves a power by less. */
export const tolerance = 0.1;

export const complexitySettings = (
  table: ComplexityTable,
  speeds: readonly SpeedSetting[],
): ComplexitySetting[] =>
  speeds.map((speed) => {
    const measured = [...new Set(speed.points.map(({ title }) => title))].flatMap((title) =>
      measuredRow(table, speed, title),
    );
    const others = countedRows(table).filter(({ title }) => !measured.some((row) => row.title === title));
    const rank = ({ architecture }: ComplexityRow) => rowRank(architecture, table.rows);
    const rows = [...measured, ...others].toSorted((a, b) => rank(a) - rank(b));
    return { kind: 'complexity', id: speed.id, title: speed.title, speed, rows };
  });

/** What needs no run: every architecture of the suite, with its default options. */
export const countedRows = (table: ComplexityTable): ComplexityRow[] =>
  architectures
    .filter(({ name }) => name !== none.name)
    .map((architecture) => ({
      ...declarationOf(table, architecture.name),
      architecture: architecture.name,
      title: architecture.title,
      counted: countedOf(architecture, {}),
      measured: [],
    }))
    .toSorted((a, b) => rowRank(a.architecture, table.rows) - rowRank(b.architecture, table.rows));

function measuredRow(table: ComplexityTable, speed: SpeedSetting, title: string): ComplexityRow[] {
  const points = speed.points.filter((point) => point.title === title);
  const [first] = points;
  if (first === undefined) return [];
  const known = architectures.find(({ name }) => name === first.architecture);
  const cell = [...first.records, ...first.failed][0]?.cell;
  const options = cell?.kind === 'speed' ? cell.options : {};
  return [
    {
      ...declarationOf(table, first.architecture),
      architecture: first.architecture,
      title,
      counted: known === undefined ? null : countedOf(known, options),
      measured: (['inference', 'training'] as const).flatMap((mode) => [
        ...growthIn(points, mode, 'time'),
        ...growthIn(points, mode, 'memory'),
      ]),
    },
  ];
}

/** The table's, else that of the architecture's own paper. */
function declarationOf(table: ComplexityTable, name: string): Pick<ComplexityRow, 'declared' | 'power'> {
  const own = architectures.find((architecture) => architecture.name === name)?.complexity ?? null;
  const declared = table.declared(name) ?? own;
  return { declared, power: declared === null ? null : lengthExponent(declared) };
}

function countedOf(architecture: Architecture, options: object): ComplexityRow['counted'] {
  const parsed = architecture.options.safeParse(options);
  if (!parsed.success) return null;
  const [short, long] = countedLengths.map((length) =>
    architecture.cost({ length, ...countedSizes }, parsed.data),
  );
  if (short === undefined || long === undefined) return null;
  const power = (a: number, b: number) => Math.log(b / a) / Math.log(countedLengths[1] / countedLengths[0]);
  return {
    multiplyAdds: power(short.multiplyAdds, long.multiplyAdds),
    activationBytes: power(short.activationBytes, long.activationBytes),
  };
}

/** Of one sequence: a step over its batch. Every record is a point, so that rounds count. */
function growthIn(
  points: readonly SpeedPoint[],
  mode: MeasuredGrowth['mode'],
  quantity: MeasuredGrowth['quantity'],
): MeasuredGrowth[] {
  const own = points.filter((point) => point.mode === mode);
  const values = own.flatMap(({ length, batch, records }) =>
    records.flatMap(({ samples, memory }) => {
      const value = quantity === 'memory' ? memory.peakTensorBytes : median(samples ?? []);
      return value === null ? [] : [{ length, value: value / batch }];
    }),
  );
  const growth = growthOf(values);
  const records = own.flatMap((point) => point.records.map(({ id }) => id));
  return growth === null ? [] : [{ mode, quantity, growth, records }];
}

/** Does a counted power say what was declared? */
export const countedVerdict = (counted: number, declared: number | null): Verdict =>
  declared === null ? 'not comparable' : Math.abs(counted - declared) > tolerance ? 'differs' : 'matches';

/** Without an interval nothing can be said against the declared power. */
export function measuredVerdict({ interval }: Growth, declared: number | null): Verdict {
  if (declared === null || interval === null) return 'not comparable';
  const [low, high] = interval;
  return low > declared + tolerance || high < declared - tolerance ? 'differs' : 'matches';
}

export function complexityCells(
  table: ComplexityTable,
  settings: readonly ComplexitySetting[],
): SummaryCell[] {
  const counted = countedRows(table).flatMap((row) => countedCells(null, row));
  return [...counted, ...settings.flatMap(({ id, rows }) => rows.flatMap((row) => measuredCells(id, row)))];
}

const cellOf = (setting: string | null, row: ComplexityRow) => ({
  setting,
  architecture: row.architecture,
  row: row.title,
  unit: 'power' as const,
  published: row.power,
  publishedDeviation: null,
  reason: row.declared === null ? 'no declared complexity' : `declared ${row.declared}`,
});

const countedCells = (setting: string | null, row: ComplexityRow): SummaryCell[] =>
  row.counted === null
    ? []
    : (['multiplyAdds', 'activationBytes'] as const).map((quantity) => {
        const ours = row.counted?.[quantity] ?? Number.NaN;
        return {
          ...cellOf(setting, row),
          column: quantity === 'multiplyAdds' ? 'counted multiply-adds' : 'counted bytes',
          ours,
          interval: null,
          n: countedLengths.length,
          verdict: countedVerdict(ours, row.power),
          records: [],
        };
      });

const measuredCells = (setting: string, row: ComplexityRow): SummaryCell[] =>
  row.measured.map(({ mode, quantity, growth, records }) => {
    const cell = cellOf(setting, row);
    const unsure = growth.interval === null ? `; ${growth.points} points give no interval` : '';
    return {
      ...cell,
      column: `measured ${quantity}, ${mode}`,
      ours: growth.exponent,
      interval: growth.interval,
      n: growth.points,
      verdict: measuredVerdict(growth, row.power),
      reason: cell.reason + unsure,
      records,
    };
  });
