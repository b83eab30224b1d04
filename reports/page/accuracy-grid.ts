/** The table of one accuracy setting, and the columns of the paper that did not run. */
import { counted, halfWidth, listed, percent } from '../format.js';
import type { AccuracyTable } from '../paper/contract.js';
import { metrics } from '../summary/accuracy.js';
import type { AccuracySetting, RankGroups } from '../summary/accuracy-contract.js';
import type { SummaryCell, TableSummary } from '../summary/contract.js';
import { keyRank } from '../summary/accuracy-rows.js';
import { chipOf, emptyCell, type Grid, type GridCell, type GridRow, sourcedCell, textCell } from './grid.js';
import { runCells } from './score-cells.js';

export function accuracyGrid(
  table: AccuracyTable,
  setting: AccuracySetting,
  { cells, rankGroups = [] }: TableSummary,
): Grid {
  const here = cells.filter((cell) => cell.setting === setting.id);
  const groups = rankGroups.find((each) => each.setting === setting.id && each.pairs.length > 0) ?? null;
  const rank = ({ row, architecture }: SummaryCell) =>
    keyRank(table.rows.find(({ title }) => title === row)?.key ?? architecture, table);
  const titles = here.toSorted((a, b) => rank(a) - rank(b)).map((cell) => cell.row);
  // One cell a metric, in the order of the metrics.
  const rows = [...new Set(titles)].map((title) => ({
    header: title,
    cells: here.filter((cell) => cell.row === title),
  }));
  const inPaper = setting.column !== null;
  const ours = ['ours, % ± 95 % interval'];
  const scores = inPaper ? ['paper, % ± sd', ...ours, 'verdict'] : ours;
  return {
    id: setting.id,
    caption: `${setting.title}: mean over seeds`,
    corner: cornerOf(table),
    columns: [
      ...metrics.map(({ name, title }) => ({
        metric: title,
        title: title === 'accuracy' ? 'Accuracy' : 'Macro-F',
        columns: groups?.metric === name ? [...scores, groupColumn] : scores,
      })),
      { title: 'Runs', columns: ['n', 'training time', 'parameters'] },
    ],
    groups: [
      {
        title: null,
        rows: rows.map(({ header, cells: metricCells }) => ({
          header,
          cells: [
            ...metricCells.flatMap((cell, index) => [
              ...scoreCells(cell, inPaper),
              ...(groups !== null && metrics[index]?.name === groups.metric
                ? [groupCell(groups, header)]
                : []),
            ]),
            ...runCells(setting.rows.find((row) => row.title === header) ?? noRuns, setting.rows),
          ],
          records: [...new Set(metricCells.flatMap((cell) => cell.records))],
        })),
      },
    ],
  };
}

/** Rows with a letter in common are not told apart. */
const groupColumn = 'rank group';

function groupCell({ rows }: RankGroups, row: string): GridCell {
  const own = rows.find(({ title }) => title === row);
  return own?.letters == null ? emptyCell : textCell(own.letters);
}

/** Of a row of the paper that did not run here. */
const noRuns = { records: [], failed: [] };

const cornerOf = ({ holds }: AccuracyTable): string => (holds === 'rows' ? 'Variant' : 'Architecture');

function scoreCells(cell: SummaryCell, inPaper: boolean): GridCell[] {
  const interval = cell.interval === null ? '' : ` ± ${halfWidth(cell.interval)}`;
  const ours =
    cell.ours === null
      ? textCell('—', inPaper ? undefined : cell.reason)
      : sourcedCell(textCell(`${percent(cell.ours)}${interval}`), cell.records);
  if (!inPaper) return [ours];
  if (cell.published === null) return [emptyCell, ours, textCell('not in the paper')];
  return [publishedCell(cell), ours, { text: cell.verdict, chip: chipOf(cell.verdict), ...rowReason(cell) }];
}

/** What all rows of a setting share is said once, above the table; here only what is the row's own. */
const rowReason = (cell: SummaryCell) => (cell.verdict === 'not comparable' ? {} : { note: cell.reason });

const publishedCell = ({ published, publishedDeviation }: SummaryCell): GridCell =>
  published === null
    ? emptyCell
    : textCell(
        percent(published, 2) + (publishedDeviation === null ? '' : ` ± ${percent(publishedDeviation, 2)}`),
      );

/** The paper's values for which nothing ran; null when every column ran. */
export function missingGrid(table: AccuracyTable, cells: readonly SummaryCell[]): Grid | null {
  const missing = cells.filter((cell) => cell.setting === null && cell.published !== null);
  const columns = table.columns.filter((column) =>
    missing.some((cell) => cell.column.startsWith(`${column} `)),
  );
  if (columns.length === 0) return null;
  const rows = table.rows.flatMap(({ title }): GridRow[] => {
    const own = missing.filter((cell) => cell.row === title);
    if (own.length === 0) return [];
    const published = columns.flatMap((column) =>
      metrics.map((metric) => own.find((cell) => cell.column === `${column} ${metric.title}`)),
    );
    const reasons = [...new Set(own.map(({ reason }) => reason))];
    const reason = reasons.length > 1 ? `no run on ${listed(columns)}` : (reasons[0] ?? '');
    return [
      {
        header: title,
        cells: [
          ...published.map((cell) => (cell === undefined ? emptyCell : publishedCell(cell))),
          { text: 'not run', chip: chipOf('not run'), note: reason },
        ],
        records: [],
      },
    ];
  });
  const deviations = missing.some(({ publishedDeviation }) => publishedDeviation !== null);
  return {
    id: `${table.name}-not-run`,
    caption: `${counted(columns.length, 'column')} of the paper that did not run: ${listed(columns)}. Percent${deviations ? ' ± standard deviation of five runs' : ''}`,
    corner: cornerOf(table),
    columns: [
      ...columns.map((title) => ({ title, columns: ['accuracy', 'macro-F'] })),
      { title: 'Here', columns: ['verdict'] },
    ],
    groups: [{ title: null, rows }],
  };
}
