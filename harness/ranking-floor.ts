/** Runs a cell of a ranking floor: no network, no backend. */
import type { RecommendationData } from '../tasks/recommendation/data.js';
import { evaluateRanking } from '../tasks/recommendation/evaluate.js';
import type { Floor } from '../tasks/recommendation/floors/contract.js';
import { describeRecommendationData } from './describe-recommendation.js';
import { baselineResidentBytes, memoryOf } from './memory.js';
import { emptyOutcome } from './outcome.js';
import type { Outcome } from './record.js';

export function runRankingFloor(floor: Floor, data: RecommendationData, seed: number): Outcome {
  const resident = baselineResidentBytes();
  const start = performance.now();
  const { metrics, impressionInterval, slices } = evaluateRanking(
    data.test,
    data.test.map(floor.fit(data, seed)),
  );
  const seconds = (performance.now() - start) / 1000;
  return {
    ...emptyOutcome,
    metrics: { ...metrics },
    seconds,
    memory: memoryOf(resident, null),
    ranking: {
      data: describeRecommendationData(data),
      impressionInterval,
      slices: [...slices],
      members: [],
      impressionsPerSecond: data.test.length / seconds,
    },
  };
}
