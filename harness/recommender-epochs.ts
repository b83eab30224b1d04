/** The epochs of one recommender: batches of clicks with Adam, the best epoch by validation AUC. */
import { z } from 'zod';
import type { RecommendationData } from '../tasks/recommendation/data.js';
import { rankingMeans } from '../tasks/recommendation/evaluate.js';
import { createSamples, type SampleOptions } from '../tasks/recommendation/samples.js';
import type { RecommenderCell } from './cell.js';
import type { Keeping } from './checkpoints/keeper.js';
import { runEpochs, runSteps } from './epochs.js';
import { scoreImpressions } from './recommender-scores.js';
import { batchTensors, type RecommenderSteps } from './recommender-steps.js';
import { stepInputs, stepPeakBytes } from './training-step.js';

/** The best epoch must be better than a random order. */
const chanceAuc = 0.5;

/** Leaves the parameters of the best epoch in place. */
export function trainEpochs(steps: RecommenderSteps, data: RecommendationData, kept: Keeping) {
  const { cell, parameters, state, step, seed } = steps;
  const { maxEpochs, learningRate } = cell.training;
  return runEpochs({
    ...kept,
    maxEpochs,
    parameters,
    state,
    noted: z.strictObject({ validationAuc: z.number() }),
    train: (epoch, pass) =>
      runSteps({ step, seed, learningRate }, epoch, clickTensors(steps, data, epoch), pass),
    validate: async () => {
      const scores = await scoreImpressions(steps, data, data.validation);
      const { auc } = rankingMeans(data.validation, scores);
      return { score: auc, noted: { validationAuc: auc } };
    },
    floor: { score: chanceAuc, title: 'a random order' },
    scoreTitle: 'AUC',
  });
}

function* clickTensors({ cell, seed }: RecommenderSteps, data: RecommendationData, epoch: number) {
  for (const batch of createSamples(data.train, sampleOptions(cell, seed, epoch)))
    yield batchTensors(data.news, batch, cell);
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

/** Peak bytes of one training step. */
export async function profileStep(steps: RecommenderSteps, data: RecommendationData): Promise<number | null> {
  const { cell, seed, step, state } = steps;
  const [batch] = createSamples(data.train, sampleOptions(cell, seed, 1));
  if (batch === undefined) return null;
  const given = stepInputs(seed, cell.training.learningRate, 0);
  return stepPeakBytes(step, state, { ...batchTensors(data.news, batch, cell), ...given });
}
