/**
 * Scores of impressions: each article that they need is encoded once, users in batches, then dot products.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { RecommendationData } from '../tasks/recommendation/data.js';
import type { Impression } from '../tasks/recommendation/mind/behaviors.js';
import { noNews } from '../tasks/recommendation/mind/news.js';
import { latest } from '../tasks/recommendation/samples.js';
import { newsAtOnce, newsTensors, type RecommenderSteps, usersAtOnce } from './recommender-steps.js';

/** @returns a score for each candidate of each impression, higher is better */
export async function scoreImpressions(
  steps: RecommenderSteps,
  { news }: Pick<RecommendationData, 'news'>,
  impressions: readonly Impression[],
): Promise<number[][]> {
  const { hidden, history } = steps.cell.recommender;
  const { rows, placeOf } = listNews(impressions, history, news.ids.length);
  const vectors = await encodeNews(steps, news, rows);
  const onDevice = tf.tensor2d(vectors, [rows.length, hidden]);
  const scores: number[][] = [];
  for (let start = 0; start < impressions.length; start += usersAtOnce) {
    const some = impressions.slice(start, start + usersAtOnce);
    const clicked = new Int32Array(usersAtOnce * history);
    for (const [i, impression] of some.entries())
      clicked.set(
        latest(impression.history, history).map((row) => placeOf[row] as number),
        i * history,
      );
    const users = await encodeUsers(steps, onDevice, clicked);
    for (const [i, { candidates }] of some.entries())
      scores.push(Array.from(candidates, (row) => dot(users, i, vectors, placeOf[row] as number, hidden)));
  }
  onDevice.dispose();
  return scores;
}

/** The rows that impressions need, "no news" first, and the place of each row among them. */
function listNews(
  impressions: readonly Impression[],
  history: number,
  all: number,
): { rows: Int32Array; placeOf: Int32Array } {
  const needed = new Uint8Array(all);
  needed[noNews] = 1;
  for (const impression of impressions) {
    for (const row of latest(impression.history, history)) needed[row] = 1;
    for (const row of impression.candidates) needed[row] = 1;
  }
  const placeOf = new Int32Array(all);
  const rows: number[] = [];
  for (const [row, isNeeded] of needed.entries()) if (isNeeded === 1) placeOf[row] = rows.push(row) - 1;
  return { rows: Int32Array.from(rows), placeOf };
}

/** [rows, hidden]; the last batch is filled up, so that all have one shape. */
async function encodeNews(
  { newsStep, cell }: RecommenderSteps,
  news: RecommendationData['news'],
  rows: Int32Array,
): Promise<Float32Array> {
  const { hidden } = cell.recommender;
  const all = new Float32Array(rows.length * hidden);
  for (let start = 0; start < rows.length; start += newsAtOnce) {
    const some = new Int32Array(newsAtOnce).fill(noNews);
    const taken = rows.subarray(start, start + newsAtOnce);
    some.set(taken);
    const inputs = newsTensors(news, some);
    const { vectors } = newsStep.run(inputs);
    const values = (await vectors.data()) as Float32Array;
    all.set(values.subarray(0, taken.length * hidden), start * hidden);
    tf.dispose([inputs, vectors]);
  }
  return all;
}

async function encodeUsers(
  { userStep, cell }: RecommenderSteps,
  vectors: tf.Tensor2D,
  clicked: Int32Array,
): Promise<Float32Array> {
  const places = tf.tensor2d(clicked, [usersAtOnce, cell.recommender.history], 'int32');
  const { users } = userStep.run({ vectors, clicked: places });
  const values = (await users.data()) as Float32Array;
  tf.dispose([places, users]);
  return values;
}

function dot(a: Float32Array, i: number, b: Float32Array, j: number, width: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += (a[i * width + k] as number) * (b[j * width + k] as number);
  return sum;
}
