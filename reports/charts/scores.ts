/**
 * Scores of news recommendation (table 5) and of summarization (table 6): a dot a row with its intervals, the paper's
 * value beside it, and what needs no training as lines down the panel.
 */
import type { TopLevelSpec } from 'vega-lite';
import { isFloorKind } from '../../harness/cell.js';
import { percent } from '../format.js';
import { type Interval, mean, meanInterval } from '../statistics/index.js';
import type { SummaryCell } from '../summary/contract.js';
import type { RankingRow } from '../summary/ranking-contract.js';
import type { SummariesRow } from '../summary/summaries-contract.js';
import { valuesOf } from '../summary/values.js';
import { type Chart, recordsOfRow } from './chart.js';
import { scalesOf } from './marks.js';

type Row = RankingRow | SummariesRow;

/** What is drawn of a setting. */
export interface ScoresOf {
  readonly id: string;
  /** Of the data. */
  readonly title: string;
  readonly rows: readonly Row[];
  /** A panel each, from left to right. */
  readonly metrics: readonly { readonly name: string; readonly title: string }[];
  /** What was drawn again for the thin interval: `impressions`, `documents`. */
  readonly examples: string;
  /** The cell of the table, by the metric's title: it has the paper's value and the interval over examples. */
  cellOf(row: Row, metric: string): SummaryCell | undefined;
}

interface Score {
  readonly title: string;
  readonly architecture: string;
  readonly metric: string;
  readonly source: 'here' | 'paper';
  /** The title again of what needs no training: a legend of its own. */
  readonly floor: string | null;
  readonly score: number;
  /** Over seeds; of one seed, and of the paper, no wider than the score. */
  readonly low: number;
  readonly high: number;
  /** Over examples. */
  readonly lowest: number;
  readonly highest: number;
  readonly n?: number;
}

/** @returns null where fewer than two rows have a result, or none was trained */
export function scoresChart(setting: ScoresOf): Chart | null {
  const shown = setting.rows.filter(({ records }) => records.length > 0);
  if (shown.length < 2 || shown.every(isFloor)) return null;
  const scores = setting.metrics.flatMap((metric) => shown.flatMap((row) => scoresIn(setting, row, metric)));
  const fields = ['score', 'low', 'high', 'lowest', 'highest'];
  return {
    id: `scores-${setting.id}`,
    title: `Scores on ${setting.title}`,
    ...captionOf(setting, scores),
    relative: [{ fields, within: ['metric', 'source'], as: 'difference' }],
    spec: specOf(setting, shown, scores),
    table: {
      columns: [
        'Row',
        'Metric',
        'Source',
        'Score, %',
        '95 % over seeds',
        `95 % over ${setting.examples}`,
        'n',
      ],
      rows: scores.map(rowOf),
      drawn: {
        column: 3,
        records: scores.map(({ title, source }) => (source === 'here' ? recordsOfRow(shown, title) : [])),
      },
    },
  };
}

function captionOf({ examples }: ScoresOf, scores: readonly Score[]) {
  const floors = scores.some(({ floor }) => floor !== null)
    ? ' Dashed lines down a panel need no training: they bound what a model should reach.'
    : '';
  const paper = scores.some(({ source }) => source === 'paper')
    ? ' The upright stroke is the paper’s value.'
    : '';
  return {
    description: `A dot a row and a panel a metric; right is better. The thick line is the 95 % interval over seeds, the thin one over ${examples}.${paper}${floors}`,
    misleads: `The axes do not begin at 0 and differ from panel to panel, so small differences look large. The thin interval is about other ${examples}, not about another training; one seed has no thick one.${paper === '' ? '' : ' The paper’s values are of other data or sizes.'}`,
  };
}

const isFloor = ({ kind }: Row): boolean => isFloorKind(kind);

/** Ours, then the paper's. */
function scoresIn(
  setting: ScoresOf,
  row: Row,
  { name, title: metric }: ScoresOf['metrics'][number],
): Score[] {
  const values = valuesOf(row, name).map(({ value }) => value);
  if (values.length === 0) return [];
  const { title, architecture } = row;
  const cell = setting.cellOf(row, metric);
  const shared = { title, architecture, metric, floor: isFloor(row) ? title : null };
  const score = mean(values);
  const overSeeds = meanInterval(values) ?? [score, score];
  const overExamples = cell?.impressionInterval ?? cell?.documentInterval ?? overSeeds;
  const here = { ...shared, source: 'here' as const, score, n: values.length };
  const published = cell?.published ?? null;
  return [
    { ...here, ...ends(overSeeds, overExamples) },
    ...(published === null
      ? []
      : [
          {
            ...{ ...shared, source: 'paper' as const, score: published },
            ...ends([published, published], [published, published]),
          },
        ]),
  ];
}

const ends = ([low, high]: Interval, [lowest, highest]: Interval) => ({ low, high, lowest, highest });

