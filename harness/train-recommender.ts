/**
 * Runs a recommender cell: for each member, epochs over clicks with Adam, the best epoch by validation AUC; then the
 * test impressions once, by the mean of the members' scores.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture } from '../architectures/contract.js';
import { hash } from '../architectures/random.js';
import type { RecommendationData } from '../tasks/recommendation/data.js';
import { evaluateRanking } from '../tasks/recommendation/evaluate.js';
import type { Impression } from '../tasks/recommendation/mind/behaviors.js';
import { createSamples, type SampleOptions } from '../tasks/recommendation/samples.js';
import type { BackendInfo } from './backends/index.js';
import type { RecommenderCell } from './cell.js';
import type { Report } from './cell-event.js';
import { describeExecution } from './compilation.js';
import { countParameters } from './costs.js';
import { describeRecommendationData } from './describe-recommendation.js';
import { baselineResidentBytes, memoryOf, peakTensorBytes } from './memory.js';
import { emptyOutcome } from './outcome.js';
import type { RankingMember } from './ranking-record.js';
import type { Failure, Outcome } from './record.js';
import { scoreImpressions } from './recommender-scores.js';
import { batchTensors, prepareRecommender, type RecommenderSteps } from './recommender-steps.js';
import { readNumber } from './training-step.js';

/** The best epoch must be better than a random order. */
const chanceAuc = 0.5;

export interface RecommenderRequest {
  readonly cell: RecommenderCell;
  readonly architecture: Architecture;
  readonly data: RecommendationData;
  readonly backend: BackendInfo;
  /** Impressions without labels that are scored too, at the end. */
  readonly hidden: readonly Impression[];
}

