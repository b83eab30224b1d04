/** A comparison as one HTML file: what changed, what did not, what could not be told. It needs no script. */
import { drawSvg, isChart } from '../charts/chart.js';
import { counted, listed } from '../format.js';
import { generator } from '../page/generator.js';
import { type Chip, type Grid, textCell } from '../page/grid.js';
import { noSources } from '../page/sources.js';
import { chartView, gridView, pageFile, pageTemplate } from '../page/templates.js';
import { changeChart } from './chart.js';
import type { Change, ChangeVerdict, Quantity, RecordsComparison, Uncompared } from './contract.js';
import type { GateResult } from './gates.js';
import { changeText, gateText, intervalText, probabilityText, valueText } from './words.js';

export interface ComparisonNames {
  readonly base: string;
  readonly head: string;
}

const chips: Readonly<Record<ChangeVerdict, Chip>> = {
  better: { symbol: '▼', word: 'better', tone: 'good' },
  worse: { symbol: '▲', word: 'worse', tone: 'bad' },
  'no difference detected': { symbol: '=', word: 'no difference detected', tone: 'none' },
  'too noisy': { symbol: '?', word: 'too noisy', tone: 'open' },
};

const quantities: readonly { readonly name: Quantity; readonly title: string; readonly lead: string }[] = [
  {
    name: 'time',
    title: 'Time of a step',
    lead: 'Pairs of rounds, each beside its control workload; head over base. Less is better. Holm’s correction over all cells.',
  },
  {
    name: 'memory',
    title: 'Peak of tensors',
    lead: 'Counted, so exact: every difference is one. Less is better.',
  },
  {
    name: 'score',
    title: 'Scores',
    lead: 'Pairs of seeds; head minus base in percentage points. More is better. Holm’s correction over all cells and metrics.',
  },
];

export async function comparisonPage(
  comparison: RecordsComparison,
  gates: readonly GateResult[],
  names: ComparisonNames,
): Promise<string> {
  const sections = await Promise.all(
    quantities.map(({ name, title, lead }) =>
      sectionOf(
        name,
        title,
        lead,
        comparison.changes.filter(({ quantity }) => quantity === name),
      ),
    ),
  );
  const page = pageTemplate('comparison.hbs');
  return page({
    ...names,
    answer: answerOf(comparison),
    gates: gates.map((gate) => ({ text: gateText(gate), chip: gateChip(gate) })),
    sections: [...sections.flat(), ...uncomparedSection(comparison.uncompared)],
    generator: generator(),
    style: pageFile('page.css'),
    policy: "default-src 'none'; style-src 'unsafe-inline'",
  });
}

const gateChip = ({ tripped }: GateResult): Chip =>
  tripped ? { symbol: '✗', word: 'tripped', tone: 'bad' } : { symbol: '✓', word: 'passed', tone: 'good' };

/** Sentences: what is better, what is worse, what nobody can tell. */
export function answerOf({ changes, uncompared }: RecordsComparison): string[] {
  if (changes.length === 0) return ['No cell has a result on both sides: there is nothing to compare.'];
  const count = (verdict: ChangeVerdict) => changes.filter((change) => change.verdict === verdict).length;
  const parts = Object.keys(chips).map((verdict) => `${count(verdict as ChangeVerdict)} ${verdict}`);
  const apart =
    uncompared.length === 0
      ? []
      : [`${counted(uncompared.length, 'cell')} could not be compared, or only in part.`];
  return [
    `Of ${counted(changes.length, 'quantity').replace('quantitys', 'quantities')}: ${listed(parts)}.`,
    ...apart,
  ];
}

async function sectionOf(name: Quantity, title: string, lead: string, changes: readonly Change[]) {
  if (changes.length === 0) return [];
  const charts = [changeChart(name, title.toLowerCase(), changes)].filter(isChart);
  const drawn = new Map<string, string>();
  for (const chart of charts) drawn.set(chart.id, await drawSvg(chart.spec));
  return [
    {
      ...{ id: name, title, lead },
      grid: gridView(changeGrid(name, title, changes), noSources),
      charts: charts.map((chart) => chartView(chart, drawn, noSources)),
    },
  ];
}

const changeGrid = (name: Quantity, title: string, changes: readonly Change[]): Grid => ({
  id: `changes-${name}`,
  caption: `${title}: base, head and the change`,
  corner: 'Cell',
  columns: [
    { title: 'Value', columns: ['base', 'head'] },
    { title: 'Change', columns: ['head against base', '95 % interval', 'p', 'n', 'verdict'] },
  ],
  groups: [
    {
      title: null,
      rows: changes.map((change) => ({
        header: name === 'score' ? `${change.cell}: ${change.title}` : change.cell,
        cells: [
          textCell(valueText(change.base, change)),
          textCell(valueText(change.head, change)),
          textCell(changeText(change)),
          textCell(intervalText(change)),
          textCell(probabilityText(change)),
          textCell(String(change.n)),
          { text: change.verdict, chip: chips[change.verdict], note: change.reason },
        ],
        records: change.records,
      })),
    },
  ],
});

function uncomparedSection(uncompared: readonly Uncompared[]) {
  if (uncompared.length === 0) return [];
  const grid: Grid = {
    id: 'uncompared-cells',
    caption: 'Cells that were not compared, or only in part',
    corner: 'Cell',
    columns: [{ title: 'Why', columns: ['kind', 'reason'] }],
    groups: [
      {
        title: null,
        rows: uncompared.map(({ cell, kind, reason }) => ({
          header: cell,
          cells: [textCell(kind), textCell(reason)],
          records: [],
        })),
      },
    ],
  };
  const lead = 'A cell that had a result in base and fails in head trips every gate of its quantities.';
  return [{ id: 'uncompared', title: 'Not compared', lead, grid: gridView(grid, noSources), charts: [] }];
}
