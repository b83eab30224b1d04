/** Learning curves: validation accuracy after each epoch, a line a seed, the epoch that was kept as a point. */
import type { TopLevelSpec } from 'vega-lite';
import { percent } from '../format.js';
import type { AccuracySetting } from '../summary/accuracy-contract.js';
import type { Chart } from './chart.js';
import { scalesOf } from './marks.js';

interface Step {
  readonly title: string;
  readonly architecture: string;
  readonly seed: number;
  readonly epoch: number;
  readonly accuracy: number;
  readonly loss: number;
  readonly best: boolean;
}

/** More lines cannot be told apart. */
const mostSeeds = 10;

/** @returns null where nothing was trained for two epochs */
export function curvesChart(setting: AccuracySetting): Chart | null {
  const drawn = setting.rows.flatMap((row) =>
    [...row.records, ...row.failed].slice(0, mostSeeds).map((record) => ({ row, record })),
  );
  const steps = drawn.flatMap(({ row: { title, architecture }, record: { curve, bestEpoch, cell } }) =>
    curve.map(
      ({ epoch, validationAccuracy, trainLoss }): Step => ({
        ...{ title, architecture, seed: cell.seed, epoch },
        ...{ accuracy: validationAccuracy, loss: trainLoss, best: epoch === bestEpoch },
      }),
    ),
  );
  if (!steps.some(({ epoch }) => epoch > 1)) return null;
  return {
    id: `curves-${setting.id}`,
    title: `Learning curves on ${setting.title}`,
    description:
      'Accuracy on the validation texts after each epoch, a panel an architecture and a line a seed; the point is the epoch that was kept and then tested once. Runs that did not learn are in it; of more than ten seeds, ten are.',
    misleads:
      'The axis does not begin at 0. A line that still rises at its end was stopped by the preset, not by the model; validation accuracy is no test accuracy.',
    relative: [],
    spec: specOf(steps),
    table: {
      columns: ['Architecture', 'Seed', 'Epoch', 'Validation accuracy, %', 'Training loss', 'Kept'],
      rows: steps.map(({ title, seed, epoch, accuracy, loss, best }) => [
        ...[title, String(seed), String(epoch), percent(accuracy), loss.toFixed(4)],
        best ? 'yes' : 'no',
      ]),
      drawn: {
        column: 3,
        records: drawn.flatMap(({ record: { curve, id } }) => curve.map(() => [id])),
      },
    },
  };
}

function specOf(steps: readonly Step[]): TopLevelSpec {
  const { domain, colours, shapes } = scalesOf(steps);
  const byTitle = { field: 'title', type: 'nominal' as const, legend: null };
  const quantitative = { type: 'quantitative' as const };
  const epochs = [...new Set(steps.map(({ epoch }) => epoch))].toSorted((a, b) => a - b);
  const x = {
    ...quantitative,
    field: 'epoch',
    title: 'epoch',
    axis: { values: epochs, format: 'd', grid: false, labelOverlap: 'greedy' as const },
    scale: { zero: false, nice: false, padding: 8 },
  };
  const y = {
    ...quantitative,
    field: 'accuracy',
    title: 'validation accuracy',
    scale: { zero: false },
    axis: { format: '.2~%', tickCount: 4 },
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: [...steps] },
    facet: {
      field: 'title',
      type: 'nominal',
      title: null,
      sort: domain,
      header: { labelFontSize: 11, labelLimit: 220 },
    },
    columns: 5,
    spacing: 16,
    spec: {
      width: 165,
      height: 110,
      encoding: { x, y, color: { ...byTitle, scale: { domain, range: colours } } },
      layer: [
        {
          mark: { type: 'line', strokeWidth: 1.25, opacity: 0.8 },
          encoding: { detail: { field: 'seed', type: 'nominal' } },
        },
        {
          transform: [{ filter: 'datum.best' }],
          mark: { type: 'point', filled: true, size: 45, opacity: 1 },
          encoding: {
            shape: { ...byTitle, scale: { domain, range: shapes } },
            tooltip: [
              { field: 'title', type: 'nominal', title: 'architecture' },
              { ...quantitative, field: 'seed' },
              { ...quantitative, field: 'epoch' },
              { ...quantitative, field: 'accuracy', format: '.2%' },
              { ...quantitative, field: 'loss', format: '.4~r' },
            ],
          },
        },
      ],
    },
  };
}
