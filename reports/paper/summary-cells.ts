/** The cells of summarization, in the sizes of a preset. */
import type { SummarizerCell, SummaryFloorCell } from '../../harness/cell.js';
import type { ArchitectureChoice, CellRequest, DatasetRequest } from './contract.js';
import { presets, type PresetName } from './presets.js';

export function summarizerCell(
  architecture: ArchitectureChoice,
  dataset: DatasetRequest,
  seed: number,
  { preset, backend }: Pick<CellRequest, 'preset' | 'backend'>,
): SummarizerCell {
  const { summarizer, training, decoding, documents } = sizesFor(preset, dataset.name);
  return {
    task: 'summarization',
    kind: 'summarizer',
    architecture: architecture.name,
    options: architecture.options,
    dataset: { ...dataset, ...documents },
    summarizer,
    training,
    decoding,
    seed,
    backend,
    execution: 'auto',
    precision: 'float32',
  };
}

export const summaryFloorCell = (
  architecture: string,
  dataset: DatasetRequest,
  seed: number,
  { preset }: Pick<CellRequest, 'preset'>,
): SummaryFloorCell => ({
  task: 'summarization',
  kind: 'summary-floor',
  architecture,
  dataset: { ...dataset, ...presets[preset].summarization.documents },
  seed,
  backend: 'none',
});

/** A preset's sizes, with what a dataset has of its own: abstracts are longer than highlights, and subjects shorter. */
function sizesFor(preset: PresetName, dataset: string) {
  const { own, ...common } = presets[preset].summarization;
  const { summarizer, training, decoding } = own[dataset] ?? {};
  return {
    ...common,
    summarizer: { ...common.summarizer, ...summarizer },
    training: { ...common.training, ...training },
    decoding: { ...common.decoding, ...decoding },
  };
}

/** The floors that mean something for a dataset, weakest first. */
export function floorsFor(dataset: string): string[] {
  if (dataset === 'cnn-dailymail') return ['random-sentences', 'lead-3', 'oracle-extract'];
  if (dataset === 'pubmed') return ['random-sentences', 'lead-10', 'oracle-extract'];
  return ['random-sentences', 'first-five-words', 'lead-1', 'oracle-extract'];
}
