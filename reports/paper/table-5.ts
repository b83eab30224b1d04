/**
 * Table 5: news recommendation on MIND.
 *
 * The paper prints one number a cell, in percent, without a deviation. Its last row is an official score of the hidden
 * test set.
 */
import type { Cell } from '../../harness/cell.js';
import { transformer } from '../../architectures/transformer.js';
import { floors } from '../../tasks/recommendation/floors/index.js';
import { comparedArchitectures } from './compared.js';
import type { ArchitectureChoice, CellRequest, DatasetRequest } from './contract.js';
import { presets } from './presets.js';
import { nrmsHeads, rankingFloorCell, recommenderCell } from './ranking-cells.js';
import type { RankingTable, RankingTableRow } from './ranking-table.js';
import { published } from './table-5-values.js';

const row = (key: string, title: string, cannotRun: string | null = null): RankingTableRow => ({
  key,
  architecture: key,
  title,
  cannotRun,
});

const needsUnilm = 'needs UniLM’s vectors of the news: give a file of them with --news-vectors';

export const table5: RankingTable = {
  kind: 'ranking',
  name: 'table-5',
  title: 'News recommendation',
  where: 'Table 5, section 4.2',
  rows: [
    row('nrms', 'NRMS'),
    row(
      'fim',
      'FIM',
      'not built here: it matches every clicked title with every candidate, and mixes no tokens',
    ),
    row('plm-nr', 'PLM-NR (UniLM)', 'not built here: it fine-tunes UniLM, whose weights are not at hand'),
    ...comparedArchitectures.map(([name, title]) => row(name, title)),
    row('fastformer-vectors', 'Fastformer + PLM-NR (user encoder only)', needsUnilm),
    row('fastformer-vectors-ensemble', 'Fastformer + PLM-NR, ensemble of five', needsUnilm),
  ],
  published,
  howToRead: [
    'Each impression is a page that a user saw; the candidates are ranked, and the scores are means over impressions. AUC is the share of pairs that are in the right order, MRR the mean of 1 / rank of the clicked news, nDCG weighs the first five or ten places.',
    'Two intervals, two questions. Over seeds: would the same training with other random numbers come out elsewhere (95 %, Student t, n seeds)? Over impressions: would other page views (95 %, 1,000 bootstrap draws, the mean of the runs’ ends)? Neither contains the other.',
    'Floors need no training of a network: a random order, click-through rates, the share of clicked news with the candidate’s topic, and the product of the last two. A row is worth reading only above them.',
    'With topic: a learned vector of the article’s topic is added to its vector. The paper uses words only, so only the rows without stand beside its values.',
  ],
  caveats: [
    'The paper does not say on which split its rows were measured; its last row is the official score of the hidden test set. Scores here are of the dev part, or of the last training day where only that part is here.',
    'The authors never released this code. Settings are those of the paper (48 title tokens, 50 clicked news, K as in NRMS’s code); the shell round the mixers is ours.',
    'A title is shorter than the windows and blocks of BigBird and others: there they attend to every token, and a row may equal the Transformer’s digit by digit.',
    'FIM and PLM-NR are shown from the paper only.',
  ],
  cells: cellsOf,
  claims: [
    {
      source: 'paper',
      text: 'Fastformer ranks news better than the Transformer (AUC)',
      metric: 'auc',
      better: 'fastformer',
      worse: 'transformer',
    },
    {
      source: 'paper',
      text: 'Fastformer ranks news better than NRMS (AUC)',
      metric: 'auc',
      better: 'fastformer',
      worse: 'nrms',
    },
    {
      source: 'control',
      text: 'Fastformer ranks news better than the same recommender without a mixer (AUC)',
      metric: 'auc',
      better: 'fastformer',
      worse: 'none',
    },
    {
      source: 'control',
      text: 'The topic of the news helps Fastformer (AUC)',
      metric: 'auc',
      better: 'fastformer-topic',
      worse: 'fastformer',
    },
  ],
};

/** Floors first, then for each seed every row without and with the topic; the ensembles last. */
function cellsOf(request: CellRequest): Cell[] {
  const { news = null, preset } = request;
  if (news === null) return [];
  const seeds = request.seeds.slice(0, presets[preset].recommendation.seeds);
  const first = seeds[0] ?? 1;
  return [
    ...floors.map(({ name }) => rankingFloorCell(name, news, first, request)),
    ...seeds.flatMap((seed) => trainedCells(news, seed, request)),
    ...ensembles(news, first, request),
  ];
}

function trainedCells(news: DatasetRequest, seed: number, request: CellRequest): Cell[] {
  const { nrms } = presets[request.preset].recommendation;
  const { newsVectors } = request;
  const own = [true, false].flatMap((category) =>
    request.architectures.map((architecture) =>
      recommenderCell(architecture, news, seed, request, { category }),
    ),
  );
  const asNrms = isAsked(request, transformer.name)
    ? [
        recommenderCell(defaults(transformer), news, seed, request, {
          sizes: { ...nrms, heads: nrmsHeads },
        }),
      ]
    : [];
  const given =
    newsVectors === undefined
      ? []
      : request.architectures.map((architecture) =>
          recommenderCell(architecture, news, seed, request, { newsVectors }),
        );
  return [...own, ...asNrms, ...given];
}

/** Of Fastformer, as the paper's last row. */
function ensembles(news: DatasetRequest, seed: number, request: CellRequest): Cell[] {
  const { members } = presets[request.preset].recommendation;
  const { newsVectors } = request;
  const fastformer = request.architectures.find(({ name }) => name === 'fastformer');
  if (fastformer === undefined || members < 2) return [];
  return [
    recommenderCell(fastformer, news, seed, request, { category: true, members }),
    ...(newsVectors === undefined
      ? []
      : [recommenderCell(fastformer, news, seed, request, { newsVectors, members })]),
  ];
}

const isAsked = ({ architectures }: CellRequest, name: string): boolean =>
  architectures.some((architecture) => architecture.name === name);

const defaults = ({ name, options }: typeof transformer): ArchitectureChoice => ({
  name,
  options: options.parse({}),
});
