/** What table 4 prints, and how its columns were measured: mean and standard deviation of five runs, in percent. */
import type { AccuracyMetric, AccuracyTable, PaperColumn, Published } from './contract.js';

export const columns = ['Amazon', 'IMDB', 'MIND'] as const;

/** Accuracy then macro-F of each column: mean, standard deviation, percent. */
const percent: Readonly<Record<string, readonly (readonly [mean: number, deviation: number])[]>> = {
  transformer: [
    [65.32, 0.35],
    [42.31, 0.33],
    [52.04, 0.5],
    [42.69, 0.47],
    [80.9, 0.2],
    [60.02, 0.21],
  ],
  longformer: [
    [65.45, 0.39],
    [42.48, 0.44],
    [52.21, 0.36],
    [43.36, 0.38],
    [81.36, 0.21],
    [62.59, 0.23],
  ],
  bigbird: [
    [66.14, 0.42],
    [42.96, 0.4],
    [53.23, 0.46],
    [44.03, 0.44],
    [81.93, 0.24],
    [63.58, 0.26],
  ],
  linformer: [
    [66.2, 0.49],
    [43.13, 0.48],
    [53.17, 0.59],
    [44.34, 0.57],
    [82.16, 0.28],
    [63.77, 0.3],
  ],
  linear: [
    [66.12, 0.42],
    [43.04, 0.44],
    [53.09, 0.47],
    [44.3, 0.49],
    [82.25, 0.23],
    [63.81, 0.22],
  ],
  poolingformer: [
    [66.05, 0.44],
    [43, 0.45],
    [53.78, 0.51],
    [44.52, 0.5],
    [82.46, 0.24],
    [64.1, 0.26],
  ],
  fastformer: [
    [66.13, 0.29],
    [43.23, 0.3],
    [54.1, 0.42],
    [44.65, 0.44],
    [82.34, 0.19],
    [63.89, 0.2],
  ],
};

export function published(key: string, column: PaperColumn, metric: AccuracyMetric): Published | null {
  const pair = percent[key]?.[2 * columns.indexOf(column) + (metric === 'accuracy' ? 0 : 1)];
  return pair === undefined ? null : { mean: fraction(pair[0]), deviation: fraction(pair[1]), n: 5 };
}

/** Percent as the paper prints it, to a fraction without the noise of binary division: 53.17 is 0.5317. */
export const fraction = (percent: number): number => Number((percent / 100).toFixed(4));

/** Training texts, and the longest input of all but the Transformer. */
export const settings: AccuracyTable['settings'] = {
  Amazon: { train: 40_000, length: 512 },
  IMDB: { train: 108_500, length: 1_024 },
  MIND: { train: 128_800, length: 2_048 },
};

/** The longest input of the Transformer, in every column. */
export const transformerLength = 512;