function rowOf({ title, metric, source, score, low, high, lowest, highest, n }: Score): string[] {
  const range = (from: number, to: number) => (from < to ? `${percent(from)} to ${percent(to)}` : 'none');
  return [
    ...[title, metric, source, percent(score, 2)],
    ...[range(low, high), range(lowest, highest), n === undefined ? '—' : String(n)],
  ];
}

const nominal = { type: 'nominal' as const };
const quantitative = { type: 'quantitative' as const };
const byTitle = { ...nominal, field: 'title' };

const x = {
  ...quantitative,
  title: null,
  scale: { zero: false, padding: 12, nice: true },
  axis: { format: '.2~%', tickCount: 4 },
};

function specOf(
  { metrics, examples }: ScoresOf,
  shown: readonly Row[],
  scores: readonly Score[],
): TopLevelSpec {
  const sort = metrics.map(({ title }) => title);
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: [...scores] },
    facet: { column: { ...nominal, field: 'metric', title: null, sort } },
    spacing: 24,
    resolve: { scale: { x: 'independent' } },
    spec: {
      width: panelWidth(metrics.length, shown),
      height: { step: 24 },
      layer: [...floorLayers(shown), ...modelLayers(shown, examples)],
    },
  };
}

/** Of a panel, in pixels, so that all of them and the rows' titles fit beside each other on the page. */
function panelWidth(panels: number, shown: readonly Row[]): number {
  const titles = 9 * Math.max(...shown.map(({ title }) => title.length));
  return Math.floor((pageWidth - titles - panelGap * (panels - 1)) / panels);
}

const pageWidth = 1_040;
/** The spacing, and what numbers at the ends of two axes take of it. */
const panelGap = 56;

/** Intervals, then the paper's value, then ours on top. */
function modelLayers(shown: readonly Row[], examples: string) {
  const { domain, colours, shapes } = scalesOf(shown.filter((row) => !isFloor(row)));
  // Without a canvas a letter counts a third wider than it is.
  const axis = { labelLimit: 380, domain: false, ticks: false, grid: true, labelColor: 'var(--ink)' };
  const y = { ...byTitle, sort: domain, title: null, axis };
  const color = { ...byTitle, legend: null, scale: { domain, range: colours } };
  const shape = { ...byTitle, legend: null, scale: { domain, range: shapes } };
  const here = { transform: [{ filter: "!datum.floor && datum.source === 'here'" }] };
  const interval = (low: string, high: string, strokeWidth: number) => ({
    ...here,
    mark: { type: 'rule' as const, strokeWidth },
    encoding: { x: { ...x, field: low }, x2: { field: high }, y, color },
  });
  const at = { x: { ...x, field: 'score' }, y, tooltip: tooltipOf(examples) };
  return [
    interval('lowest', 'highest', 1),
    interval('low', 'high', 3),
    {
      transform: [{ filter: "datum.source === 'paper'" }],
      mark: {
        ...{ type: 'tick' as const, orient: 'vertical' as const, size: 15, thickness: 2 },
        ...{ color: 'var(--ink)', opacity: 1 },
      },
      encoding: at,
    },
    {
      ...here,
      mark: { type: 'point' as const, filled: true, size: 80, opacity: 1 },
      encoding: { ...at, color, shape },
    },
  ];
}

/** A line a floor, down the panel, told apart by its dashes. */
function floorLayers(shown: readonly Row[]) {
  const domain = shown.filter(isFloor).map(({ title }) => title);
  if (domain.length === 0) return [];
  const range = domain.map((_, index) => [...(dashes[index % dashes.length] ?? [])]);
  return [
    {
      transform: [{ filter: 'datum.floor' }],
      mark: { type: 'rule' as const, strokeWidth: 1.5, color: 'var(--muted)' },
      encoding: {
        x: { ...x, field: 'score' },
        y: { value: 0 },
        y2: { value: 'height' as const },
        strokeDash: {
          ...nominal,
          field: 'floor',
          scale: { domain, range },
          legend: { ...dashLegend, columns: 2 },
        },
        tooltip: [
          { ...byTitle, title: 'needs no training' },
          { ...quantitative, field: 'score', format: '.2%' },
        ],
      },
    },
  ];
}

const dashes = [
  [8, 3],
  [2, 3],
  [8, 3, 2, 3],
  [14, 3],
  [8, 3, 2, 3, 2, 3],
] as const;

const dashLegend = {
  symbolType: 'stroke',
  symbolSize: 400,
  symbolStrokeColor: 'var(--muted)',
  labelLimit: 380,
};

function tooltipOf(examples: string) {
  const share = { ...quantitative, format: '.2%' };
  return [
    { ...byTitle, title: 'row' },
    { ...nominal, field: 'source' },
    { ...share, field: 'score' },
    { ...share, field: 'low', title: 'over seeds from' },
    { ...share, field: 'high', title: 'over seeds to' },
    { ...share, field: 'lowest', title: `over ${examples} from` },
    { ...share, field: 'highest', title: `over ${examples} to` },
  ];
}
