/**
 * Accuracy records by setting: everything in a cell but the architecture, its options and the seed, and what else a
 * table's rows vary. On the paper's track the Transformer reads shorter texts than the others; its records join theirs.
 */
import type { BaselineCell, TrainedCell } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { datasetFacts, variantTitle } from '../catalogue.js';
import { counted, listed, thousands } from '../format.js';
import type { AccuracyTable, PaperColumn } from '../paper/contract.js';
import { transformerLength } from '../paper/table-4-values.js';
import type { AccuracyRow, AccuracySetting } from './accuracy-contract.js';
import { belongs, keyRank, rowOf, variesLayers } from './accuracy-rows.js';
import { canonical, compareText, groupBy } from './records.js';
import { byTrack, type TrackGroup } from './tracks.js';

type With<C> = RunRecord & { readonly cell: C };

const isTrained = (record: RunRecord): record is With<TrainedCell> => record.cell.kind === 'encoder';
const isBaseline = (record: RunRecord): record is With<BaselineCell> => record.cell.kind === 'baseline';

/** Settings in the order of the paper's columns, then stand-ins. */
export function accuracySettings(table: AccuracyTable, records: readonly RunRecord[]): AccuracySetting[] {
  const trained = records.filter(isTrained).filter(({ cell }) => belongs(table, cell));
  const baselines = table.holds === 'rows' ? [] : records.filter(isBaseline);
  const groups = byTrack(trained, {
    keyOf: (record) => settingKey(table, record),
    lengthOf: ({ cell }) => cell.encoder.length,
    shortened: (record) => shortened(table, record),
  });
  // A baseline has no encoder: it joins every setting with its texts and vocabulary, or makes one of its own.
  const homeless = baselines.filter(
    (baseline) => !trained.some((record) => textKey(record) === textKey(baseline)),
  );
  const settings = [
    ...groups.map((group) => ({
      ...group,
      runs: [
        ...group.runs,
        ...baselines.filter(
          (baseline) => group.runs[0] !== undefined && textKey(baseline) === textKey(group.runs[0]),
        ),
      ],
    })),
    ...groupBy(homeless, textKey).map(([, runs]) => ({ runs, transformerLength: null })),
  ].flatMap((group) => settingOf(table, group));
  return settings
    .toSorted((a, b) => columnRank(table, a.column) - columnRank(table, b.column))
    .map((setting, index) => ({ ...setting, id: `${table.name}-${index + 1}` }));
}

/** On the paper's track. */
function shortened(table: AccuracyTable, record: With<TrainedCell>): With<TrainedCell> | null {
  const { encoder, dataset } = record.cell;
  const { column } = datasetFacts(dataset);
  if (table.holds === 'rows' || column === null) return null;
  const length = (encoder.length * transformerLength) / table.settings[column].length;
  if (length === encoder.length) return null;
  return { ...record, cell: { ...record.cell, encoder: { ...encoder, length } } };
}

const columnRank = (table: AccuracyTable, column: PaperColumn | null): number =>
  column === null ? table.columns.length : table.columns.indexOf(column);

function settingKey(table: AccuracyTable, { cell }: With<TrainedCell>): string {
  const { dataset, backend, execution, precision, encoder, training } = cell;
  const shared = variesLayers(table) ? { ...encoder, shareLayers: null } : encoder;
  return canonical([dataset, backend, execution, precision, shared, training]);
}

const textKey = ({ cell }: With<TrainedCell | BaselineCell>): string =>
  canonical([cell.dataset, cell.kind === 'encoder' ? cell.training.vocabulary : cell.vocabulary]);

function settingOf(
  table: AccuracyTable,
  { runs: group, transformerLength: shorter }: TrackGroup<With<TrainedCell | BaselineCell>>,
): AccuracySetting[] {
  const [first] = group;
  if (first === undefined) return [];
  const rows = rowsOf(table, group);
  // One variant alone is no ablation: it is what table 4 shows.
  if (table.holds === 'rows' && rows.length < 2) return [];
  const { cell } = first;
  const { title, column, notComparable } = datasetFacts(cell.dataset);
  const data = group.find((record) => record.data !== null)?.data ?? null;
  const encoder = cell.kind === 'encoder' ? cell.encoder : null;
  const reasons = column === null ? [] : [notComparable, ...smaller(table, column, cell)];
  return [
    {
      kind: 'accuracy',
      id: '',
      title:
        title +
        (cell.kind === 'baseline' || cell.precision === 'float32' ? '' : `, products in ${cell.precision}`) +
        (shorter === null ? '' : ', each at the paper’s length'),
      column,
      notComparable: reasons.filter((reason) => reason !== null),
      standIn: data?.standIn ?? false,
      backend: cell.backend,
      encoder,
      transformerLength: shorter,
      training: cell.kind === 'encoder' ? cell.training : null,
      data,
      rows,
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
  const printedRow = ({ cell }: With<TrainedCell | BaselineCell>) =>
    cell.kind === 'encoder' ? rowOf(table, cell) : undefined;
  return groupBy(group, (record) =>
    table.holds === 'rows'
      ? (printedRow(record)?.key ?? '')
      : canonical([record.cell.architecture, record.cell.kind === 'encoder' ? record.cell.options : null]),
  )
    .flatMap(([, runs]): AccuracyRow[] => {
      const [first] = runs;
      if (first === undefined) return [];
      const { cell } = first;
      const printed = printedRow(first);
      const bySeed = runs.toSorted((a, b) => a.cell.seed - b.cell.seed);
      return [
        {
          key: printed?.key ?? cell.architecture,
          architecture: cell.architecture,
          title:
            table.holds === 'rows' && printed !== undefined
              ? printed.title
              : variantTitle(cell.architecture, cell.kind === 'encoder' ? cell.options : {}),
          kind: cell.kind,
          records: bySeed.filter((record) => record.failure === null),
          failed: bySeed.filter((record) => record.failure !== null),
        },
      ];
    })
    .toSorted((a, b) => keyRank(a.key, table) - keyRank(b.key, table) || compareText(a.title, b.title));
}
