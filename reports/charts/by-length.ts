/** What the charts by sequence length share: lines on logarithmic axes, a panel a mode. */
import type { TopLevelSpec } from 'vega-lite';
import type { SpeedMode } from '../paper/contract.js';
import type { SpeedSetting } from '../summary/speed-contract.js';
import { failureRows, type LengthFailure, placeFailures, rowHeight } from './failures.js';
import { scalesOf } from './marks.js';
import { logTicks, type LogTicks } from './ticks.js';

export interface LengthValue {
  readonly title: string;
  readonly architecture: string;
  readonly mode: SpeedMode;
  readonly length: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Timed steps, pairs of rounds, or runs; of the paper's own, none. */
  readonly n?: number;
  /** `here`, or `paper` for a dashed line. */
  readonly source: 'here' | 'paper';
  /** Below this no value can be; drawn as a short mark. */
  readonly floor?: number;
}

export interface LengthAxis {
  readonly title: string;
  /** A Vega expression of `datum.value`. */
  readonly label: string;
}

const height = 250;

/**
 * A panel a mode: a line, a point and an interval for each architecture.
 * @param failures - what left no value, as marks at the top
 */
export function byLength(
  values: readonly LengthValue[],
  axis: LengthAxis,
  failures: readonly LengthFailure[] = [],
): TopLevelSpec {
  const { domain, colours, shapes } = scalesOf([...values, ...failures]);
  const { x, y, strokeDash, tooltip } = channels(values, axis, failures);
  const placed = placeFailures(failures, y.scale.domain, height, Math.min(...x.axis.values));
  // Long names leave room for fewer columns.
  const legend = { labelLimit: 340, columns: domain.some((title) => title.length > 25) ? 5 : 6 };
  const byTitle = { field: 'title', type: 'nominal' as const, sort: domain, legend };
  const shape = { ...byTitle, scale: { domain, range: shapes } };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: [...values, ...placed] },
    facet: { column: { field: 'mode', type: 'nominal', title: null, sort: ['inference', 'training'] } },
    spacing: 32,
    spec: {
      width: 390,
      height,
      encoding: { x, color: { ...byTitle, scale: { domain, range: colours } } },
      layer: [
        { ...measured, mark: { type: 'line', strokeWidth: 2 }, encoding: { y, strokeDash } },
        {
          ...measured,
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
        },
        {
          ...measured,
          mark: { type: 'point', filled: true, size: 75, opacity: 1 },
          encoding: { y, shape, tooltip },
        },
        ...(values.some(({ floor }) => floor !== undefined) ? floorLayers(y) : []),
        ...(placed.length > 0 ? failureLayers(y, shape) : []),
      ],
    },
  };
}

/** Ids of the records of each value; of one without, of the runs that failed. */
export const recordsOf = (
  { points }: SpeedSetting,
  values: readonly Pick<LengthValue, 'title' | 'mode' | 'length'>[],
): string[][] =>
  values.map(({ title, mode, length }) => {
    const point = points.find((one) => one.title === title && one.mode === mode && one.length === length);
    const { records = [], failed = [] } = point ?? {};
    return (records.length > 0 ? records : failed).map(({ id }) => id);
  });

const measured = { transform: [{ filter: '!datum.failure' }] };

/** An open mark where a cell left no value, and once a row why. */
function failureLayers(y: ReturnType<typeof channels>['y'], shape: object) {
  const text = (label: 'before' | 'after') => ({
    transform: [{ filter: `datum.label === '${label}'` }],
    mark: {
      type: 'text' as const,
      align: label === 'before' ? ('right' as const) : ('left' as const),
      dx: label === 'before' ? -9 : 9,
      baseline: 'middle' as const,
      fontSize: 11,
    },
    encoding: { y, text: { field: 'kind', type: 'nominal' as const } },
  });
  const nominal = { type: 'nominal' as const };
  return [
    {
      transform: [{ filter: 'datum.failure' }],
      mark: { type: 'point' as const, filled: false, size: 60, strokeWidth: 1.5, opacity: 1 },
      encoding: {
        y,
        shape,
        tooltip: [
          { ...nominal, field: 'title', title: 'architecture' },
          { type: 'quantitative' as const, field: 'length', format: ',' },
          { ...nominal, field: 'failure', title: 'no value' },
        ],
      },
    },
    text('before'),
    text('after'),
  ];
}

/** A short mark at the floor of each point, and a word at points that lie below theirs. */
function floorLayers(y: ReturnType<typeof channels>['y']) {
  return [
    {
      mark: { type: 'tick' as const, orient: 'horizontal' as const, size: 12, thickness: 1.5, opacity: 0.8 },
      encoding: { y: { ...y, field: 'floor' } },
    },
    {
      transform: [{ filter: 'datum.value < datum.floor' }],
      mark: { type: 'text' as const, dy: 14, fontSize: 11, text: 'impossible' },
      encoding: { y },
    },
  ];
}

/** Both axes logarithmic; solid lines for here, dashed for the paper. */
export function channels(
  values: readonly LengthValue[],
  { title, label }: LengthAxis,
  failures: readonly LengthFailure[] = [],
) {
  const lengths = [...new Set([...values, ...failures].map(({ length }) => length))].toSorted(
    (a, b) => a - b,
  );
  const ticks = ticksOf(values, failureRows(failures));
  const twoSources = new Set(values.map(({ source }) => source)).size > 1;
  const quantitative = { type: 'quantitative' as const };
  return {
    x: {
      ...quantitative,
      field: 'length',
      title: 'sequence length, tokens',
      scale: { type: 'log' as const, base: 2, nice: false, padding: 12 },
      axis: { values: lengths, format: ',', grid: false },
    },
    y: {
      ...quantitative,
      field: 'value',
      title,
      scale: { type: 'log' as const, domain: ticks.domain, nice: false },
      axis: { values: ticks.values, labelExpr: label },
    },
    strokeDash: {
      field: 'source',
      type: 'nominal' as const,
      scale: {
        domain: ['here', 'paper'],
        range: [
          [1, 0],
          [5, 4],
        ],
      },
      legend: twoSources ? { title: null, symbolType: 'stroke', symbolSize: 300 } : null,
    },
    tooltip: [
      { field: 'title', type: 'nominal' as const, title: 'architecture' },
      { ...quantitative, field: 'length', format: ',' },
      { ...quantitative, field: 'value', title, format: '.3~s' },
      { ...quantitative, field: 'low', title: '95 % from', format: '.3~s' },
      { ...quantitative, field: 'high', title: '95 % to', format: '.3~s' },
      { ...quantitative, field: 'n' },
      { field: 'source', type: 'nominal' as const },
    ],
  };
}

/** With room at the top for rows of marks. */
function ticksOf(values: readonly LengthValue[], rows: number): LogTicks {
  const all = values.flatMap(({ value, low, high, floor = value }) => [value, low, high, floor]);
  const share = (rows * rowHeight) / height;
  const span = Math.max(...all) / Math.min(...all);
  return logTicks(all, 1.25 * (1.5 * span) ** (share / (1 - share)));
}
