/** How much of what the user clicked before has the topic of the candidate; 0 for a user without a history. */
import type { NewsData } from '../data.js';
import type { Floor, Ranker } from './contract.js';

export const categoryMatch: Floor = {
  name: 'category-match',
  title: 'Category match',
  fit: ({ news }) => topicShares(news),
};

export const topicShares =
  ({ topicOf, topics }: NewsData): Ranker =>
  ({ history, candidates }) => {
    const counts = new Float64Array(topics.length + 1);
    for (const row of history) {
      const topic = topicOf[row] as number;
      counts[topic] = (counts[topic] as number) + 1;
    }
    return Array.from(
      candidates,
      (row) => (counts[topicOf[row] as number] as number) / Math.max(1, history.length),
    );
  };
