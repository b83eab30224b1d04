/** Records of summarization by setting: everything in a cell but the architecture and the seed; floors join theirs. */
import type { SummarizerCell, SummaryFloorCell } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { pairDatasets } from '../../tasks/datasets/pair-datasets.js';
import { summaryFloors } from '../../tasks/summarization/floors/index.js';
import { pairTitle, variantTitle } from '../catalogue.js';
import { listed, thousands } from '../format.js';
import { shortened, summarizerCell } from '../paper/summary-cells.js';
import type { SummaryTable } from '../paper/summary-table.js';
import type { SummariesRow, SummariesSetting } from './summaries-contract.js';
import { canonical, compareText, groupBy, rowRank } from './records.js';
import { byTrack, type Track, type TrackGroup } from './tracks.js';

type With<C> = RunRecord & { readonly cell: C };
type SummaryCellOfPlan = SummarizerCell | SummaryFloorCell;
type Group = TrackGroup<With<SummaryCellOfPlan>>;

const isSummarizer = (record: RunRecord): record is With<SummarizerCell> => record.cell.kind === 'summarizer';
const isFloorOfSummaries = (record: RunRecord): record is With<SummaryFloorCell> =>
  record.cell.kind === 'summary-floor';

export function summariesSettings(table: SummaryTable, records: readonly RunRecord[]): SummariesSetting[] {
  const floors = records.filter(isFloorOfSummaries);
  const groups = byTrack(records.filter(isSummarizer), track).map((group): Group => {
    const dataset = canonical(group.runs[0]?.cell.dataset);
    return { ...group, runs: [...group.runs, ...floors.filter((floor) => datasetKey(floor) === dataset)] };
  });
  const housed = new Set(groups.flatMap(({ runs }) => runs));
  const homeless = floors.filter((record) => !housed.has(record));
  const alone = groupBy(homeless, datasetKey).map(([, runs]): Group => ({ runs, transformerLength: null }));
  const decoderOf = ({ runs }: Group) => decoderTitle(runs.find(isSummarizer)?.cell ?? null);
  const order = ({ runs: [first] }: Group) =>
    first === undefined ? 0 : pairDatasets.findIndex(({ name }) => name === first.cell.dataset.name);
  return [...groups, ...alone]
    .toSorted((a, b) => order(a) - order(b) || compareText(decoderOf(a), decoderOf(b)))
    .flatMap((group) => settingOf(table, group))
    .map((setting, index) => ({ ...setting, id: `${table.name}-${index + 1}` }));
}

const datasetKey = ({ cell }: With<SummaryCellOfPlan>): string => canonical(cell.dataset);

const track: Track<With<SummarizerCell>> = {
  keyOf: ({ cell }) => canonical({ ...cell, architecture: null, options: null, seed: null }),
  lengthOf: ({ cell }) => cell.summarizer.sourceLength,
  shortened: (record) => {
    const cell = shortened(record.cell);
    return cell === null ? null : { ...record, cell };
  },
};

function settingOf(table: SummaryTable, { runs, transformerLength }: Group): SummariesSetting[] {
  const [first] = runs;
  if (first === undefined) return [];
  const cell = runs.find(isSummarizer)?.cell ?? null;
  const { name } = first.cell.dataset;
  const data = runs.find(({ summary }) => summary !== null)?.summary?.data ?? null;
  return [
    {
      kind: 'summaries',
      id: '',
      title:
        pairTitle(name) +
        decoderTitle(cell) +
        (transformerLength === null ? '' : ', each at the paper’s length'),
      column: pairDatasets.find((dataset) => dataset.name === name)?.paperColumn ?? null,
      standIn: data?.standIn ?? false,
      notComparable: differences(cell, data),
      backend: cell?.backend ?? 'none',
      summarizer: cell?.summarizer ?? null,
      transformerLength,
      training: cell?.training ?? null,
      decoding: cell?.decoding ?? null,
      data,
      rows: rowsOf(table, runs),
    },
  ];
}

/** `, linear decoder`, where its self-attention is not softmax attention. */
const decoderTitle = (cell: SummarizerCell | null): string =>
  cell?.summarizer.decoderAttention === undefined ? '' : `, ${cell.summarizer.decoderAttention} decoder`;

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
