/**
 * Accuracy against training time: which architecture is worth its time?
 *
 * A point is dominated when another is at least as accurate and at least as fast, and better in one; those are grey.
 */
import { listed, percent, seconds } from '../format.js';
import { mean, meanInterval } from '../statistics/index.js';
import { valuesOf } from '../summary/accuracy.js';
import type { AccuracySetting } from '../summary/contract.js';
import type { Chart } from './chart.js';
import { scalesOf } from './marks.js';
import { logTicks } from './ticks.js';

interface Point {
  readonly title: string;
  readonly architecture: string;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  readonly seconds: number;
}

/** Those that no other beats in both. */
export function frontier<T extends { readonly accuracy: number; readonly seconds: number }>(
  points: readonly T[],
): T[] {
  return points.filter(
    (point) =>
      !points.some(
        (other) =>
          other.accuracy >= point.accuracy &&
          other.seconds <= point.seconds &&
          (other.accuracy > point.accuracy || other.seconds < point.seconds),
      ),
  );
}

/** @returns null where no setting has two encoders with a result */
export function paretoChart(settings: readonly AccuracySetting[]): Chart | null {
  const panels = settings
    .map((setting) => ({ setting, points: pointsOf(setting) }))
    .filter(({ points }) => points.length >= 2);
  if (panels.length === 0) return null;
  const best = panels.map(({ setting, points }) => {
    const names = frontier(points).map(({ title }) => title);
    return `on ${setting.title}: ${listed(names)}`;
  });
  return {
    id: 'pareto',
    title: 'Accuracy against training time',
    description: `Mean test accuracy (up is better) against the wall time of training and evaluation, on a logarithmic axis (left is better). Grey points are dominated: another is at least as accurate in less time. Not dominated ${best.join('; ')}.`,
    spec: {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      columns: 3,
      spacing: 24,
      concat: panels.map(({ setting, points }) => panel(setting, points, panels.length > 2 ? 240 : 390)),
    },
    table: {
      columns: ['Data', 'Architecture', 'Accuracy, %', 'Training time', 'Dominated'],
      rows: panels.flatMap(({ setting, points }) =>
        points.map((point) => [
          setting.title,
          point.title,
          percent(point.accuracy),
          seconds(point.seconds),
          frontier(points).includes(point) ? 'no' : 'yes',
        ]),
      ),
    },
  };
}

const pointsOf = (setting: AccuracySetting): Point[] =>
  setting.rows.flatMap((row) => {
    const scores = valuesOf(row, 'accuracy').map(({ value }) => value);
    const times = row.records.flatMap((record) => (record.seconds === null ? [] : [record.seconds]));
    if (row.kind !== 'encoder' || scores.length === 0 || times.length === 0) return [];
    const accuracy = mean(scores);
    const [low, high] = meanInterval(scores) ?? [accuracy, accuracy];
    const { title, architecture } = row;
    return [{ title, architecture, accuracy, low, high, seconds: mean(times) }];
  });

function panel(setting: AccuracySetting, points: readonly Point[], width: number) {
  const best = frontier(points);
  const values = points.map((point) => ({
    ...point,
    state: best.includes(point) ? point.title : 'dominated',
  }));
  const { x, y, color, shape, tooltip } = channels(points);
  return {
    title: { text: setting.title, fontSize: 13, anchor: 'start' as const, offset: 12 },
    width,
    height: 230,
    data: { values },
    encoding: { x, y, color },
    layer: [
      {
        transform: [{ filter: "datum.state != 'dominated'" }],
        mark: {
          type: 'line' as const,
          interpolate: 'step-after' as const,
          strokeDash: [3, 3],
          strokeWidth: 1,
        },
        encoding: { color: { value: 'var(--muted)' } },
      },
      {
        mark: { type: 'rule' as const, strokeWidth: 1.5 },
        encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        mark: { type: 'point' as const, filled: true, size: 110, opacity: 1 },
        encoding: { shape, tooltip },
      },
      {
        mark: { type: 'text' as const, align: 'left' as const, dx: 10, dy: -8 },
        encoding: { text: { field: 'title', type: 'nominal' as const }, color: { value: 'var(--ink)' } },
      },
    ],
  };
}

function channels(points: readonly Point[]) {
  const { domain, colours, shapes } = scalesOf(points);
  // Room on the right for the name of the slowest.
  const ticks = logTicks(
    points.map((point) => point.seconds),
    2.2,
  );
  const quantitative = { type: 'quantitative' as const };
  const scale = { type: 'log' as const, domain: ticks.domain, nice: false };
  const axis = { grid: false, values: ticks.values, labelExpr: "format(datum.value, ',~r') + ' s'" };
  const notFromZero = { zero: false, padding: 14, nice: true };
  return {
    x: { ...quantitative, field: 'seconds', title: 'training time', scale, axis },
    y: {
      ...quantitative,
      field: 'accuracy',
      title: 'accuracy',
      scale: notFromZero,
      axis: { format: '.2~%', tickCount: 5 },
    },
    color: {
      field: 'state',
      type: 'nominal' as const,
      legend: null,
      scale: { domain: [...domain, 'dominated'], range: [...colours, '#8a8a8a'] },
    },
    shape: { field: 'title', type: 'nominal' as const, legend: null, scale: { domain, range: shapes } },
    tooltip: [
      { field: 'title', type: 'nominal' as const, title: 'architecture' },
      { ...quantitative, field: 'accuracy', format: '.2%' },
      { ...quantitative, field: 'seconds', title: 'training, s', format: '.3~r' },
      { field: 'state', type: 'nominal' as const, title: 'frontier' },
    ],
  };
}
