/** Plans a reproduction: every name is checked and every dataset is found before anything runs. */
import { resolve } from 'node:path';
import { resolveBackend } from '../harness/backends/index.js';
import type { Cell } from '../harness/cell.js';
import type { CountsAtHand } from '../harness/estimate.js';
import { type Job, planJobs } from '../harness/plan.js';
import { loadPlugins, pluginFiles } from '../harness/plugins.js';
import type { PaperTable, Track } from '../reports/paper/contract.js';
import { planCells } from '../reports/paper/index.js';
import { presets, type PresetName } from '../reports/paper/presets.js';
import { dataFolders } from '../tasks/datasets/folders.js';
import { chooseArchitectures, chooseTables, type FoundDataset } from './choose.js';
import type { MeasuringOptions } from './common-options.js';
import { countExamples } from './count-examples.js';
import {
  chooseData,
  chooseNews,
  type ChosenData,
  type DatasetFlags,
  givenFiles,
  isNewsName,
  textFlags,
  packagedVectors,
  vectorChoice,
} from './dataset-options.js';
import { type ChosenPairs, choosePairs, isPairName, openOwn, ownPairPaths } from './pair-options.js';
import type { SchedulerFlags } from './scheduler-options.js';
import { installedWidth } from './word-vectors.js';

export interface ReproduceOptions extends MeasuringOptions, DatasetFlags, SchedulerFlags {
  readonly preset: PresetName;
  readonly only?: readonly string[];
  readonly architectures?: readonly string[];
  readonly datasets?: readonly string[];
  readonly seeds?: number;
  readonly rounds?: number;
  readonly seed: number;
  readonly track: Track;
  readonly workers?: number;
  readonly timeBudget?: number;
}

export interface Plan {
  readonly jobs: readonly Job[];
  readonly tables: readonly PaperTable[];
  readonly backend: string;
  readonly dataFolders: readonly string[];
  readonly pluginFiles: readonly string[];
  /** What data is real and what stands in, for the screen. */
  readonly dataLines: readonly string[];
  /** Of what some cells read, for an estimate of their time. */
  readonly countExamples: (cells: readonly Cell[]) => Promise<CountsAtHand>;
}

export async function planReproduction(options: ReproduceOptions): Promise<Plan> {
  const tables = chooseTables(options.only);
  const plugins = await loadPlugins(options.plugin);
  const architectures = chooseArchitectures(options.architectures, tables, plugins);
  const folders = dataFolders(options.data);
  const onlySummaries = tables.every(({ kind }) => kind === 'summaries');
  const pairPaths = ownPairPaths(options.datasets, options, onlySummaries);
  const { datasets, places } = await chooseTexts(options, pairPaths, folders);
  const news = chooseNews(options.datasets, folders);
  const ownPairs = await Promise.all(pairPaths.map((path) => openOwn(path, options)));
  const pairs = [...(await choosePairs(options.datasets, folders)), ...ownPairs];
  const pairFiles = pairPaths.length === 0 ? [] : [...pairPaths, ...givenFiles(options)];
  const withText = await textFlags(options);
  // Their checksum takes a second.
  const needsWords = news !== null && tables.some(({ kind }) => kind === 'ranking');
  const words = needsWords ? await packagedVectors(options.wordVectors) : null;
  const backend = await resolveBackend(options.backend);
  const cells = planCells(tables, {
    preset: options.preset,
    track: options.track,
    backend,
    architectures,
    datasets: datasets.map(({ dataset, options: chosen }) => ({ name: dataset.name, options: chosen })),
    seeds: Array.from(
      { length: options.seeds ?? presets[options.preset].seeds },
      (_, index) => options.seed + index,
    ),
    news: news === null ? null : { name: news.edition.name, options: {} },
    newsWords: words === null ? null : { choice: words.choice, width: installedWidth },
    newsVectors: options.newsVectors === undefined ? undefined : await vectorChoice(options.newsVectors),
    summaries: pairs.map(({ dataset, options: chosen }) => ({ name: dataset.name, options: chosen })),
    rounds: options.rounds ?? presets[options.preset].speed.rounds,
  }).map(withText);
  const files = pluginFiles(plugins);
  const readsText = cells.some(({ kind }) => kind === 'encoder' || kind === 'baseline');
  const ranks = cells.some(({ kind }) => kind === 'recommender' || kind === 'ranking-floor');
  return {
    jobs: planJobs(cells, files),
    tables,
    backend,
    dataFolders: [
      ...(words === null ? [] : [words.path]),
      ...pairFiles.map((path) => resolve(path)),
      ...places,
    ],
    pluginFiles: [...files.values()],
    countExamples: (some) => countExamples(some, pairs, news),
    dataLines: [
      ...(readsText ? datasets.map(describeData) : []),
      ...(cells.some(({ task }) => task === 'summarization') ? pairs.map(describePairs) : []),
      ...(news !== null && ranks ? [`data: ${news.edition.title} (${news.source.label})`] : []),
    ],
  };
}

/** Editions of MIND and documents with summaries are no labelled texts: where only they are named, there are none. */
async function chooseTexts(
  options: ReproduceOptions,
  pairPaths: readonly string[],
  folders: readonly string[],
): Promise<ChosenData> {
  const names = options.datasets?.filter(
    (name) => !isNewsName(name) && !isPairName(name) && !pairPaths.includes(name),
  );
  const chosen = await chooseData(names, folders, options, pairPaths.length > 0);
  return names?.length === 0 ? { ...chosen, datasets: [] } : chosen;
}

const describePairs = ({ dataset, source }: ChosenPairs): string =>
  `data: ${dataset.title} (${source.label})${dataset.standIn ? " stands in for the paper's data, so values do not compare with the paper's" : ''}`;

function describeData({ dataset, source }: FoundDataset): string {
  const from = `${dataset.title} (${source.label})`;
  if (dataset.standIn)
    return `data: ${from} stands in for the paper's data, so values do not compare with the paper's`;
  const caveat = dataset.paperColumn?.notComparable ?? null;
  return `data: ${from}${caveat === null ? '' : `; values do not compare: ${caveat}`}`;
}
