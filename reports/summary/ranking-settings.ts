/**
 * Records of news recommendation by setting: everything in a cell but what rows differ in. Floors join every setting of
 * their impressions, NRMS every one that has its training.
 */
import type { RankingFloorCell, RecommenderCell } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { mindTitle } from '../catalogue.js';
import { counted, listed, thousands } from '../format.js';
import type { RankingTable } from '../paper/ranking-table.js';
import { presets } from '../paper/presets.js';
import type { RankingRow, RankingSetting } from './ranking-contract.js';
import { isNrms, type RankingCell, rankingKey, rankingRank, rankingTitle } from './ranking-rows.js';
import { canonical, compareText, groupBy } from './records.js';

type With<C> = RunRecord & { readonly cell: C };

const isRecommender = (record: RunRecord): record is With<RecommenderCell> =>
  record.cell.kind === 'recommender';
const isFloor = (record: RunRecord): record is With<RankingFloorCell> => record.cell.kind === 'ranking-floor';

export function rankingSettings(table: RankingTable, records: readonly RunRecord[]): RankingSetting[] {
  const recommenders = records.filter(isRecommender);
  const floors = records.filter(isFloor);
  const own = recommenders.filter(({ cell }) => !isNrms(cell));
  const nrms = recommenders.filter(({ cell }) => isNrms(cell));
  const groups = groupBy(own, ({ cell }) => canonical([trainingKey(cell), sizesKey(cell)])).map(
    ([, runs]): With<RankingCell>[] => {
      const { cell } = runs[0] as With<RecommenderCell>;
      return [
        ...runs,
        ...nrms.filter((each) => trainingKey(each.cell) === trainingKey(cell)),
        ...floors.filter((each) => canonical(each.cell.dataset) === canonical(cell.dataset)),
      ];
    },
  );
  const housed = new Set(groups.flat());
  const homeless: With<RankingCell>[] = [...nrms, ...floors].filter((record) => !housed.has(record));
  return [...groups, ...groupBy(homeless, ({ cell }) => canonical(cell.dataset)).map(([, runs]) => runs)]
    .flatMap((runs) => settingOf(table, runs))
    .map((setting, index) => ({ ...setting, id: `${table.name}-${index + 1}` }));
}

/** Word vectors are NRMS's too; vectors of news make rows. */
function trainingKey({
  dataset,
  backend,
  execution,
  precision,
  training,
  recommender,
}: RecommenderCell): string {
  const { titleLength, history, layers, dropout } = recommender;
  return canonical([
    dataset,
    backend,
    execution,
    precision,
    { ...training, newsVectors: null },
    { titleLength, history, layers, dropout },
  ]);
}

const sizesKey = ({ recommender: { hidden, heads, wordSize } }: RecommenderCell): string =>
  canonical({ hidden, heads, wordSize });

function settingOf(table: RankingTable, runs: readonly With<RankingCell>[]): RankingSetting[] {
  const [first] = runs;
  if (first === undefined) return [];
  const trained = runs.find(({ cell }) => cell.kind === 'recommender');
  const cell = trained?.cell.kind === 'recommender' ? trained.cell : null;
  const { name } = first.cell.dataset;
  return [
    {
      kind: 'ranking',
      id: '',
      title: mindTitle(name),
      notComparable: differences(first.cell, cell),
      backend: cell?.backend ?? 'none',
      recommender: cell?.recommender ?? null,
      training: cell?.training ?? null,
      data: runs.find(({ ranking }) => ranking !== null)?.ranking?.data ?? null,
      rows: rowsOf(table, runs),
    },
  ];
}

/** What of a setting is not the paper's, as short phrases. */
function differences({ dataset }: RankingCell, cell: RecommenderCell | null): string[] {
  const { recommender: theirs, training } = presets.paper.recommendation;
  const edition = dataset.name === 'mind-large' ? [] : ['the paper used the large edition'];
  if (cell === null) return edition;
  const { recommender } = cell;
  const sizes = [
    recommender.titleLength === theirs.titleLength
      ? null
      : `${counted(recommender.titleLength, 'title token')} instead of ${theirs.titleLength}`,
    recommender.hidden === theirs.hidden
      ? null
      : `hidden size ${recommender.hidden} instead of ${theirs.hidden}`,
    cell.training.learningRate === training.learningRate
      ? null
      : `learning rate ${cell.training.learningRate} instead of ${training.learningRate}`,
    dataset.train === null ? null : `${thousands(dataset.train)} training impressions`,
  ].filter((size) => size !== null);
  return [...edition, ...(sizes.length === 0 ? [] : [listed(sizes)])];
}

function rowsOf(table: RankingTable, runs: readonly With<RankingCell>[]): RankingRow[] {
  return groupBy(runs, ({ cell }) =>
    canonical([rankingKey(cell), cell.kind === 'recommender' ? cell.options : null]),
  )
    .flatMap(([, own]): RankingRow[] => {
      const [first] = own;
      if (first === undefined) return [];
      const bySeed = own.toSorted((a, b) => a.cell.seed - b.cell.seed);
      return [
        {
          key: rankingKey(first.cell),
          architecture: first.cell.architecture,
          title: rankingTitle(table, first.cell),
          kind: first.cell.kind,
          records: bySeed.filter(({ failure }) => failure === null),
          failed: bySeed.filter(({ failure }) => failure !== null),
        },
      ];
    })
    .toSorted(
      (a, b) => rankingRank(a.key, table) - rankingRank(b.key, table) || compareText(a.title, b.title),
    );
}
