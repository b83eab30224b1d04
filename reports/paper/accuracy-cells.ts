/** The cells of accuracy tables, in the sizes of a preset. The same request gives the same cell, whichever table asks. */
import type { BaselineCell, EncoderSizes, TrainedCell, Training } from '../../harness/cell.js';
import type { ArchitectureChoice, CellRequest, DatasetRequest } from './contract.js';
import { presets } from './presets.js';

/** What is not the preset's. */
export interface SizeChanges {
  readonly encoder?: Partial<EncoderSizes> | undefined;
  readonly training?: Partial<Training> | undefined;
}

/** What of a request a cell depends on. */
type Sizes = Pick<CellRequest, 'preset' | 'backend'>;

export function trainedCell(
  architecture: ArchitectureChoice,
  dataset: DatasetRequest,
  seed: number,
  request: Sizes,
  changes: SizeChanges = {},
): TrainedCell {
  const { encoder, training } = presets[request.preset].accuracy;
  return {
    task: 'classification',
    kind: 'encoder',
    architecture: architecture.name,
    options: architecture.options,
    dataset: choice(dataset, request),
    encoder: { ...encoder, ...changes.encoder },
    training: { ...training, ...changes.training },
    seed,
    backend: request.backend,
    execution: 'auto',
    precision: 'float32',
  };
}

/** One seed is enough: a baseline draws nothing. */
export function baselineCell(
  architecture: string,
  dataset: DatasetRequest,
  request: CellRequest,
): BaselineCell {
  return {
    task: 'classification',
    kind: 'baseline',
    architecture,
    dataset: choice(dataset, request),
    vocabulary: presets[request.preset].accuracy.training.vocabulary,
    seed: request.seeds[0] ?? 1,
    backend: 'none',
  };
}

const choice = (dataset: DatasetRequest, request: Pick<CellRequest, 'preset'>) => ({
  name: dataset.name,
  options: dataset.options,
  ...presets[request.preset].accuracy.examples,
});