export async function trainRecommender(
  request: RecommenderRequest,
  report: Report,
): Promise<{ readonly outcome: Outcome; readonly hiddenScores: number[][] }> {
  const { cell, data } = request;
  const baseline = baselineResidentBytes();
  const start = performance.now();
  const trained: Trained[] = [];
  for (let index = 0; index < cell.members; index++)
    trained.push(await trainMember(request, cell.seed + index, report));
  const outcome = describeTrained(request, trained);
  return {
    outcome: {
      ...outcome,
      seconds: (performance.now() - start) / 1000,
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
    failure,
  };
}

/** What one model left: the model itself is gone. */
interface Trained {
  readonly member: RankingMember;
  readonly failure: Failure | null;
  /** Of the test impressions' candidates. */
  readonly scores: readonly (readonly number[])[];
  readonly scoringSeconds: number;
  readonly hiddenScores: readonly (readonly number[])[];
  readonly execution: ReturnType<typeof describeExecution>;
  readonly tensorBytes: number | null;
  readonly parameters: number;
}

async function trainMember(
  { cell, architecture, data, hidden }: RecommenderRequest,
  seed: number,
  report: Report,
): Promise<Trained> {
  const steps = prepareRecommender(cell, seed, architecture, data, countSteps(cell, seed, data));
  const tensorBytes = await profileStep(steps, data);
  const { curve, best, failure } = await trainEpochs(steps, data, report);
  const start = performance.now();
  const scores = failure === null ? await scoreImpressions(steps, data, data.test) : [];
  const scoringSeconds = (performance.now() - start) / 1000;
  const metrics = failure === null ? { ...evaluateRanking(data.test, scores).metrics } : {};
  const trained: Trained = {
    member: { seed, metrics, bestEpoch: best, curve },
    failure,
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

interface Epochs {
  readonly curve: RankingMember['curve'];
  readonly best: number | null;
  readonly failure: Failure | null;
}

/** Leaves the parameters of the best epoch in place. */
async function trainEpochs(
  steps: RecommenderSteps,
  data: RecommendationData,
  report: Report,
): Promise<Epochs> {
  const { cell, state } = steps;
  const parameters = [...steps.parameters.variables.values()];
  const curve: RankingMember['curve'] = [];
  let best: { epoch: number; score: number; parameters: tf.Tensor[] } | null = null;
  for (let epoch = 1; epoch <= cell.training.maxEpochs; epoch++) {
    const start = performance.now();
    const trainLoss = await trainEpoch(steps, data, epoch);
    if (!Number.isFinite(trainLoss)) return { curve, best: null, failure: diverged(epoch) };
    const validationAuc = await validate(steps, data, data.validation);
    const seconds = (performance.now() - start) / 1000;
    curve.push({ epoch, trainLoss, validationAuc, seconds });
    report({ kind: 'epoch', epoch, of: cell.training.maxEpochs, trainLoss, seconds });
    if (best !== null && validationAuc <= best.score) continue;
    tf.dispose(best?.parameters);
    best = { epoch, score: validationAuc, parameters: state.snapshot(parameters) };
  }
  if (best === null) return { curve, best: null, failure: null };
  state.restore(best.parameters, parameters);
  tf.dispose(best.parameters);
  return { curve, best: best.epoch, failure: best.score > chanceAuc ? null : didNotLearn(best.score) };
}

/** One pass over the clicks; gives the mean loss of the batches, NaN as soon as one is not finite. */
async function trainEpoch(steps: RecommenderSteps, data: RecommendationData, epoch: number): Promise<number> {
  let [sum, count] = [0, 0];
  for (const batch of createSamples(data.train, sampleOptions(steps.cell, steps.seed, epoch))) {
    const inputs = {
      ...batchTensors(data.news, batch, steps.cell),
      ...stepInputs(steps, epoch * 1_000_003 + count),
    };
    const loss = await readNumber(steps.step.run(inputs).loss);
    tf.dispose(inputs);
    if (!Number.isFinite(loss)) return NaN;
    sum += loss;
    count += 1;
  }
  return sum / count;
}

async function validate(
  steps: RecommenderSteps,
  data: RecommendationData,
  impressions: readonly Impression[],
): Promise<number> {
  const scores = await scoreImpressions(steps, data, impressions);
  return evaluateRanking(impressions, scores).metrics.auc;
}

const sampleOptions = (
  { recommender: { history }, training: { batchSize, negatives } }: RecommenderCell,
  seed: number,
  epoch: number,
): SampleOptions => ({ batchSize, negatives, history, seed, epoch });

/** How often each number of news in a batch will come. */
function countSteps(cell: RecommenderCell, seed: number, data: RecommendationData): (news: number) => number {
  const counts = new Map<number, number>();
  for (let epoch = 1; epoch <= cell.training.maxEpochs; epoch++)
    for (const { news } of createSamples(data.train, sampleOptions(cell, seed, epoch)))
      counts.set(news.length, (counts.get(news.length) ?? 0) + 1);
  return (news) => counts.get(news) ?? 0;
}

/** Peak bytes of one training step. It counts as no step: every variable is put back. */
async function profileStep(steps: RecommenderSteps, data: RecommendationData): Promise<number | null> {
  const [batch] = createSamples(data.train, sampleOptions(steps.cell, steps.seed, 1));
  if (batch === undefined) return null;
  const inputs = { ...batchTensors(data.news, batch, steps.cell), ...stepInputs(steps, 0) };
  const known = steps.step.peakBytes(inputs);
  const kept = known === null ? steps.state.snapshot() : [];
  const bytes =
    known ??
    (await peakTensorBytes(() => {
      steps.step.run(inputs).loss.dispose();
    }));
  if (known === null) steps.state.restore(kept);
  tf.dispose([inputs, kept]);
  return bytes;
}

/** What changes from step to step beside the batch. */
const stepInputs = ({ cell, seed }: RecommenderSteps, step: number) => ({
  seed: tf.tensor1d([hash(`${seed}/dropout/${step}`) >>> 1 || 1], 'int32'),
  learningRate: tf.scalar(cell.training.learningRate),
});

/** Multiply-adds of the mixers for one user with a full history, as the architecture declares them. */
function mixerProducts({ recommender, options }: RecommenderCell, architecture: Architecture): number {
  const { hidden, heads, layers, titleLength, history } = recommender;
  const parsed = architecture.options.parse(options);
  const of = (length: number) => architecture.cost({ length, hidden, heads }, parsed).multiplyAdds;
  return layers * (history * of(titleLength) + of(history));
}

const diverged = (epoch: number): Failure => ({
  kind: 'diverged',
  message: `the loss was not finite in epoch ${epoch}`,
});

const didNotLearn = (score: number): Failure => ({
  kind: 'did not learn',
  message: `the best validation AUC, ${score.toFixed(4)}, does not pass a random order, ${chanceAuc.toFixed(4)}`,
});
