/** Reads documents with summaries and runs a cell of summarization: a model, or a floor. */
import type { Architecture } from '../architectures/contract.js';
import { findPairDataset } from '../tasks/datasets/pair-datasets.js';
import type { PairData, SummarizationData } from '../tasks/summarization/data.js';
import { summaryFloors } from '../tasks/summarization/floors/index.js';
import { loadPairs, numberPairs } from '../tasks/summarization/load.js';
import { createSubwords } from '../tasks/summarization/subwords.js';
import { startBackend } from './backends/index.js';
import type { BackendName } from './backends/index.js';
import type { SummarizerCell, SummaryFloorCell } from './cell.js';
import type { Report } from './cell-event.js';
import { failed } from './outcome.js';
import { type DataPlaces, preparedOnce } from './prepared-data.js';
import type { Outcome } from './record.js';
import type { CellRequest } from './run-cell.js';
import { runSummaryFloor } from './summary-floor.js';
import { trainSummarizer } from './train-summarizer.js';

export async function runSummaryFloorCell(cell: SummaryFloorCell, places: DataPlaces): Promise<Outcome> {
  const floor = summaryFloors.find(({ name }) => name === cell.architecture);
  if (floor === undefined) return failed('unsupported', `no floor of summarization ${cell.architecture}`);
  return runSummaryFloor(floor, await readPairs(cell, places), cell.seed);
}

export async function runSummarizerCell(
  cell: SummarizerCell,
  architecture: Architecture,
  places: CellRequest,
  report: Report,
): Promise<Outcome> {
  report({ kind: 'phase', text: 'reading data' });
  const data = await loadForSummarizer(cell, places);
  const backend = await startBackend(cell.backend as BackendName);
  report({ kind: 'phase', text: 'training' });
  return trainSummarizer({ cell, architecture, data, backend, checkpoints: places.checkpoints }, report);
}

/** The data as the cell asks for it. */
export async function loadForSummarizer(
  cell: SummarizerCell,
  places: DataPlaces,
): Promise<SummarizationData> {
  const { sourceLength, targetLength } = cell.summarizer;
  const { vocabulary } = cell.training;
  const request = { ...placesOf(cell, places), vocabulary, sourceLength, targetLength };
  const { merges, ...data } = await preparedOnce(places.preparedFolder, request, async () => {
    const { subwords, ...numbered } = numberPairs(await readPairs(cell, places), request);
    return { ...numbered, merges: subwords.merges };
  });
  return { ...data, subwords: createSubwords(merges) };
}

const readPairs = (cell: SummarizerCell | SummaryFloorCell, places: DataPlaces): Promise<PairData> =>
  loadPairs({ dataset: findPairDataset(cell.dataset.name), ...placesOf(cell, places) });

const placesOf = ({ dataset }: SummarizerCell | SummaryFloorCell, { dataFolders }: DataPlaces) => ({
  folders: dataFolders,
  choice: dataset,
});
