/**
 * Where variants are trained that no table of the paper asks for: one dataset, one backend, the sizes of a preset. A cell
 * that a reproduction measured already is the same cell here.
 */
import { resolveBackend } from '../harness/backends/index.js';
import type { BackendName } from '../harness/backends/names.js';
import { cellSchema, type TrainedCell } from '../harness/cell.js';
import { type Job, planJobs } from '../harness/plan.js';
import { allArchitectures, loadPlugins, pluginFiles } from '../harness/plugins.js';
import type { Architecture } from '../architectures/contract.js';
import { type SizeChanges, trainedCell } from '../reports/paper/accuracy-cells.js';
import type { ArchitectureChoice } from '../reports/paper/contract.js';
import type { PresetName } from '../reports/paper/presets.js';
import { dataFolders } from '../tasks/datasets/folders.js';
import type { MeasuringOptions } from './common-options.js';
import { chooseData, type DatasetFlags, textFlags } from './dataset-options.js';
import { UsageError } from './errors.js';

export interface GroundOptions extends MeasuringOptions, DatasetFlags {
  readonly dataset?: string;
  readonly preset: PresetName;
  readonly workers?: number;
}

export interface TrainingGround {
  readonly dataset: { readonly name: string; readonly title: string };
  readonly backend: BackendName;
  /** Built in, and of plugins. */
  readonly architectures: readonly Architecture[];
  readonly dataFolders: readonly string[];
  readonly pluginFiles: readonly string[];
  /** @throws UsageError for sizes that no cell can have */
  readonly cell: (architecture: ArchitectureChoice, seed: number, changes: SizeChanges) => TrainedCell;
  readonly jobs: (cells: readonly TrainedCell[]) => Job[];
}

/** Without a name, the first dataset that is on this machine. */
export async function openGround(options: GroundOptions): Promise<TrainingGround> {
  const plugins = await loadPlugins(options.plugin);
  const names = options.dataset === undefined ? undefined : [options.dataset];
  const { datasets, places } = await chooseData(names, dataFolders(options.data), options);
  const [found] = datasets;
  if (found === undefined) throw new UsageError('no dataset is here; give one with --dataset');
  const { dataset } = found;
  const withText = await textFlags(options);
  const backend = await resolveBackend(options.backend);
  const files = pluginFiles(plugins);
  const chosen = { name: dataset.name, options: found.options };
  return {
    dataset,
    backend,
    architectures: allArchitectures(plugins),
    dataFolders: places,
    pluginFiles: [...files.values()],
    cell: (architecture, seed, changes) =>
      checked(
        trainedCell(architecture, chosen, seed, { preset: options.preset, backend }, changes),
        withText,
      ),
    jobs: (cells) => planJobs(cells, files),
  };
}

function checked(cell: TrainedCell, withText: Awaited<ReturnType<typeof textFlags>>): TrainedCell {
  const { hidden, heads } = cell.encoder;
  if (hidden % heads !== 0) throw new UsageError(`${heads} heads do not divide a hidden size of ${hidden}`);
  const parsed = cellSchema.parse(withText(cell));
  if (parsed.kind !== 'encoder') throw new Error('a trained cell became another');
  return parsed;
}
