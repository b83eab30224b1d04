/**
 * Runs one cell in this process and gives what it measured. Whatever goes wrong with the model, the data or a plugin
 * becomes a typed failure; what kills the process is told by the parent.
 */
import { architectures } from '../architectures/index.js';
import type { Architecture } from '../architectures/contract.js';
import { baselines } from '../tasks/classification/baselines/index.js';
import { type ClassificationRequest, loadClassification } from '../tasks/classification/load.js';
import type { ClassificationData } from '../tasks/classification/data.js';
import { DataError } from '../tasks/datasets/contract.js';
import { findDataset } from '../tasks/datasets/index.js';
import { DatasetMissing } from '../tasks/datasets/missing.js';
import { NoGraph } from './backends/compile.js';
import { startBackend } from './backends/index.js';
import type { BackendName } from './backends/index.js';
import { runBaseline } from './baseline.js';
import { type BaselineCell, type Cell, isFloor, type TrainedCell } from './cell.js';
import type { AwaitTurn, SpeedReport } from './cell-event.js';
import type { CheckpointPlace } from './checkpoints/file.js';
import { messageOf } from './errors.js';
import { failed } from './outcome.js';
import { allArchitectures, loadPlugins } from './plugins.js';
import { type DataPlaces, preparedOnce } from './prepared-data.js';
import type { Outcome } from './record.js';
import { runFloorCell, runRecommenderCell } from './run-recommendation.js';
import { runSummarizerCell, runSummaryFloorCell } from './run-summarization.js';
import { runSpeed } from './speed.js';
import { runTraining } from './train.js';

export interface CellRequest extends DataPlaces {
  readonly cell: Cell;
  /** Files of architectures that are not built in. */
  readonly plugins: readonly string[];
  /** Where training is kept half-way; without it, nowhere. */
  readonly checkpoints?: CheckpointPlace | undefined;
}

export async function runCell(request: CellRequest, report: SpeedReport, turn: AwaitTurn): Promise<Outcome> {
  try {
    return await dispatch(request, report, turn);
  } catch (error) {
    return failureOf(error, request);
  }
}

async function dispatch(request: CellRequest, report: SpeedReport, turn: AwaitTurn): Promise<Outcome> {
  const { cell, plugins } = request;
  if (cell.kind === 'baseline') {
    const baseline = baselines.find(({ name }) => name === cell.architecture);
    if (baseline === undefined) return failed('unsupported', `no baseline ${cell.architecture}`);
    const { vocabulary, tokenizer } = cell;
    const length = Number.MAX_SAFE_INTEGER;
    return runBaseline(baseline, await load(cell, request, { vocabulary, tokenizer, length }));
  }
  if (cell.kind === 'ranking-floor') return runFloorCell(cell, request);
  if (cell.kind === 'summary-floor') return runSummaryFloorCell(cell, request);
  const architecture = await findArchitecture(cell.architecture, plugins);
  if (cell.kind === 'recommender') return runRecommenderCell(cell, architecture, request, report);
  if (cell.kind === 'summarizer') return runSummarizerCell(cell, architecture, request, report);
  if (cell.kind === 'speed') {
    const backend = await startBackend(cell.backend as BackendName);
    return runSpeed(cell, architecture, backend, report, { turn });
  }
  report({ kind: 'phase', text: 'reading data' });
  const { vocabulary, tokenizer, wordVectors } = cell.training;
  const { length, hidden } = cell.encoder;
  const vectors = wordVectors && { ...wordVectors, dimensions: hidden, seed: cell.seed };
  const data = await load(cell, request, { vocabulary, tokenizer, length, wordVectors: vectors });
  const backend = await startBackend(cell.backend as BackendName);
  report({ kind: 'phase', text: 'training' });
  return runTraining({ cell, architecture, data, backend, checkpoints: request.checkpoints }, report);
}

export async function findArchitecture(name: string, plugins: readonly string[]): Promise<Architecture> {
  const known = allArchitectures(await loadPlugins(plugins));
  const architecture = known.find((each) => each.name === name);
  if (architecture === undefined) throw new Error(`no architecture ${name}`);
  return architecture;
}

function load(
  { dataset }: TrainedCell | BaselineCell,
  { dataFolders: folders, preparedFolder }: DataPlaces,
  text: Omit<ClassificationRequest, 'dataset' | 'folders' | 'choice'>,
): Promise<ClassificationData> {
  const request = { folders, choice: dataset, ...text };
  return preparedOnce(preparedFolder, request, () =>
    loadClassification({ dataset: findDataset(dataset.name), ...request }),
  );
}

function failureOf(error: unknown, { cell, plugins }: CellRequest): Outcome {
  const message = messageOf(error);
  if (error instanceof DatasetMissing) return failed('dataset missing', message);
  if (error instanceof DataError) return failed('bad data', message);
  if (error instanceof NoGraph) return failed('unsupported', message);
  if (
    /out of memory|OOM|bad_alloc|allocation failed|Invalid array length|memory access out of bounds/i.test(
      message,
    )
  ) {
    return failed('out of memory', message);
  }
  const builtIn = architectures.some(({ name }) => name === cell.architecture);
  if (plugins.length > 0 && !builtIn && !isFloor(cell)) return failed('plugin error', message);
  return failed('crashed', message);
}
