/** What the charts by sequence length share: lines on logarithmic axes, a panel a mode. */
import type { TopLevelSpec } from 'vega-lite';
import type { SpeedMode } from '../paper/contract.js';
import { scalesOf } from './marks.js';
import { logTicks } from './ticks.js';

export interface LengthValue {
  readonly title: string;
  readonly architecture: string;
  readonly mode: SpeedMode;
  readonly length: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
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

/** A panel a mode: a line, a point and an interval for each architecture. */
export function byLength(values: readonly LengthValue[], axis: LengthAxis): TopLevelSpec {
  const { domain, colours, shapes } = scalesOf(values);
  const { x, y, strokeDash, tooltip } = channels(values, axis);
  const legend = { labelLimit: 340 };
  const byTitle = { field: 'title', type: 'nominal' as const, sort: domain, legend };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: [...values] },
    facet: { column: { field: 'mode', type: 'nominal', title: null, sort: ['inference', 'training'] } },
    spacing: 32,
    spec: {
      width: 390,
      height: 250,
      encoding: { x, color: { ...byTitle, scale: { domain, range: colours } } },
      layer: [
        { mark: { type: 'line', strokeWidth: 2 }, encoding: { y, strokeDash } },
        {
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
        },
        {
          mark: { type: 'point', filled: true, size: 75, opacity: 1 },
          encoding: { y, shape: { ...byTitle, scale: { domain, range: shapes } }, tooltip },
        },
        ...(values.some(({ floor }) => floor !== undefined) ? floorLayers(y) : []),
      ],
    },
  };
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
export function channels(values: readonly LengthValue[], { title, label }: LengthAxis) {
  const lengths = [...new Set(values.map(({ length }) => length))].toSorted((a, b) => a - b);
  const ticks = logTicks(values.flatMap(({ value, low, high, floor = value }) => [value, low, high, floor]));
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
      { field: 'source', type: 'nominal' as const },
    ],
  };
}
