/** Plans a reproduction: every name is checked and every dataset is found before anything runs. */
import { resolveBackend } from '../harness/backends/index.js';
import { type Job, planJobs } from '../harness/plan.js';
import { allArchitectures, loadPlugins, pluginFiles } from '../harness/plugins.js';
import type { PaperTable } from '../reports/paper/contract.js';
import { planCells } from '../reports/paper/index.js';
import { presets, type PresetName } from '../reports/paper/presets.js';
import { dataFolders } from '../tasks/datasets/folders.js';
import {
  chooseArchitectures,
  chooseDatasets,
  chooseTables,
  defaultsOf,
  type FoundDataset,
} from './choose.js';
import type { MeasuringOptions } from './common-options.js';

export interface ReproduceOptions extends MeasuringOptions {
  readonly preset: PresetName;
  readonly only?: readonly string[];
  readonly architectures?: readonly string[];
  readonly datasets?: readonly string[];
  readonly seeds?: number;
  readonly seed: number;
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
}

export async function planReproduction(options: ReproduceOptions): Promise<Plan> {
  const tables = chooseTables(options.only);
  const plugins = await loadPlugins(options.plugin);
  const architectures = chooseArchitectures(options.architectures, allArchitectures(plugins));
  const folders = dataFolders(options.data);
  const datasets = await chooseDatasets(options.datasets, folders);
  const backend = await resolveBackend(options.backend);
  const cells = planCells(tables, {
    preset: options.preset,
    backend,
    architectures,
    datasets: datasets.map(({ dataset }) => ({ name: dataset.name, options: defaultsOf(dataset.options) })),
    seeds: Array.from(
      { length: options.seeds ?? presets[options.preset].seeds },
      (_, index) => options.seed + index,
    ),
  });
  const files = pluginFiles(plugins);
  const readsText = cells.some(({ kind }) => kind !== 'speed');
  return {
    jobs: planJobs(cells, files),
    tables,
    backend,
    dataFolders: folders,
    pluginFiles: [...files.values()],
    dataLines: readsText ? datasets.map(describeData) : [],
  };
}

function describeData({ dataset, source }: FoundDataset): string {
  const from = `${dataset.title} (${source.label})`;
  if (dataset.standIn)
    return `data: ${from} stands in for the paper's data, so values do not compare with the paper's`;
  const caveat = dataset.paperColumn?.notComparable ?? null;
  return `data: ${from}${caveat === null ? '' : `; values do not compare: ${caveat}`}`;
}
