/** Reads MIND and runs a cell of recommendation: a recommender, or a ranking floor. */
import type { Architecture } from '../architectures/contract.js';
import { DataError } from '../tasks/datasets/contract.js';
import { mindEditions } from '../tasks/datasets/mind.js';
import type { RecommendationData } from '../tasks/recommendation/data.js';
import { floors } from '../tasks/recommendation/floors/index.js';
import { loadRecommendation, type RecommendationRequest } from '../tasks/recommendation/load.js';
import { startBackend } from './backends/index.js';
import type { BackendName } from './backends/index.js';
import type { RankingFloorCell, RecommenderCell } from './cell.js';
import type { Report } from './cell-event.js';
import { failed } from './outcome.js';
import { type DataPlaces, preparedOnce } from './prepared-data.js';
import { runRankingFloor } from './ranking-floor.js';
import type { Outcome } from './record.js';
import type { CellRequest } from './run-cell.js';
import { trainRecommender } from './train-recommender.js';

export async function runFloorCell(cell: RankingFloorCell, places: DataPlaces): Promise<Outcome> {
  const floor = floors.find(({ name }) => name === cell.architecture);
  if (floor === undefined) return failed('unsupported', `no ranking floor ${cell.architecture}`);
  // A floor reads no titles.
  const data = await load(cell, places, { vocabulary: 1, titleLength: 1 });
  return runRankingFloor(floor, data, cell.seed);
}

export async function runRecommenderCell(
  cell: RecommenderCell,
  architecture: Architecture,
  places: CellRequest,
  report: Report,
): Promise<Outcome> {
  report({ kind: 'phase', text: 'reading data' });
  const data = await loadForRecommender(cell, places);
  const backend = await startBackend(cell.backend as BackendName);
  report({ kind: 'phase', text: 'training' });
  const { checkpoints } = places;
  const request = { cell, architecture, data, backend, hidden: [], checkpoints };
  const { outcome } = await trainRecommender(request, report);
  return outcome;
}

/** The data as the cell asks for it. */
export function loadForRecommender(cell: RecommenderCell, places: DataPlaces): Promise<RecommendationData> {
  const { vocabulary, tokenizer, wordVectors, newsVectors } = cell.training;
  const { titleLength, wordSize } = cell.recommender;
  return load(cell, places, {
    vocabulary,
    titleLength,
    tokenizer,
    wordVectors: wordVectors && { ...wordVectors, dimensions: wordSize, seed: cell.seed },
    newsVectors,
  });
}

/** @throws DataError when there is no such edition */
function load(
  { dataset }: RecommenderCell | RankingFloorCell,
  { dataFolders: folders, preparedFolder }: DataPlaces,
  text: Omit<RecommendationRequest, 'edition' | 'folders' | 'counts'>,
): Promise<RecommendationData> {
  const edition = mindEditions.find(({ name }) => name === dataset.name);
  if (edition === undefined)
    throw new DataError(
      `there is no news data ${JSON.stringify(dataset.name)}; there are ${mindEditions.map(({ name }) => name).join(', ')}`,
    );
  const request = { folders, counts: dataset, ...text };
  return preparedOnce(preparedFolder, request, () => loadRecommendation({ edition, ...request }));
}
