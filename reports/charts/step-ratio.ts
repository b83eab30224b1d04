/**
 * Figure 2 again: how many times longer than Fastformer, here over the paper's own curves. Its seconds are a V100's;
 * relative to Fastformer at the same length is the only way in which the two compare.
 */
import type { TopLevelSpec } from 'vega-lite';
import { none } from '../../architectures/none.js';
import { significant, thousands } from '../format.js';
import type { SpeedFigure } from '../paper/contract.js';
import type { SpeedPoint, SpeedSetting } from '../summary/speed-contract.js';
import { ratioOf } from '../summary/ratio.js';
import { publishedRatio, referencePoint } from '../summary/speed.js';
import { channels, type LengthValue } from './by-length.js';
import type { Chart } from './chart.js';
import { scalesOf } from './marks.js';

/** @returns null where nothing was timed beside the reference, or the paper has no point to compare with */
export function stepRatioChart(figure: SpeedFigure, setting: SpeedSetting): Chart | null {
  const here = setting.points.flatMap((point) => measuredValue(figure, setting, point));
  const paper = paperValues(figure, here);
  if (paper.length === 0) return null;
  const values = [...here, ...paper];
  return {
    id: `ratio-${setting.id}`,
    title: 'Time relative to Fastformer, here over the paper',
    description:
      'How many times as long as Fastformer a step takes at the same length, on logarithmic axes; a panel an architecture, inference above, training below. Solid lines with 95 % intervals were measured here, dashed ones are the paper’s curves divided by its Fastformer curve. At 1 both take the same time.',
    misleads:
      'The paper’s curves are read off a figure, of another machine, batch and framework; what compares is the shape, and who crosses 1 where.',
    relative: [{ fields: ['value', 'low', 'high'], within: ['mode', 'length', 'source'], as: 'ratio' }],
    reference: titleOf(figure),
    spec: specOf(values),
    table: {
      columns: ['Architecture', 'Mode', 'Length', 'Source', 'Times Fastformer', '95 % interval'],
      rows: values.map(({ title, mode, length, source, value, low, high }) => [
        title,
        mode,
        thousands(length),
        source,
        significant(value),
        low === high ? 'none' : `${significant(low)} to ${significant(high)}`,
      ]),
      drawn: { column: 4, records: values.map((value) => recordsOf(figure, setting, value)) },
    },
  };
}

const titleOf = ({ rows, reference }: SpeedFigure): string =>
  rows.find(({ architecture }) => architecture === reference)?.title ?? reference;

/** What mixes nothing is no rival. */
function measuredValue(figure: SpeedFigure, setting: SpeedSetting, point: SpeedPoint): LengthValue[] {
  const reference = referencePoint(figure, setting, point);
  const ratio = reference === undefined || reference === point ? null : ratioOf(point, reference);
  if (ratio === null || point.architecture === none.name) return [];
  const { title, architecture, mode, length } = point;
  const [low, high] = ratio.interval ?? [ratio.value, ratio.value];
  return [{ title, architecture, mode, length, value: ratio.value, low, high, n: ratio.n, source: 'here' }];
}

/** Of the row and of the reference; the paper's own come from no record. */
function recordsOf(figure: SpeedFigure, setting: SpeedSetting, value: LengthValue): string[] {
  const { title, mode, length, source } = value;
  const point = setting.points.find(
    (one) => one.title === title && one.mode === mode && one.length === length,
  );
  if (source === 'paper' || point === undefined) return [];
  const reference = referencePoint(figure, setting, point);
  return [...point.records, ...(reference?.records ?? [])].map(({ id }) => id);
}

/** The paper's points of what was measured here, up to the longest length of here, at all of its lengths. */
function paperValues(figure: SpeedFigure, here: readonly LengthValue[]): LengthValue[] {
  const longest = Math.max(...here.map(({ length }) => length));
  const lines = new Map(here.map((value) => [`${value.title} ${value.mode}`, value]));
  return [...lines.values()].flatMap(({ title, architecture, mode }) =>
    paperLengths
      .filter((length) => length <= longest)
      .flatMap((length): LengthValue[] => {
        const value = publishedRatio(figure, architecture, mode, length);
        return value === null
          ? []
          : [{ title, architecture, mode, length, value, low: value, high: value, source: 'paper' }];
      }),
  );
}

/** 128, 256, ... 65,536. */
const paperLengths = Array.from({ length: 10 }, (_, doubling) => 128 * 2 ** doubling);

function specOf(values: readonly LengthValue[]): TopLevelSpec {
  const { domain, colours, shapes } = scalesOf(values);
  const { x, y, strokeDash, tooltip } = channels(values, {
    title: 'times Fastformer',
    label: "format(datum.value, '~r') + ' ×'",
  });
  const byTitle = { field: 'title', type: 'nominal' as const, legend: null };
  const gridColor = {
    condition: { test: 'datum.value === 1', value: 'var(--muted)' },
    value: 'var(--line)',
  } as const;
  const width = Math.max(80, Math.min(200, Math.floor(960 / domain.length) - 14));
  // One word a line: names are longer than panels are wide.
  const header = {
    labelFontSize: 11,
    labelExpr: "split(replace(datum.label, '=', '= '), ' ')",
    // Without a canvas a letter counts a third wider than it is.
    labelLimit: Math.round(1.35 * (width + 14)),
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: [...values] },
    facet: {
      row: { field: 'mode', type: 'nominal', title: null, sort: ['inference', 'training'] },
      column: { field: 'title', type: 'nominal', title: null, sort: domain, header },
    },
    spacing: 14,
    spec: {
      width,
      height: 170,
      encoding: {
        x: { ...x, title: null, axis: { ...x.axis, labelOverlap: 'greedy', labelFontSize: 11 } },
        color: { ...byTitle, scale: { domain, range: colours } },
      },
      layer: [
        {
          mark: { type: 'line', strokeWidth: 2 },
          encoding: { y: { ...y, axis: { ...y.axis, gridColor } }, strokeDash },
        },
        {
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
        },
        {
          transform: [{ filter: "datum.source == 'here'" }],
          mark: { type: 'point', filled: true, size: 60, opacity: 1 },
          encoding: { y, shape: { ...byTitle, scale: { domain, range: shapes } }, tooltip },
        },
      ],
    },
  };
}
