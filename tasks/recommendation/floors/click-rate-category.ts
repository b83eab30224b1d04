/** Click-through rate times category match: what is popular, of what this user reads. */
import { topicShares } from './category-match.js';
import { clickRates } from './click-rate.js';
import type { Floor } from './contract.js';

export const clickRateCategory: Floor = {
  name: 'click-rate-category',
  title: 'Click-through rate × category match',
  fit: (data) => {
    const rates = clickRates(data);
    const shares = topicShares(data.news);
    return (impression) =>
      shares(impression).map((share, at) => share * (rates[impression.candidates[at] ?? 0] as number));
  },
};
