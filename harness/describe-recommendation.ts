/** What a record says of the news and impressions that a cell was run on. */
import type { RecommendationData } from '../tasks/recommendation/data.js';
import type { RankingDataRecord } from './ranking-record.js';

export function describeRecommendationData(data: RecommendationData): RankingDataRecord {
  const { news, train, validation, test } = data;
  const clicks = test.reduce((sum, { history }) => sum + history.length, 0);
  return {
    label: data.label,
    sha256: data.sha256,
    splitRule: data.splitRule,
    news: news.ids.length - 1,
    topics: news.topics.length,
    vocabulary: data.vocabulary.size,
    wordVectorsFound: data.initialTable?.found.size ?? null,
    newsVectorsFound: news.vectors?.found ?? null,
    impressions: { train: train.length, validation: validation.length, test: test.length },
    emptyHistories: test.filter(({ history }) => history.length === 0).length,
    meanHistory: clicks / test.length,
    problems: { ...data.problems },
  };
}
