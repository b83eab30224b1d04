/** News recommendation: the candidates of a page view ranked, the clicked ones first; the paper's Table 5. */
import type { Metric } from '../contract.js';

const metric = (name: string, title: string): Metric => ({ name, title, unit: 'fraction', better: 'higher' });

export const recommendation = {
  name: 'recommendation',
  title: 'News recommendation',
  metrics: [
    metric('auc', 'AUC'),
    metric('mrr', 'MRR'),
    metric('ndcg5', 'nDCG@5'),
    metric('ndcg10', 'nDCG@10'),
  ],
} as const;
