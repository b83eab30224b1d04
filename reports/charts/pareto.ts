/**
 * Accuracy against training time: which architecture is worth its time?
 *
 * A point is dominated when another is at least as accurate and at least as fast, and better in one; those are grey.
 */
import { listed, percent, seconds } from '../format.js';
import { mean, meanInterval } from '../statistics/index.js';
import { valuesOf } from '../summary/values.js';
import type { AccuracySetting } from '../summary/accuracy-contract.js';
import { timesOf } from '../summary/training-times.js';
import { type Chart, recordsOfRow } from './chart.js';
import { placeLabels } from './labels.js';
import { scalesOf } from './marks.js';
import { logTicks } from './ticks.js';

interface Point {
  readonly title: string;
  readonly architecture: string;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  readonly seconds: number;
  /** Seeds. */
  readonly n: number;
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
    misleads:
      'The time is that of this machine, with other cells running beside it; the accuracy axis does not begin at 0. A dominated point whose interval reaches the frontier may not be dominated in the next run.',
    relative: [
      { fields: ['accuracy', 'low', 'high', 'labelAccuracy'], within: [], as: 'difference' },
      { fields: ['seconds', 'labelSeconds', 'tieSeconds'], within: [], as: 'ratio' },
    ],
    spec: {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      columns: 3,
      spacing: 24,
      // Panels have rows of their own: one scale for all would give a row another's mark.
      resolve: { scale: { color: 'independent', shape: 'independent' } },
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
      drawn: {
        column: 2,
        records: panels.flatMap(({ setting, points }) =>
          points.map(({ title }) => recordsOfRow(setting.rows, title)),
        ),
      },
    },
  };
}

const pointsOf = (setting: AccuracySetting): Point[] =>
  setting.rows.flatMap((row) => {
    const scores = valuesOf(row, 'accuracy').map(({ value }) => value);
    const times = timesOf(row, setting.rows);
    if (row.kind !== 'encoder' || scores.length === 0 || times.length === 0) return [];
    const accuracy = mean(scores);
    const [low, high] = meanInterval(scores) ?? [accuracy, accuracy];
    const { title, architecture } = row;
    return [{ title, architecture, accuracy, low, high, seconds: mean(times), n: scores.length }];
  });

const panelHeight = 230;

function panel(setting: AccuracySetting, points: readonly Point[], width: number) {
  const frame = frameOf(points, width);
  const { x, y, color, shape, tooltip } = channels(points, frame);
  return {
    title: { text: setting.title, fontSize: 13, anchor: 'start' as const, offset: 12 },
    width,
    height: panelHeight,
    data: { values: namedPoints(points, frame, width) },
    encoding: { x, y, color },
    layer: [
      ...lineLayers,
      {
        mark: { type: 'rule' as const, strokeWidth: 1.5 },
        encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        mark: { type: 'point' as const, filled: true, size: 110, opacity: 1 },
        encoding: { shape, tooltip },
      },
      // Names, each on a halo of the page's colour that keeps lines out of its letters.
      ...[{ stroke: 'var(--paper)', strokeWidth: 3 }, {}].map((halo) => ({
        mark: { type: 'text' as const, align: 'left' as const, baseline: 'middle' as const, ...halo },
        encoding: {
          x: { ...x, field: 'labelSeconds' },
          y: { ...y, field: 'labelAccuracy' },
          text: { field: 'title', type: 'nominal' as const },
          color: { value: 'var(--ink)' },
        },
      })),
    ],
  };
}

/** Each point with its place on the frontier, and the place of its name. */
function namedPoints(points: readonly Point[], { x, y }: Frame, width: number) {
  const best = frontier(points);
  const pixels = points.map(({ title, seconds: time, accuracy }) => ({
    title,
    x: x.to(time),
    y: y.to(accuracy),
  }));
  const labels = placeLabels(pixels, { width, height: panelHeight });
  return points.flatMap((point, index) => {
    const label = labels[index];
    if (label === undefined) return [];
    return {
      ...point,
      labelSeconds: x.from(label.x),
      labelAccuracy: y.from(label.y),
      tieSeconds: x.from(label.tieX),
      tied: label.tied,
      state: best.includes(point) ? point.title : 'dominated',
    };
  });
}

/** The frontier, and the lines from points to names that stand away. */
const lineLayers = [
  {
    transform: [{ filter: "datum.state != 'dominated'" }],
    mark: { type: 'line' as const, interpolate: 'step-after' as const, strokeDash: [3, 3], strokeWidth: 1 },
    encoding: { color: { value: 'var(--muted)' } },
  },
  {
    transform: [{ filter: 'datum.tied' }],
    mark: { type: 'rule' as const, strokeWidth: 0.75 },
    encoding: {
      x2: { field: 'tieSeconds' },
      y2: { field: 'labelAccuracy' },
      color: { value: 'var(--muted)' },
    },
  },
];

/** A value of the data to a pixel of the panel, and back. */
interface Axis {
  readonly domain: [number, number];
  to(value: number): number;
  from(pixel: number): number;
}

interface Frame {
  readonly x: Axis;
  readonly y: Axis;
  readonly ticks: readonly number[];
}

/** Both axes, fixed here so that names can be placed before anything is drawn. */
function frameOf(points: readonly Point[], width: number): Frame {
  // Room on the right for the name of the slowest.
  const ticks = logTicks(
    points.map((point) => point.seconds),
    2.2,
  );
  const [fast, slow] = ticks.domain;
  const decades = Math.log(slow / fast);
  const ends = points.flatMap(({ low, high }) => [low, high]);
  const [lowest, highest] = [Math.min(...ends), Math.max(...ends)];
  const room = 0.08 * (highest - lowest || 0.02);
  const domain: [number, number] = [lowest - room, highest + room];
  const span = domain[1] - domain[0];
  return {
    x: {
      domain: ticks.domain,
      to: (value) => (width * Math.log(value / fast)) / decades,
      from: (pixel) => fast * Math.exp((decades * pixel) / width),
    },
    y: {
      domain,
      to: (value) => panelHeight * (1 - (value - domain[0]) / span),
      from: (pixel) => domain[0] + span * (1 - pixel / panelHeight),
    },
    ticks: ticks.values,
  };
}

function channels(points: readonly Point[], frame: Frame) {
  const { domain, colours, shapes } = scalesOf(points);
  const quantitative = { type: 'quantitative' as const };
  return {
    x: {
      ...quantitative,
      field: 'seconds',
      title: 'training time',
      scale: { type: 'log' as const, domain: frame.x.domain, nice: false },
      axis: { grid: false, values: [...frame.ticks], labelExpr: "format(datum.value, ',~r') + ' s'" },
    },
    y: {
      ...quantitative,
      field: 'accuracy',
      title: 'accuracy',
      scale: { zero: false, nice: false, domain: frame.y.domain },
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
      { ...quantitative, field: 'low', title: '95 % from', format: '.2%' },
      { ...quantitative, field: 'high', title: '95 % to', format: '.2%' },
      { ...quantitative, field: 'n', title: 'seeds' },
      { ...quantitative, field: 'seconds', title: 'training, s', format: '.3~r' },
      { field: 'state', type: 'nominal' as const, title: 'frontier' },
    ],
  };
}
