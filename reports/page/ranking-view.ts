/** News recommendation as the page shows it: the table, the slices by length of history, the data and its problems. */
import { rankingNames } from '../../tasks/recommendation/metrics.js';
import { isChart } from '../charts/chart.js';
import { scoresChart } from '../charts/scores.js';
import { counted, listed, percent, thousands } from '../format.js';
import type { RankingTable } from '../paper/ranking-table.js';
import { mean } from '../statistics/index.js';
import type { SummaryCell } from '../summary/contract.js';
import type { RankingRow, RankingSetting } from '../summary/ranking-contract.js';
import { rankingTitles } from '../summary/ranking.js';
import type { Fact, Sentence } from './answer.js';
import { chipOf, emptyCell, type Grid, textCell } from './grid.js';
import { meanScoreCell, runCells, scoreCells } from './score-cells.js';
import type { SettingView } from './view.js';

export function rankingView(setting: RankingSetting, cells: readonly SummaryCell[]): SettingView {
  const here = cells.filter((cell) => cell.setting === setting.id);
  return {
    id: setting.id,
    title: setting.title,
    data: setting.title,
    tag: null,
    facts: factsOf(setting),
    notes: [
      `No value is compared with the paper’s one to one: ${[...setting.notComparable, 'it prints no deviations'].join('; ')}.`,
    ],
    grid: scoresGrid(setting, here),
    more: [slicesGrid(setting)],
    charts: [
      scoresChart({
        ...setting,
        metrics: rankingNames.map((name) => ({ name, title: rankingTitles[name] })),
        examples: 'impressions',
        cellOf: ({ title }, metric) => here.find(({ row, column }) => row === title && column === metric),
      }),
    ].filter(isChart),
  };
}

function scoresGrid(setting: RankingSetting, cells: readonly SummaryCell[]): Grid {
  const columns = ['paper', 'ours', '± seeds', 'over impressions'];
  return {
    id: setting.id,
    caption: `${setting.title}: percent; paper, mean over n seeds, half the 95 % interval over seeds, 95 % interval over impressions`,
    corner: 'Recommender',
    columns: [
      ...rankingNames.map((name) => ({ title: rankingTitles[name], metric: rankingTitles[name], columns })),
      { title: 'Runs', columns: ['n', 'training time', 'parameters'] },
    ],
    groups: [
      {
        title: null,
        rows: setting.rows.map((row) => {
          const own = cells.filter((cell) => cell.row === row.title);
          return {
            header: row.title,
            cells: [
              ...rankingNames.flatMap((name) =>
                scoreCells(own.find((cell) => cell.column === rankingTitles[name])),
              ),
              ...runCells(row, setting.rows),
            ],
            records: [...new Set(own.flatMap(({ records }) => records))],
          };
        }),
      },
    ],
  };
}

/** AUC by how many news the user had clicked before; the mean over seeds. */
function slicesGrid({ id, title, rows }: RankingSetting): Grid {
  const known = rows.flatMap(({ records }) => records)[0]?.ranking?.slices ?? [];
  return {
    id: `${id}-history`,
    caption: `${title}: AUC in percent by the length of the user’s history`,
    corner: 'Recommender',
    columns: [
      {
        title: 'Clicked news',
        columns: known.map(({ name, impressions }) => `${name} (${counted(impressions, 'impression')})`),
      },
    ],
    groups: [
      {
        title: null,
        rows: rows
          .filter(({ records }) => records.length > 0)
          .map((row) => ({
            header: row.title,
            cells: known.map(({ name }) =>
              meanScoreCell(
                row.records,
                ({ ranking }) => ranking?.slices.find((slice) => slice.name === name)?.metrics?.auc,
              ),
            ),
            records: row.records.map((record) => record.id),
          })),
      },
    ],
  };
}

function factsOf({ data, recommender, training, backend }: RankingSetting): Fact[] {
  const facts: Fact[] = [];
  if (data !== null) {
    const { train, validation, test } = data.impressions;
    const problems = Object.entries(data.problems).map(([kind, times]) => `${thousands(times)} ${kind}`);
    facts.push(
      {
        name: 'Impressions',
        value: `${thousands(train)} train, ${thousands(validation)} validation, ${thousands(test)} test; ${data.splitRule}`,
      },
      {
        name: 'News',
        value: `${thousands(data.news)} of ${counted(data.topics, 'topic')}; a test user clicked ${data.meanHistory.toFixed(1)} before on average, ${counted(data.emptyHistories, 'user')} nothing`,
      },
      { name: 'Problems in the files', value: problems.length === 0 ? 'none' : listed(problems) },
    );
  }
  if (recommender !== null)
    facts.push({
      name: 'Recommender',
      value: `${recommender.titleLength} title tokens, ${recommender.history} clicked news, ${counted(recommender.layers, 'layer')}, hidden ${recommender.hidden}, ${counted(recommender.heads, 'head')}, dropout ${recommender.dropout}`,
    });
  if (training !== null)
    facts.push({
      name: 'Training',
      value: `Adam ${training.learningRate}, ${training.batchSize} clicks a batch, ${training.negatives} negatives each, at most ${counted(training.maxEpochs, 'epoch')}, best by validation AUC; words start ${training.wordVectors === undefined ? 'random' : `from ${training.wordVectors.name}`}`,
    });
  return [...facts, { name: 'Backend', value: backend }];
}

/** The paper's rows that did not run, with the reason; null when all did. */
export function missingRankingGrid(table: RankingTable, cells: readonly SummaryCell[]): Grid | null {
  const missing = cells.filter((cell) => cell.setting === null);
  if (missing.length === 0) return null;
  const rows = table.rows.flatMap(({ title }) => {
    const own = missing.filter((cell) => cell.row === title);
    if (own.length === 0) return [];
    const values = rankingNames.map(
      (name) => own.find((cell) => cell.column === rankingTitles[name])?.published,
    );
    return [
      {
        header: title,
        cells: [
          ...values.map((value) => (value == null ? emptyCell : textCell(percent(value, 2)))),
          { text: 'not run', chip: chipOf('not run'), note: own[0]?.reason ?? '' },
        ],
        records: [],
      },
    ];
  });
  return {
    id: `${table.name}-not-run`,
    caption: 'Rows of the paper that did not run, percent',
    corner: 'Recommender',
    columns: [
      { title: 'Paper', columns: rankingNames.map((name) => rankingTitles[name]) },
      { title: 'Here', columns: ['verdict'] },
    ],
    groups: [{ title: null, rows }],
  };
}

/** What the first screen says: the best recommender beside the best floor. */
export function rankingSentence({ title, rows }: RankingSetting): Sentence[] {
  const best = (kind: RankingRow['kind']) =>
    rows
      .filter((row) => row.kind === kind && row.records.length > 0)
      .map((row) => ({ row, auc: mean(row.records.map(({ metrics }) => metrics['auc'] ?? NaN)) }))
      .toSorted((a, b) => b.auc - a.auc)[0];
  const [neural, floor] = [best('recommender'), best('ranking-floor')];
  if (neural === undefined) return [];
  const beside =
    floor === undefined ? '' : `; the best floor, ${floor.row.title}, has ${percent(floor.auc)} %`;
  const records = [...neural.row.records, ...(floor?.row.records ?? [])];
  return [
    {
      text: `On ${title} the best recommender is ${neural.row.title} with an AUC of ${percent(neural.auc)} %${beside}.`,
      records: records.map(({ id }) => id),
    },
  ];
}
