/**
 * Runs a recommender cell: for each member, epochs over clicks with Adam, the best epoch by validation AUC; then the
 * test impressions once, by the mean of the members' scores.
 */
import type { Architecture } from '../architectures/contract.js';
import type { RecommendationData } from '../tasks/recommendation/data.js';
import { evaluateRanking, rankingMeans } from '../tasks/recommendation/evaluate.js';
import type { Impression } from '../tasks/recommendation/mind/behaviors.js';
import type { BackendInfo } from './backends/index.js';
import type { RecommenderCell } from './cell.js';
import type { Report } from './cell-event.js';
import { type Clock, startClock } from './checkpoints/clock.js';
import { type CheckpointPlace, modelCheckpoint } from './checkpoints/file.js';
import { describeExecution } from './compilation.js';
import { countParameters } from './costs.js';
import { describeRecommendationData } from './describe-recommendation.js';
import { baselineResidentBytes, memoryOf } from './memory.js';
import { emptyOutcome } from './outcome.js';
import type { RankingMember } from './ranking-record.js';
import type { Failure, Outcome } from './record.js';
import { countSteps, profileStep, trainEpochs } from './recommender-epochs.js';
import { scoreImpressions } from './recommender-scores.js';
import { prepareRecommender } from './recommender-steps.js';

export interface RecommenderRequest {
  readonly cell: RecommenderCell;
  readonly architecture: Architecture;
  readonly data: RecommendationData;
  readonly backend: BackendInfo;
  /** Impressions without labels that are scored too, at the end. */
  readonly hidden: readonly Impression[];
  /** Without it nothing is kept half-way. */
  readonly checkpoints?: CheckpointPlace | undefined;
}

export async function trainRecommender(
  request: RecommenderRequest,
  report: Report,
): Promise<{ readonly outcome: Outcome; readonly hiddenScores: number[][] }> {
  const { cell } = request;
  const baseline = baselineResidentBytes();
  const clock = startClock();
  const trained: Trained[] = [];
  for (let index = 0; index < cell.members; index++)
    trained.push(await trainMember(request, cell.seed + index, clock, report));
  const outcome = describeTrained(request, trained);
  return {
    outcome: {
      ...outcome,
      seconds: clock.seconds(),
      memory: memoryOf(baseline, trained[0]?.tensorBytes ?? null),
    },
    hiddenScores: meanScores(trained.map(({ hiddenScores }) => hiddenScores)),
  };
}

function describeTrained(
  { cell, architecture, data, backend }: RecommenderRequest,
  trained: readonly Trained[],
): Outcome {
  const failure = trained.find((each) => each.failure !== null)?.failure ?? null;
  const scoringSeconds = trained.reduce((sum, each) => sum + each.scoringSeconds, 0);
  const all = meanScores(trained.map(({ scores }) => scores));
  const evaluation = failure === null ? evaluateRanking(data.test, all) : null;
  const [first] = trained;
  return {
    ...emptyOutcome,
    backend,
    ...first?.execution,
    metrics: { ...evaluation?.metrics },
    costs: { parameters: first?.parameters ?? 0, mixerMultiplyAdds: mixerProducts(cell, architecture) },
    ranking: {
      data: describeRecommendationData(data),
      impressionInterval: evaluation?.impressionInterval ?? null,
      slices: [...(evaluation?.slices ?? [])],
      members: trained.map(({ member }) => member),
      impressionsPerSecond: failure === null ? (cell.members * data.test.length) / scoringSeconds : null,
    },
    resumed: Math.max(...trained.map(({ resumed }) => resumed)),
    failure,
  };
}

/** What one model left: the model itself is gone. */
interface Trained {
  readonly member: RankingMember;
  readonly failure: Failure | null;
  readonly resumed: number;
  /** Of the test impressions' candidates. */
  readonly scores: readonly (readonly number[])[];
  readonly scoringSeconds: number;
  readonly hiddenScores: readonly (readonly number[])[];
  readonly execution: ReturnType<typeof describeExecution>;
  readonly tensorBytes: number | null;
  readonly parameters: number;
}

async function trainMember(
  { cell, architecture, data, hidden, checkpoints }: RecommenderRequest,
  seed: number,
  clock: Clock,
  report: Report,
): Promise<Trained> {
  const steps = prepareRecommender(cell, seed, architecture, data, countSteps(cell, seed, data));
  const tensorBytes = await profileStep(steps, data);
  const checkpoint = modelCheckpoint(checkpoints, cell.backend, seed);
  const { curve, best, failure, resumed } = await trainEpochs(steps, data, { report, clock, checkpoint });
  const start = performance.now();
  const scores = failure === null ? await scoreImpressions(steps, data, data.test) : [];
  const scoringSeconds = (performance.now() - start) / 1000;
  const metrics = failure === null ? { ...rankingMeans(data.test, scores) } : {};
  const trained: Trained = {
    member: { seed, metrics, bestEpoch: best, curve },
    failure,
    resumed,
    scores,
    scoringSeconds,
    hiddenScores: failure === null && hidden.length > 0 ? await scoreImpressions(steps, data, hidden) : [],
    execution: describeExecution(steps.step, [steps.newsStep, steps.userStep], cell.precision),
    tensorBytes,
    parameters: countParameters(steps.parameters),
  };
  steps.dispose();
  return trained;
}

/** The mean of the members' scores of each candidate. */
function meanScores(members: readonly (readonly (readonly number[])[])[]): number[][] {
  const [first = [], ...others] = members;
  return first.map((scores, i) =>
    scores.map(
      (score, at) => others.reduce((sum, other) => sum + (other[i]?.[at] ?? NaN), score) / members.length,
    ),
  );
}

/** Multiply-adds of the mixers for one user with a full history, as the architecture declares them. */
function mixerProducts({ recommender, options }: RecommenderCell, architecture: Architecture): number {
  const { hidden, heads, layers, titleLength, history } = recommender;
  const parsed = architecture.options.parse(options);
  const of = (length: number) => architecture.cost({ length, hidden, heads }, parsed).multiplyAdds;
  return layers * (history * of(titleLength) + of(history));
}
