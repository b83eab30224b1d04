/** What a recommender's training works on: the model, Adam, their state, and the three compiled steps. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Architecture } from '../architectures/contract.js';
import { createParameters, type Parameters } from '../architectures/scope.js';
import type { NewsData, RecommendationData } from '../tasks/recommendation/data.js';
import { createRecommender, type NewsBatchTensors, type NewsTensors } from '../tasks/recommendation/model.js';
import type { NewsBatch } from '../tasks/recommendation/samples.js';
import { createAdam } from './adam.js';
import { compile, type CompiledStep, createStepState, type StepState } from './backends/compile.js';
import type { RecommenderCell } from './cell.js';
import { compileTrainingStep, startFrom, type TrainingStep } from './training-step.js';

/** Users of a batch, and the news that their places are of. */
export type UserTensors = { readonly vectors: Tensor2D; readonly clicked: Tensor2D };

export interface RecommenderSteps {
  readonly cell: RecommenderCell;
  /** Of this member of the ensemble. */
  readonly seed: number;
  readonly parameters: Parameters;
  /** Parameters, and what Adam keeps beside them. */
  readonly state: StepState;
  readonly step: TrainingStep<NewsBatchTensors>;
  readonly newsStep: CompiledStep<NewsTensors, { vectors: Tensor2D }>;
  readonly userStep: CompiledStep<UserTensors, { users: Tensor2D }>;
  dispose(): void;
}

/** Of evaluation, in one call. */
export const newsAtOnce = 512;
export const usersAtOnce = 128;

/** @param stepsAhead - of training, how often the step will run for a number of news in its batch */
export function prepareRecommender(
  cell: RecommenderCell,
  seed: number,
  architecture: Architecture,
  data: RecommendationData,
  stepsAhead: (news: number) => number,
): RecommenderSteps {
  const parameters = createParameters(seed);
  const options = architecture.options.parse(cell.options);
  const model = createRecommender(parameters.scope, architecture, options, cell.recommender, data);
  startFrom(data.initialTable, parameters, cell.recommender.wordSize);
  const adam = createAdam(parameters.variables, { clipNorm: null, weightDecay: 0 });
  const state = createStepState([...parameters.variables.values(), ...adam.state], cell);
  // Made inside of a step: what is drawn outside of training is nothing.
  const still = () => ({ training: false, seed: tf.tensor1d([1], 'int32') });
  return {
    cell,
    seed,
    parameters,
    state,
    step: compileTrainingStep(model, parameters, adam, {
      state,
      expectedRuns: ({ content }) => stepsAhead(content.shape[0]),
    }),
    newsStep: compile((news) => ({ vectors: model.encodeNews(news, still()) }), {
      state,
      expectedRuns: newsRuns(data, cell),
      name: 'the news encoder',
    }),
    userStep: compile(({ vectors, clicked }) => ({ users: model.encodeUsers(vectors, clicked, still()) }), {
      state,
      expectedRuns: Math.ceil(data.test.length / usersAtOnce),
      name: 'the user encoder',
    }),
    dispose: () => {
      state.dispose();
      adam.dispose();
      parameters.dispose();
    },
  };
}

/** Roughly: each validation and the test read some of the news. */
const newsRuns = ({ news }: RecommendationData, { training }: RecommenderCell): number =>
  (training.maxEpochs * news.ids.length) / newsAtOnce;

/** The contents of some rows of the news table; the caller disposes them. */
export function newsTensors(news: NewsData, rows: Int32Array): NewsTensors {
  const topics = tf.tensor2d(
    Int32Array.from(rows, (row) => news.topicOf[row] as number),
    [rows.length, 1],
    'int32',
  );
  const { vectors, titles, titleLength } = news;
  const content =
    vectors === null
      ? tf.tensor2d(pick(titles, titleLength, rows, Int32Array), [rows.length, titleLength], 'int32')
      : tf.tensor2d(pick(vectors.values, vectors.width, rows, Float32Array), [rows.length, vectors.width]);
  return { content, topics };
}

function pick<T extends Int32Array | Float32Array>(
  table: T,
  width: number,
  rows: Int32Array,
  Kind: new (length: number) => T,
): T {
  const picked = new Kind(rows.length * width);
  for (const [at, row] of rows.entries())
    picked.set(table.subarray(row * width, (row + 1) * width), at * width);
  return picked;
}

export function batchTensors(
  news: NewsData,
  batch: NewsBatch,
  { recommender, training }: RecommenderCell,
): NewsBatchTensors {
  const choices = 1 + training.negatives;
  return {
    ...newsTensors(news, batch.news),
    clicked: tf.tensor2d(
      batch.clicked,
      [batch.clicked.length / recommender.history, recommender.history],
      'int32',
    ),
    candidates: tf.tensor2d(batch.candidates, [batch.candidates.length / choices, choices], 'int32'),
  };
}
