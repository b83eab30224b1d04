/** Accuracy records by setting: everything in a cell but the architecture, its options and the seed. */
import type { BaselineCell, TrainedCell } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { architectureTitle, datasetFacts, optionsLabel } from '../catalogue.js';
import { counted, listed, thousands } from '../format.js';
import type { AccuracyTable, PaperColumn } from '../paper/contract.js';
import type { AccuracyRow, AccuracySetting } from './contract.js';
import { canonical, compareText, groupBy, rowRank } from './records.js';

type With<C> = RunRecord & { readonly cell: C };

const isTrained = (record: RunRecord): record is With<TrainedCell> => record.cell.kind === 'encoder';
const isBaseline = (record: RunRecord): record is With<BaselineCell> => record.cell.kind === 'baseline';

/** Settings in the order of the paper's columns, then stand-ins. */
export function accuracySettings(table: AccuracyTable, records: readonly RunRecord[]): AccuracySetting[] {
  const trained = records.filter(isTrained);
  const baselines = records.filter(isBaseline);
  const groups = groupBy(trained, settingKey);
  // A baseline has no encoder: it joins every setting with its texts and vocabulary, or makes one of its own.
  const homeless = baselines.filter(
    (baseline) => !trained.some((record) => textKey(record) === textKey(baseline)),
  );
  const settings = [
    ...groups.map(([, group]) => [
      ...group,
      ...baselines.filter((baseline) => group[0] !== undefined && textKey(baseline) === textKey(group[0])),
    ]),
    ...groupBy(homeless, textKey).map(([, group]) => group),
  ].flatMap((group) => settingOf(table, group));
  return settings
    .toSorted((a, b) => columnRank(table, a.column) - columnRank(table, b.column))
    .map((setting, index) => ({ ...setting, id: `${table.name}-${index + 1}` }));
}

const columnRank = (table: AccuracyTable, column: PaperColumn | null): number =>
  column === null ? table.columns.length : table.columns.indexOf(column);

const settingKey = ({ cell }: With<TrainedCell>): string =>
  canonical([cell.dataset, cell.backend, cell.encoder, cell.training]);

const textKey = ({ cell }: With<TrainedCell | BaselineCell>): string =>
  canonical([cell.dataset, cell.kind === 'encoder' ? cell.training.vocabulary : cell.vocabulary]);

function settingOf(
  table: AccuracyTable,
  group: readonly With<TrainedCell | BaselineCell>[],
): AccuracySetting[] {
  const [first] = group;
  if (first === undefined) return [];
  const { cell } = first;
  const { title, column, notComparable } = datasetFacts(cell.dataset);
  const data = group.find((record) => record.data !== null)?.data ?? null;
  const encoder = cell.kind === 'encoder' ? cell.encoder : null;
  const reasons = column === null ? [] : [notComparable, ...smaller(table, column, cell)];
  return [
    {
      kind: 'accuracy',
      id: '',
      title,
      column,
      notComparable: reasons.filter((reason) => reason !== null),
      standIn: data?.standIn ?? false,
      backend: cell.backend,
      encoder,
      training: cell.kind === 'encoder' ? cell.training : null,
      data,
      rows: rowsOf(table, group),
    },
  ];
}

/** What of a setting is not the paper's, as short phrases. */
function smaller(table: AccuracyTable, column: PaperColumn, cell: TrainedCell | BaselineCell): string[] {
  const theirs = table.settings[column];
  const reasons: string[] = [];
  const { train } = cell.dataset;
  if (train !== null && train < theirs.train) {
    reasons.push(`${thousands(train)} training texts instead of ${thousands(theirs.train)}`);
  }
  if (cell.kind !== 'encoder') return reasons;
  const { encoder } = cell;
  const sizes = [
    encoder.layers === 2 ? null : `${counted(encoder.layers, 'layer')} instead of 2`,
    encoder.hidden === 256 ? null : `hidden size ${encoder.hidden} instead of 256`,
    encoder.length === theirs.length
      ? null
      : `length ${thousands(encoder.length)} instead of ${thousands(theirs.length)}`,
  ].filter((size) => size !== null);
  return sizes.length === 0 ? reasons : [...reasons, listed(sizes)];
}

/** One row a variant of an architecture. */
function rowsOf(table: AccuracyTable, group: readonly With<TrainedCell | BaselineCell>[]): AccuracyRow[] {
  return groupBy(group, ({ cell }) =>
    canonical([cell.architecture, cell.kind === 'encoder' ? cell.options : null]),
  )
    .flatMap(([, runs]): AccuracyRow[] => {
      const [first] = runs;
      if (first === undefined) return [];
      const { cell } = first;
      const options = cell.kind === 'encoder' ? optionsLabel(cell.architecture, cell.options) : '';
      const bySeed = runs.toSorted((a, b) => a.cell.seed - b.cell.seed);
      return [
        {
          architecture: cell.architecture,
          title: architectureTitle(cell.architecture) + (options === '' ? '' : ` (${options})`),
          kind: cell.kind,
          records: bySeed.filter((record) => record.failure === null),
          failed: bySeed.filter((record) => record.failure !== null),
        },
      ];
    })
    .toSorted(
      (a, b) =>
        rowRank(a.architecture, table.rows) - rowRank(b.architecture, table.rows) ||
        compareText(a.title, b.title),
    );
}
