/** The cells of summarization, in the sizes of a preset. */
import type { SummarizerCell, SummaryFloorCell } from '../../harness/cell.js';
import { pairDatasets } from '../../tasks/datasets/pair-datasets.js';
import type { ArchitectureChoice, CellRequest, DatasetRequest } from './contract.js';
import { presets, type PresetName } from './presets.js';
import { transformerLength } from './table-4-values.js';
import { sourceLengths } from './table-6-values.js';

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

/**
 * As the Transformer beside it is on the paper's track: it reads the share of what the others read that it reads in the
 * paper. Null on data that the paper does not have.
 */
export function shortened(cell: SummarizerCell): SummarizerCell | null {
  const column = pairDatasets.find(({ name }) => name === cell.dataset.name)?.paperColumn ?? null;
  if (column === null) return null;
  const { sourceLength } = cell.summarizer;
  const length = Math.max(1, Math.round((sourceLength * transformerLength) / sourceLengths[column]));
  return { ...cell, summarizer: { ...cell.summarizer, sourceLength: length } };
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
