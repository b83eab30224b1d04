import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../architectures/contract.js';
import { architectures } from '../../architectures/index.js';
import type { BackendInfo } from '../../harness/backends/index.js';
import { cellSchema, type RecommenderCell } from '../../harness/cell.js';
import { outcomeSchema } from '../../harness/record.js';
import { loadForRecommender } from '../../harness/run-recommendation.js';
import { trainRecommender } from '../../harness/train-recommender.js';
import { hashFile } from '../../tasks/datasets/checksum.js';
import { useBackend } from '../support/backend.js';
import { recommenderCell } from '../support/small-cells.js';
import { mindFolder, someImpressions, someNews } from '../tasks/recommendation/mind-files.js';

const folder = () => mindFolder({ MINDsmall_train: { news: someNews, behaviors: someImpressions(120) } });
const architectureOf = (name: string) =>
  architectures.find((each) => each.name === name) as unknown as Architecture;

describe('training a recommender', () => {
  const info = useBackend('wasm');
  const train = async (cell: RecommenderCell, folders = [folder()]) => {
    const data = await loadForRecommender(cell, { dataFolders: folders });
    const request = {
      cell,
      architecture: architectureOf(cell.architecture),
      data,
      backend: info as BackendInfo,
      hidden: data.test,
    };
    return trainRecommender(request, () => undefined);
  };

  it('learns what can be learned from titles, and leaves a complete outcome', async () => {
    const { outcome, hiddenScores } = await train(recommenderCell());
    expect(outcomeSchema.parse(outcome)).toEqual(outcome);
    expect(outcome.failure).toBeNull();
    expect(outcome.metrics['auc']).toBeGreaterThan(0.85);
    expect(outcome.ranking?.members[0]?.curve).toHaveLength(3);
    expect(outcome.ranking?.slices.map(({ name }) => name)).toEqual(['0', '1-5', '6-20', '> 20']);
    expect(outcome.ranking?.data.emptyHistories).toBeGreaterThan(0);
    expect(hiddenScores.flat().every(Number.isFinite)).toBe(true);
  });

  it('gives the same numbers for the same seed, and others for another', async () => {
    const numbers = async (seed: number) =>
      (await train(recommenderCell({ seed }, {}, { maxEpochs: 1 }))).outcome.ranking?.members[0]?.curve[0]
        ?.trainLoss;
    const first = await numbers(3);
    expect(await numbers(3)).toBe(first);
    expect(await numbers(4)).not.toBe(first);
  });

  it('averages the scores of an ensemble, whose members are the models of the next seeds', async () => {
    const short = { maxEpochs: 1 };
    const together = await train(recommenderCell({ members: 2 }, {}, short));
    const [one, two] = [
      await train(recommenderCell({}, {}, short)),
      await train(recommenderCell({ seed: 2 }, {}, short)),
    ];
    const mean = one.hiddenScores.map((scores, i) =>
      scores.map((score, at) => (score + two.hiddenScores[i]![at]!) / 2),
    );
    for (const [i, scores] of together.hiddenScores.entries())
      for (const [at, score] of scores.entries()) expect(score).toBeCloseTo(mean[i]![at]!, 5);
    expect(together.outcome.ranking?.members.map(({ metrics }) => metrics)).toEqual([
      one.outcome.metrics,
      two.outcome.metrics,
    ]);
  });

  it('reads given vectors in place of titles', async () => {
    const data = folder();
    const path = join(data, 'vectors.txt');
    const lines = someNews.map((line, i) => `${line.split('\t')[0]} ${i % 2 === 0 ? '1 0 0' : '0 1 0'}`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    const newsVectors = { name: 'vectors.txt', sha256: await hashFile(path) };
    const { outcome } = await train(recommenderCell({}, {}, { newsVectors }), [data]);
    expect(outcome.ranking?.data.newsVectorsFound).toBe(40);
    expect(outcome.metrics['auc']).toBeGreaterThan(0.85);
  });

  it.each(architectures.map(({ name }) => name))('%s reads news and users', async (name) => {
    const cell = recommenderCell({ architecture: name }, { category: true }, { maxEpochs: 1 });
    const { outcome } = await train({ ...cell, dataset: { ...cell.dataset, train: 12, test: 6 } });
    expect(outcome.failure?.kind ?? 'did not learn').toBe('did not learn');
    expect(Number.isFinite(outcome.ranking?.members[0]?.curve[0]?.trainLoss)).toBe(true);
  });

  it('calls a loss that is not finite diverged, and scores nothing', async () => {
    const { outcome } = await train(recommenderCell({}, {}, { learningRate: 1e30 }));
    expect(outcome.failure?.kind).toBe('diverged');
    expect(outcome.metrics).toEqual({});
  });

  it('is a cell that can be written and read', () => {
    expect(cellSchema.parse(recommenderCell())).toEqual(recommenderCell());
  });
});
