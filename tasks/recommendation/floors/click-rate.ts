/**
 * What is clicked often when it is shown, whoever looks:
 *
 *     score = (clicks + 1) / (shows + 1 / r),  r the rate of all news together
 *
 * so that news nobody was shown yet have the rate of all.
 */
import type { RecommendationData } from '../data.js';
import type { Floor } from './contract.js';

export const clickRate: Floor = {
  name: 'click-rate',
  title: 'Click-through rate',
  fit: (data) => {
    const rates = clickRates(data);
    return ({ candidates }) => Array.from(candidates, (row) => rates[row] as number);
  },
};

/** Of each row of the news. */
export function clickRates({ news, train, validation }: RecommendationData): Float64Array {
  const clicks = new Float64Array(news.ids.length);
  const shows = new Float64Array(news.ids.length);
  let [allClicks, allShows] = [0, 0];
  for (const { candidates, labels } of [...train, ...validation]) {
    for (const [at, row] of candidates.entries()) {
      const clicked = labels?.[at] ?? 0;
      shows[row] = (shows[row] as number) + 1;
      clicks[row] = (clicks[row] as number) + clicked;
      allShows += 1;
      allClicks += clicked;
    }
  }
  const perClick = allShows / allClicks;
  return shows.map((shown, row) => ((clicks[row] as number) + 1) / (shown + perClick));
}
