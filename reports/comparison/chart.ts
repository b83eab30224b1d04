/** A dot a change with its interval round no difference. Shape and colour say the verdict. */
import type { TopLevelSpec } from 'vega-lite';
import type { Chart } from '../charts/chart.js';
import type { Change, ChangeVerdict, Quantity } from './contract.js';
import { changeText, intervalText } from './words.js';

const looks: readonly (readonly [ChangeVerdict, colour: string, shape: string])[] = [
  ['better', '#009e73', 'triangle-down'],
  ['worse', '#d55e00', 'triangle-up'],
  ['no difference detected', '#7a7a7a', 'circle'],
  ['too noisy', '#b58900', 'cross'],
];

/** @returns null of fewer than two changes: the table says as much */
export function changeChart(quantity: Quantity, title: string, changes: readonly Change[]): Chart | null {
  if (changes.length < 2) return null;
  const unit = quantity === 'score' ? 'points, right is better' : 'percent, left is better';
  return {
    id: `change-${quantity}`,
    title: `Change of the ${title}`,
    description: `A dot a cell, with its 95 % interval; 0 is no change (${unit}).`,
    misleads: 'An interval that crosses 0 is no proof that nothing changed; it says how much may have.',
    relative: [],
    spec: specOf(changes, unit),
    table: {
      columns: ['Cell', 'Change', '95 % interval', 'n', 'Verdict'],
      rows: changes.map((change) => [
        `${change.cell}, ${change.title}`,
        changeText(change),
        intervalText(change),
        String(change.n),
        change.verdict,
      ]),
    },
  };
}

function specOf(changes: readonly Change[], unit: string): TopLevelSpec {
  const values = changes.map(({ cell, title, change, interval, verdict, quantity }) => ({
    name: quantity === 'score' ? `${cell}: ${title}` : cell,
    change: 100 * change,
    low: 100 * (interval?.[0] ?? change),
    high: 100 * (interval?.[1] ?? change),
    verdict,
  }));
  const nominal = { type: 'nominal' as const };
  const quantitative = { type: 'quantitative' as const };
  const domain = looks.map(([verdict]) => verdict);
  const colour = { ...nominal, field: 'verdict', scale: { domain, range: looks.map(([, hue]) => hue) } };
  const shape = { ...nominal, field: 'verdict', scale: { domain, range: looks.map(([, , form]) => form) } };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values },
    width: 560,
    height: { step: 22 },
    encoding: {
      y: {
        ...nominal,
        field: 'name',
        title: null,
        sort: null,
        axis: { labelLimit: 460, domain: false, ticks: false },
      },
      color: colour,
    },
    layer: [
      {
        mark: { type: 'rule', color: 'var(--muted)', strokeDash: [3, 3] },
        encoding: {
          x: { datum: 0 },
          y: { value: 0 },
          y2: { value: 'height' },
          color: { value: 'var(--muted)' },
        },
      },
      {
        mark: { type: 'rule', strokeWidth: 1.5 },
        encoding: { x: { ...quantitative, field: 'low', title: `change, ${unit}` }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'point', filled: true, size: 75, opacity: 1 },
        encoding: { x: { ...quantitative, field: 'change' }, shape },
      },
    ],
  };
}
