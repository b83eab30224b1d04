/** What table 6 prints, in percent, without deviations, R-L of CNN/DailyMail, then of PubMed. */
import { shownMetrics, type ShownMetric, type SummaryColumn } from './summary-table.js';
import { fraction } from './table-4-values.js';

type Six = readonly [number, number, number, number, number, number];

const percent: Readonly<Record<string, Six>> = {
  transformer: [38.52, 16.04, 35.87, 34.26, 11.88, 31.64],
  longformer: [37.89, 15.46, 35.19, 36.92, 14.34, 33.75],
  bigbird: [38.31, 15.78, 35.6, 37.73, 14.99, 34.51],
  linformer: [37.96, 15.58, 35.34, 37.22, 14.48, 34.02],
  linear: [37.24, 14.87, 34.64, 36.43, 13.8, 33.21],
  poolingformer: [38.58, 16.16, 36.17, 37.82, 15.15, 34.63],
  fastformer: [38.54, 16.22, 36.21, 38.09, 15.44, 34.81],
};

/** Longest document, in tokens, of all but the Transformer, which reads 512 (table 9). */
export const sourceLengths: Readonly<Record<SummaryColumn, number>> = {
  'CNN/DailyMail': 2_048,
  PubMed: 4_096,
};

export const summaryColumns: readonly SummaryColumn[] = ['CNN/DailyMail', 'PubMed'];

export function published(key: string, column: SummaryColumn, metric: ShownMetric): number | null {
  const value = percent[key]?.[3 * summaryColumns.indexOf(column) + shownMetrics.indexOf(metric)];
  return value === undefined ? null : fraction(value);
}
