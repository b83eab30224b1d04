/** Accuracy and macro-F of one setting: a dot a row with its interval, and the floors below. */
import type { TopLevelSpec } from 'vega-lite';
import { percent } from '../format.js';
import { mean, meanInterval } from '../statistics/index.js';
import { metrics } from '../summary/accuracy.js';
import { valuesOf } from '../summary/values.js';
import type { AccuracyRow, AccuracySetting } from '../summary/accuracy-contract.js';
import { type Chart, recordsOfRow } from './chart.js';
import { scalesOf } from './marks.js';

interface Dot {
  readonly title: string;
  readonly architecture: string;
  readonly metric: string;
  readonly score: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** @returns null where fewer than two rows have a result */
export function accuracyChart(setting: AccuracySetting): Chart | null {
  const shown = setting.rows.filter((row) => row.records.length > 0);
  if (shown.length < 2) return null;
  const dots = metrics.flatMap((metric) =>
    shown.flatMap((row): Dot[] => {
      const scores = valuesOf(row, metric.name).map(({ value }) => value);
      if (scores.length === 0) return [];
      const score = mean(scores);
      const [low, high] = meanInterval(scores) ?? [score, score];
      const { title, architecture } = row;
      return [{ title, architecture, metric: metric.title, score, low, high, n: scores.length }];
    }),
  );
  const accuracies = dots.filter(({ metric }) => metric === 'accuracy');
  return {
    id: `accuracy-${setting.id}`,
    title: `Scores on ${setting.title}`,
    description: `A dot a row with its 95 % interval over seeds; accuracy on the left, macro-F on the right. ${accuracies
      .map(({ title, score }) => `${title} ${percent(score)} %`)
      .join(', ')}.`,
    misleads:
      'The axes do not begin at 0 and differ from panel to panel, so small differences look large; intervals that overlap are no proof of equality, and one seed has none.',
    relative: [{ fields: ['score', 'low', 'high'], within: ['metric'], as: 'difference' }],
    spec: specOf(shown, dots),
    table: {
      columns: ['Row', 'Metric', 'Mean, %', '95 % interval', 'Seeds'],
      rows: dots.map(({ title, metric, score, low, high, n }) => [
        title,
        metric,
        percent(score),
        n < 2 ? 'none' : `${percent(low)} to ${percent(high)}`,
        String(n),
      ]),
      drawn: {
        column: 2,
        records: dots.map(({ title }) => recordsOfRow(shown, title)),
      },
    },
  };
}

function specOf(shown: readonly AccuracyRow[], dots: readonly Dot[]): TopLevelSpec {
  const { domain, colours, shapes } = scalesOf(shown);
  const quantitative = { type: 'quantitative' as const };
  const byTitle = { field: 'title', type: 'nominal' as const };
  const scale = { zero: false, padding: 12, nice: true };
  const x = { ...quantitative, title: null, scale, axis: { format: '.2~%', tickCount: 5 } };
  const axis = { labelLimit: 200, domain: false, ticks: false, grid: true, labelColor: 'var(--ink)' };
  const shape = { ...byTitle, legend: null, scale: { domain, range: shapes } };
  const tooltip = [
    { ...byTitle, title: 'row' },
    ...(['score', 'low', 'high'] as const).map((field) => ({ ...quantitative, field, format: '.2%' })),
    { ...quantitative, field: 'n', title: 'seeds' },
  ];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: [...dots] },
    facet: {
      column: { field: 'metric', type: 'nominal', title: null, sort: metrics.map(({ title }) => title) },
    },
    spacing: 32,
    resolve: { scale: { x: 'independent' } },
    spec: {
      width: 360,
      height: { step: 30 },
      encoding: {
        y: { ...byTitle, sort: domain, title: null, axis },
        color: { ...byTitle, legend: null, scale: { domain, range: colours } },
      },
      layer: [
        {
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' } },
        },
        {
          mark: { type: 'point', filled: true, size: 90, opacity: 1 },
          encoding: { x: { ...x, field: 'score' }, shape, tooltip },
        },
      ],
    },
  };
}
