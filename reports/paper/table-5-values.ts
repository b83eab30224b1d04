/** What table 5 prints, in percent, without deviations: AUC, MRR, nDCG@5, nDCG@10. */
import { type RankingName, rankingNames } from '../../tasks/recommendation/metrics.js';
import { fraction } from './table-4-values.js';

type Four = readonly [auc: number, mrr: number, ndcg5: number, ndcg10: number];

const percent: Readonly<Record<string, Four>> = {
  nrms: [68.18, 33.29, 36.31, 42.2],
  fim: [68.31, 33.42, 36.47, 42.35],
  'plm-nr': [70.64, 35.39, 38.71, 44.38],
  transformer: [68.22, 33.32, 36.35, 42.23],
  longformer: [67.98, 33.04, 36.18, 42.06],
  bigbird: [68.14, 33.28, 36.3, 42.18],
  linformer: [68.02, 33.19, 36.22, 42.1],
  linear: [67.76, 32.94, 36.16, 41.97],
  poolingformer: [68.54, 33.6, 36.69, 42.6],
  fastformer: [69.11, 34.25, 37.26, 43.38],
  'fastformer-vectors': [71.04, 35.91, 39.16, 45.03],
  'fastformer-vectors-ensemble': [72.68, 37.45, 41.51, 46.84],
};

export function published(key: string, metric: RankingName): number | null {
  const value = percent[key]?.[rankingNames.indexOf(metric)];
  return value === undefined ? null : fraction(value);
}
