/** The cells of news recommendation, in the sizes of a preset. */
import type { RankingFloorCell, RecommenderCell, RecommenderTraining } from '../../harness/cell.js';
import type { ArchitectureChoice, CellRequest, DatasetRequest } from './contract.js';
import { presets } from './presets.js';

/** NRMS has 20 heads, at every preset; nothing else has. */
export const nrmsHeads = 20;

/** What is not the preset's. */
export interface RecommenderChanges {
  readonly category?: boolean;
  readonly members?: number;
  readonly newsVectors?: RecommenderTraining['newsVectors'] | undefined;
  readonly sizes?: Partial<RecommenderCell['recommender']>;
}

type Sizes = Pick<CellRequest, 'preset' | 'backend' | 'newsWords'>;

export function recommenderCell(
  architecture: ArchitectureChoice,
  news: DatasetRequest,
  seed: number,
  { preset, backend, newsWords = null }: Sizes,
  { category = false, members = 1, newsVectors, sizes }: RecommenderChanges = {},
): RecommenderCell {
  const { recommender, training, impressions, wordVectors } = presets[preset].recommendation;
  const words = wordVectors ? newsWords : null;
  return {
    task: 'recommendation',
    kind: 'recommender',
    architecture: architecture.name,
    options: architecture.options,
    dataset: { ...news, ...impressions },
    recommender: {
      ...recommender,
      category,
      ...sizes,
      ...(words === null ? {} : { wordSize: words.width }),
    },
    training: {
      ...training,
      ...(words?.choice === undefined ? {} : { wordVectors: words.choice }),
      ...(newsVectors === undefined ? {} : { newsVectors }),
    },
    members,
    seed,
    backend,
    execution: 'auto',
    precision: 'float32',
  };
}

export const rankingFloorCell = (
  architecture: string,
  news: DatasetRequest,
  seed: number,
  { preset }: Pick<CellRequest, 'preset'>,
): RankingFloorCell => ({
  task: 'recommendation',
  kind: 'ranking-floor',
  architecture,
  dataset: { ...news, ...presets[preset].recommendation.impressions },
  seed,
  backend: 'none',
});
