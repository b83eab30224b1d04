/** Made-up records of news recommendation and of summarization: scores by hand, all else fixed. */
import type {
  RankingFloorCell,
  RecommenderCell,
  SummarizerCell,
  SummaryFloorCell,
} from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { recordOf } from './records.js';

const rankingOf = (auc: number): NonNullable<RunRecord['ranking']> => ({
  data: {
    label: 'MINDsmall_train.zip',
    sha256: 'd'.repeat(64),
    splitRule: 'scored on the last day',
    news: 50_000,
    topics: 17,
    vocabulary: 20_000,
    wordVectorsFound: null,
    newsVectorsFound: null,
    impressions: { train: 3_000, validation: 400, test: 900 },
    emptyHistories: 20,
    meanHistory: 30,
    problems: { 'repeated impressions': 3 },
  },
  impressionInterval: {
    auc: [auc - 0.02, auc + 0.02],
    mrr: [0.2, 0.3],
    ndcg5: [0.2, 0.3],
    ndcg10: [0.2, 0.3],
  },
  slices: [
    { name: '0', impressions: 20, metrics: { auc: 0.5 } },
    { name: '> 20', impressions: 880, metrics: { auc } },
  ],
  members: [],
  impressionsPerSecond: 2_000,
});

export const rankingRecord = (cell: RecommenderCell | RankingFloorCell, auc: number): RunRecord =>
  recordOf(cell, {
    metrics: { auc, mrr: auc / 2, ndcg5: auc / 2, ndcg10: auc / 2 },
    ranking: rankingOf(auc),
  });

const summaryOf = (prediction: string, score: number): NonNullable<RunRecord['summary']> => ({
  data: {
    label: 'cnn_stories.tgz',
    sha256: 'd'.repeat(64),
    standIn: false,
    splitRule: 'by a hash of the id',
    documents: { train: 800, validation: 100, test: 100 },
    empty: 0,
    duplicates: 0,
    meanDocument: 640,
    meanSummary: 34,
  },
  documentInterval: {
    rouge1: [score - 0.01, score + 0.01],
    rouge2: [0, 0.1],
    rougeLsum: [score - 0.02, score + 0.02],
  },
  training: {
    vocabulary: 4_000,
    bestEpoch: 2,
    curve: [
      { epoch: 1, trainLoss: 5, validationLogLikelihood: -5, seconds: 9 },
      { epoch: 2, trainLoss: 4, validationLogLikelihood: -4.5, seconds: 9 },
    ],
    trainedTokensPerSecond: 5_000,
    documentsPerSecond: 3,
  },
  texts: [{ id: 'a', target: 'what should be', prediction }],
});

/** @param prediction - what was written of the one document that is kept */
export const summaryRecord = (
  cell: SummarizerCell | SummaryFloorCell,
  score: number,
  prediction = 'what was',
): RunRecord =>
  recordOf(cell, {
    metrics: { rouge1: score, rouge2: score / 3, rougeL: score / 2, rougeLsum: score - 0.02 },
    summary: summaryOf(prediction, score),
  });
