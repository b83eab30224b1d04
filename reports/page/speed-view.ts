/** What the page shows of figures of speed and of tables of complexity. */
import type { RunRecord } from '../../harness/record.js';
import { isChart } from '../charts/chart.js';
import { memoryChart } from '../charts/memory.js';
import { stepRatioChart } from '../charts/step-ratio.js';
import { stepTimeChart } from '../charts/step-time.js';
import { counted, percent, seconds } from '../format.js';
import type { ComplexityTable, SpeedFigure } from '../paper/contract.js';
import type { TableSummary } from '../summary/contract.js';
import type { LargestBatchSetting, SpeedSetting } from '../summary/speed-contract.js';
import { overheadOf } from '../summary/overhead.js';
import type { Fact } from './answer.js';
import { complexityGrid, countedGrid } from './complexity-grid.js';
import { efficiencyGrids } from './efficiency-grid.js';
import { footnotesOf } from './footnotes.js';
import { largestBatchGrid } from './largest-batch-grid.js';
import { absentGrid, speedGrid } from './speed-grid.js';
import type { SettingView } from './view.js';

export function speedView(table: SpeedFigure, summary: TableSummary) {
  const { settings: all, efficiency = [], largestBatches = [] } = summary;
  const settings = all.filter((setting) => setting.kind === 'speed');
  const swept = settings.map((setting) => ({
    id: setting.id,
    title: setting.title,
    tag: null,
    facts: speedFacts(setting),
    notes: [],
    grid: speedGrid(table, setting),
    more: efficiencyGrids(setting, efficiency),
    charts: [stepTimeChart(setting), stepRatioChart(table, setting), memoryChart(setting)].filter(isChart),
  }));
  return {
    settings: [...swept, ...largestBatches.map(largestBatchView)],
    missing: absentGrid(table, settings),
    footnotes: footnotesOf(settings.flatMap(({ points }) => points.map(({ architecture }) => architecture))),
  };
}

const largestBatchView = (setting: LargestBatchSetting): SettingView => ({
  id: setting.id,
  title: setting.title,
  tag: null,
  facts: encoderFacts(setting),
  notes: [
    'Each batch was tried in a process of its own under that limit. Of two batches the smaller fits and the larger does not; they are an eighth apart at most.',
  ],
  grid: largestBatchGrid(setting),
  more: [],
  charts: [],
});

export function complexityView(table: ComplexityTable, summary: TableSummary) {
  const settings = summary.settings.filter((setting) => setting.kind === 'complexity');
  return {
    settings: settings.map((setting) => ({
      id: setting.id,
      title: setting.title,
      tag: null,
      facts: speedFacts(setting.speed),
      notes: [],
      grid: complexityGrid(setting),
      more: [],
      charts: [],
    })),
    missing: settings.length === 0 ? countedGrid(table) : null,
    footnotes: [],
  };
}

const speedFacts = (setting: SpeedSetting): Fact[] => [
  ...encoderFacts(setting),
  ...overheadFact(setting.points.flatMap(({ records }) => records)),
];

const encoderFacts = ({
  backend,
  threads = null,
  machine,
  encoder,
}: Pick<SpeedSetting, 'backend' | 'machine' | 'encoder'> &
  Partial<Pick<SpeedSetting, 'threads'>>): Fact[] => [
  {
    name: 'Encoder',
    value: `${counted(encoder.layers, 'layer')}, hidden ${encoder.hidden}, ${counted(encoder.heads, 'head')}, feed-forward ${encoder.feedForward}; random tokens`,
  },
  { name: 'Backend', value: threads === null ? backend : `${backend}, ${counted(threads, 'thread')}` },
  { name: 'Machine', value: machine },
];

function overheadFact(records: readonly RunRecord[]): Fact[] {
  const overhead = overheadOf(records);
  if (overhead === null) return [];
  const { share, startUpSeconds, wallSeconds } = overhead;
  const value = `${percent(share)} % of the ${seconds(wallSeconds - startUpSeconds)} beside start-up; none of it in a timed step`;
  return [{ name: 'Taken by the harness', value }];
}
