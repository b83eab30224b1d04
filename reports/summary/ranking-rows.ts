/**
 * Which row of table 5 a record is, by what its cell says: the architecture, whether it has NRMS's 20 heads, whether the
 * news have given vectors, whether their topic is added, whether it is an ensemble.
 */
import type { RankingFloorCell, RecommenderCell } from '../../harness/cell.js';
import { floors } from '../../tasks/recommendation/floors/index.js';
import { variantTitle } from '../catalogue.js';
import { nrmsHeads } from '../paper/ranking-cells.js';
import type { RankingTable } from '../paper/ranking-table.js';

export type RankingCell = RecommenderCell | RankingFloorCell;

export const isNrms = (cell: RecommenderCell): boolean =>
  cell.architecture === 'transformer' && cell.recommender.heads === nrmsHeads;

/** `fastformer`, `fastformer-topic`, `fastformer-topic-ensemble`, `fastformer-vectors`, `nrms`, `click-rate`. */
export function rankingKey(cell: RankingCell): string {
  if (cell.kind === 'ranking-floor') return cell.architecture;
  const name = isNrms(cell) ? 'nrms' : cell.architecture;
  const parts = [
    cell.training.newsVectors === undefined ? null : 'vectors',
    cell.recommender.category ? 'topic' : null,
    cell.members > 1 ? 'ensemble' : null,
  ].filter((part) => part !== null);
  return [name, ...parts].join('-');
}

export function rankingTitle(table: RankingTable, cell: RankingCell): string {
  if (cell.kind === 'ranking-floor')
    return floors.find(({ name }) => name === cell.architecture)?.title ?? cell.architecture;
  const key = rankingKey(cell);
  const printed = table.rows.find((row) => row.key === key);
  if (
    printed !== undefined &&
    variantTitle(cell.architecture, cell.options) === variantTitle(cell.architecture, {})
  )
    return printed.title;
  const name = isNrms(cell) ? 'NRMS' : variantTitle(cell.architecture, cell.options);
  return [
    name,
    cell.training.newsVectors === undefined ? null : 'user encoder only',
    cell.recommender.category ? 'with topic' : null,
    cell.members > 1 ? `ensemble of ${cell.members}` : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** The paper's rows, each with its variants after it; then what is not in the paper; then the floors. */
export function rankingRank(key: string, { rows }: RankingTable): number {
  const floor = floors.findIndex(({ name }) => name === key);
  if (floor >= 0) return 10 * (rows.length + 2) + floor;
  const exact = rows.findIndex((row) => row.key === key);
  if (exact >= 0) return 10 * exact;
  const base = rows.findIndex((row) => key.startsWith(`${row.key}-`));
  return base >= 0 ? 10 * base + 5 : 10 * rows.length;
}
