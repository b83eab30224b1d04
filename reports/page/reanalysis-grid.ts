/** The paper against itself: the best value of each column beside the others, by Welch's test on what it prints. */
import { points, probability } from '../format.js';
import type { PaperTable } from '../paper/contract.js';
import type { PublishedComparison } from '../summary/accuracy-contract.js';
import type { TableSummary } from '../summary/contract.js';
import type { Chip, Grid, GridRow } from './grid.js';
import { textCell } from './grid.js';

const better: Chip = { symbol: '✓', word: 'better', tone: 'good' };
const untold: Chip = { symbol: '?', word: 'not told apart', tone: 'open' };

/** Null where the paper prints no spread. */
export function reanalysisGrid(table: PaperTable, { reanalysis = [] }: TableSummary): Grid | null {
  if (reanalysis.length === 0) return null;
  const titles = [...new Set(reanalysis.map(columnOf))];
  const told = reanalysis.filter(({ adjusted }) => adjusted < 0.05).length;
  return {
    id: `${table.name}-reanalysis`,
    caption: `The best published value of each column beside the others, by the paper’s own means, deviations and five runs: ${told} of ${reanalysis.length} comparisons are significant after Holm at 0.05`,
    corner: 'Best, and beside it',
    columns: [{ title: 'Best minus other', columns: ['points', 'Welch', 'after Holm', 'verdict'] }],
    groups: titles.map((title) => ({
      title,
      rows: reanalysis.filter((one) => columnOf(one) === title).map(rowOf),
    })),
  };
}

const columnOf = ({ column, metric, best }: PublishedComparison): string =>
  `${column} ${metric === 'accuracy' ? 'accuracy' : 'macro-F'}: ${best}`;

function rowOf({ other, difference, p, adjusted }: PublishedComparison): GridRow {
  const chip = adjusted < 0.05 ? better : untold;
  return {
    header: other,
    cells: [
      textCell(points(difference, 2)),
      textCell(probability(p)),
      textCell(probability(adjusted)),
      { text: chip.word, chip },
    ],
    records: [],
  };
}
