/** Records of summarization by setting: everything in a cell but the architecture and the seed; floors join theirs. */
import type { SummarizerCell, SummaryFloorCell } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { pairDatasets } from '../../tasks/datasets/pair-datasets.js';
import { summaryFloors } from '../../tasks/summarization/floors/index.js';
import { pairTitle, variantTitle } from '../catalogue.js';
import { listed, thousands } from '../format.js';
import { summarizerCell } from '../paper/summary-cells.js';
import type { SummaryTable } from '../paper/summary-table.js';
import type { SummariesRow, SummariesSetting } from './contract.js';
import { canonical, compareText, groupBy, rowRank } from './records.js';

type With<C> = RunRecord & { readonly cell: C };
type SummaryCellOfPlan = SummarizerCell | SummaryFloorCell;

const isSummarizer = (record: RunRecord): record is With<SummarizerCell> => record.cell.kind === 'summarizer';
const isFloorOfSummaries = (record: RunRecord): record is With<SummaryFloorCell> =>
  record.cell.kind === 'summary-floor';

export function summariesSettings(table: SummaryTable, records: readonly RunRecord[]): SummariesSetting[] {
  const floors = records.filter(isFloorOfSummaries);
  const groups = groupBy(records.filter(isSummarizer), ({ cell }) =>
    canonical({ ...cell, architecture: null, options: null, seed: null }),
  ).map(([, runs]): With<SummaryCellOfPlan>[] => [
    ...runs,
    ...floors.filter(({ cell }) => canonical(cell.dataset) === canonical(runs[0]?.cell.dataset)),
  ]);
  const housed = new Set(groups.flat());
  const homeless = floors.filter((record) => !housed.has(record));
  const alone = groupBy(homeless, ({ cell }) => canonical(cell.dataset)).map(([, runs]) => runs);
  const column = ({ cell }: With<SummaryCellOfPlan>) =>
    pairDatasets.findIndex(({ name }) => name === cell.dataset.name);
  const order = (runs: readonly With<SummaryCellOfPlan>[]) => (runs[0] === undefined ? 0 : column(runs[0]));
  return [...groups, ...alone]
    .toSorted((a, b) => order(a) - order(b))
    .flatMap((runs) => settingOf(table, runs))
    .map((setting, index) => ({ ...setting, id: `${table.name}-${index + 1}` }));
}

function settingOf(table: SummaryTable, runs: readonly With<SummaryCellOfPlan>[]): SummariesSetting[] {
  const [first] = runs;
  if (first === undefined) return [];
  const cell = runs.find(isSummarizer)?.cell ?? null;
  const { name } = first.cell.dataset;
  const data = runs.find(({ summary }) => summary !== null)?.summary?.data ?? null;
  return [
    {
      kind: 'summaries',
      id: '',
      title: pairTitle(name),
      column: pairDatasets.find((dataset) => dataset.name === name)?.paperColumn ?? null,
      standIn: data?.standIn ?? false,
      notComparable: differences(cell, data),
      backend: cell?.backend ?? 'none',
      summarizer: cell?.summarizer ?? null,
      training: cell?.training ?? null,
      decoding: cell?.decoding ?? null,
      data,
      rows: rowsOf(table, runs),
    },
  ];
}

/** What of a setting is not the paper's, as short phrases. */
function differences(cell: SummarizerCell | null, data: SummariesSetting['data']): string[] {
  const documents = data === null ? [] : [`${thousands(data.documents.train)} training documents`];
  if (cell === null) return documents;
  const theirs = summarizerCell({ name: '', options: {} }, cell.dataset, 1, { preset: 'paper', backend: '' });
  const sizes = (['sourceLength', 'encoderLayers', 'decoderLayers', 'hidden'] as const).flatMap((size) =>
    cell.summarizer[size] === theirs.summarizer[size]
      ? []
      : [`${sizeTitles[size]} ${cell.summarizer[size]} instead of ${theirs.summarizer[size]}`],
  );
  return [...documents, ...(sizes.length === 0 ? [] : [listed(sizes)])];
}

const sizeTitles = {
  sourceLength: 'source length',
  encoderLayers: 'encoder layers',
  decoderLayers: 'decoder layers',
  hidden: 'hidden size',
} as const;

function rowsOf(table: SummaryTable, runs: readonly With<SummaryCellOfPlan>[]): SummariesRow[] {
  const place = ({ kind, architecture }: SummariesRow) =>
    kind === 'summarizer'
      ? rowRank(architecture, table.rows)
      : 1_000 + summaryFloors.findIndex(({ name }) => name === architecture);
  return groupBy(runs, ({ cell }) => canonical([cell.architecture, optionsOf(cell)]))
    .flatMap(([, own]): SummariesRow[] => {
      const [first] = own;
      if (first === undefined) return [];
      const bySeed = own.toSorted((a, b) => a.cell.seed - b.cell.seed);
      return [
        {
          key: first.cell.architecture,
          architecture: first.cell.architecture,
          title: titleOf(first.cell),
          kind: first.cell.kind,
          records: bySeed.filter(({ failure }) => failure === null),
          failed: bySeed.filter(({ failure }) => failure !== null),
        },
      ];
    })
    .toSorted((a, b) => place(a) - place(b) || compareText(a.title, b.title));
}

const optionsOf = (cell: SummaryCellOfPlan) => (cell.kind === 'summarizer' ? cell.options : null);

const titleOf = (cell: SummaryCellOfPlan): string =>
  cell.kind === 'summarizer'
    ? variantTitle(cell.architecture, cell.options)
    : (summaryFloors.find(({ name }) => name === cell.architecture)?.title ?? cell.architecture);
