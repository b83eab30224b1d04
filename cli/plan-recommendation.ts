/** The cell of `formerbench run --task recommendation`: sizes of a preset, changed by flags. */
import { resolveBackend } from '../harness/backends/index.js';
import type { RecommenderCell } from '../harness/cell.js';
import { presets } from '../reports/paper/presets.js';
import { nrmsHeads, rankingFloorCell, recommenderCell } from '../reports/paper/ranking-cells.js';
import { floors } from '../tasks/recommendation/floors/index.js';
import { chooseNews, packagedVectors, vectorChoice } from './dataset-options.js';
import { installedWidth } from './word-vectors.js';
import { UsageError } from './errors.js';
import type { RunOptions } from './plan-one.js';
import { checkStepOptions } from './step-options.js';

/** What `--architecture` may name beside architectures. */
export const rankingFloors = floors;

/** @param architectureOptions - parsed; null for a floor */
export async function describeRecommendation(
  options: RunOptions,
  architectureOptions: RecommenderCell['options'] | null,
  folders: readonly string[],
): Promise<object> {
  if (options.dataset === undefined)
    throw new UsageError('--task recommendation needs --dataset: mind-large, mind-small or mind-demo');
  const found = chooseNews([options.dataset], folders);
  if (found === null)
    throw new UsageError(
      `there is no news data '${options.dataset}'; there are mind-large, mind-small and mind-demo`,
    );
  const news = { name: found.edition.name, options: {} };
  const { preset, seed, architecture } = options;
  const counts = defined({ train: options.train, validation: options.validation, test: options.test });
  if (architectureOptions === null) {
    const cell = rankingFloorCell(architecture, news, seed, { preset });
    return { ...cell, dataset: { ...cell.dataset, ...counts } };
  }
  const backend = await resolveBackend(options.backend);
  const chosen = { name: architecture, options: architectureOptions };
  const words = await packagedVectors(options.wordVectors);
  const newsWords = words === null ? null : { choice: words.choice, width: installedWidth };
  const cell = recommenderCell(chosen, news, seed, { preset, backend, newsWords });
  return {
    ...cell,
    ...checkStepOptions(options, backend),
    dataset: { ...cell.dataset, ...counts },
    recommender: { ...cell.recommender, ...sizesOf(options) },
    training: { ...cell.training, ...(await trainingOf(options)) },
    members: options.members,
  };
}

function sizesOf({ length, history, layers, hidden, heads, dropout, category, preset }: RunOptions): object {
  const { nrms } = presets[preset].recommendation;
  return {
    // A model of 20 heads is NRMS, as wide as the preset has it.
    ...(heads === nrmsHeads ? nrms : {}),
    ...defined({ titleLength: length, history, layers, hidden, heads, dropout }),
    category,
  };
}

async function trainingOf(options: RunOptions): Promise<object> {
  const { batch, learningRate, epochs, vocabulary, newsVectors } = options;
  return defined({
    batchSize: batch,
    learningRate,
    maxEpochs: epochs,
    vocabulary,
    newsVectors: newsVectors === undefined ? undefined : await vectorChoice(newsVectors),
  });
}

/** Without the keys that were not given. */
export function defined(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
