/** From which length on each architecture stays below the Transformer, in time and in memory. */
import { thousands } from '../format.js';
import type { Efficiency, SpeedSetting } from '../summary/speed-contract.js';
import type { Crossing } from '../statistics/index.js';
import { emptyCell, type Grid, type GridCell, sourcedCell, textCell } from './grid.js';

const quantities = ['time', 'memory'] as const;
const modes = ['inference', 'training'] as const;

/** One a baseline; none where nothing was measured beside it at two lengths. */
export function efficiencyGrids(setting: SpeedSetting, all: readonly Efficiency[]): Grid[] {
  const own = all.filter((one) => one.setting === setting.id);
  const baselines = [...new Set(own.map(({ baseline }) => baseline))];
  return baselines.map((baseline, index) =>
    gridOf(
      `${setting.id}-efficiency${index === 0 ? '' : `-${index + 1}`}`,
      baseline,
      own.filter((one) => one.baseline === baseline),
    ),
  );
}

function gridOf(id: string, baseline: string, own: readonly Efficiency[]): Grid {
  const titles = [...new Set(own.map(({ title }) => title))];
  const cell = (title: string, quantity: string, mode: string) =>
    cellOf(own.find((one) => one.title === title && one.quantity === quantity && one.mode === mode));
  return {
    id,
    caption: `Efficiency length: the length from which on it stays below the ${baseline}, ${rangeOf(own.flatMap(({ lengths }) => lengths))}`,
    corner: 'Architecture',
    columns: quantities.map((quantity) => ({
      title: quantity === 'time' ? 'Less time' : 'Less memory',
      columns: [...modes],
    })),
    groups: [
      {
        title: null,
        rows: titles.map((title) => ({
          header: title,
          cells: quantities.flatMap((quantity) => modes.map((mode) => cell(title, quantity, mode))),
          records: [...new Set(own.filter((one) => one.title === title).flatMap(({ records }) => records))],
        })),
      },
    ],
  };
}

const rangeOf = (lengths: readonly number[]): string =>
  `within ${thousands(Math.min(...lengths))} to ${thousands(Math.max(...lengths))}`;

function cellOf(efficiency: Efficiency | undefined): GridCell {
  if (efficiency === undefined) return emptyCell;
  const { estimate, records } = efficiency;
  return sourcedCell(textCell(crossingText(estimate), noteOf(efficiency)), records);
}

function noteOf({ interval, quantity }: Efficiency): string | undefined {
  if (interval === null) return quantity === 'memory' ? 'counted' : undefined;
  const [low, high] = interval.map(endText);
  return low === high ? `95 %: ${low}` : `95 %: ${low} – ${high}`;
}

/** `never` and `always` speak of the lengths that were measured. */
function crossingText(crossing: Crossing): string {
  if (crossing.kind === 'from') return `from ${thousands(crossing.length)}`;
  return crossing.kind === 'always' ? 'always in range' : 'never in range';
}

const endText = (end: Crossing): string => (end.kind === 'from' ? thousands(end.length) : end.kind);
