/** The epochs of one recommender: batches of clicks with Adam, the best epoch by validation AUC. */
import * as tf from '@tensorflow/tfjs-core';
import { hash } from '../architectures/random.js';
import type { RecommendationData } from '../tasks/recommendation/data.js';
import { evaluateRanking } from '../tasks/recommendation/evaluate.js';
import { createSamples, type SampleOptions } from '../tasks/recommendation/samples.js';
import type { RecommenderCell } from './cell.js';
import type { Report } from './cell-event.js';
import { peakTensorBytes } from './memory.js';
import type { RankingMember } from './ranking-record.js';
import type { Failure } from './record.js';
import { scoreImpressions } from './recommender-scores.js';
import { batchTensors, type RecommenderSteps } from './recommender-steps.js';
import { readNumber } from './training-step.js';

/** The best epoch must be better than a random order. */
const chanceAuc = 0.5;

interface Epochs {
  readonly curve: RankingMember['curve'];
  readonly best: number | null;
  readonly failure: Failure | null;
}

/** Leaves the parameters of the best epoch in place. */
export async function trainEpochs(
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
    const scores = await scoreImpressions(steps, data, data.validation);
    const validationAuc = evaluateRanking(data.validation, scores).metrics.auc;
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

const sampleOptions = (
  { recommender: { history }, training: { batchSize, negatives } }: RecommenderCell,
  seed: number,
  epoch: number,
): SampleOptions => ({ batchSize, negatives, history, seed, epoch });

/** How often each number of news in a batch will come. */
export function countSteps(
  cell: RecommenderCell,
  seed: number,
  data: RecommendationData,
): (news: number) => number {
  const counts = new Map<number, number>();
  for (let epoch = 1; epoch <= cell.training.maxEpochs; epoch++)
    for (const { news } of createSamples(data.train, sampleOptions(cell, seed, epoch)))
      counts.set(news.length, (counts.get(news.length) ?? 0) + 1);
  return (news) => counts.get(news) ?? 0;
}

/** Peak bytes of one training step. It counts as no step: every variable is put back. */
export async function profileStep(steps: RecommenderSteps, data: RecommendationData): Promise<number | null> {
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

const diverged = (epoch: number): Failure => ({
  kind: 'diverged',
  message: `the loss was not finite in epoch ${epoch}`,
});

const didNotLearn = (score: number): Failure => ({
  kind: 'did not learn',
  message: `the best validation AUC, ${score.toFixed(4)}, does not pass a random order, ${chanceAuc.toFixed(4)}`,
});
