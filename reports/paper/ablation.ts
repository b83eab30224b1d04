/** What the ablations of Fastformer have in common: their rows are variants of it, and only they stand in the table. */
import type { Cell } from '../../harness/cell.js';
import { trainedCell } from './accuracy-cells.js';
import type {
  AccuracyClaim,
  AccuracyMetric,
  AccuracyTable,
  CellRequest,
  PaperColumn,
  Published,
} from './contract.js';
import { presets } from './presets.js';
import { columns, fraction, published as printedInTable4, settings } from './table-4-values.js';

/** Accuracy and macro-F, percent. */
export type PrintedPair = readonly [accuracy: number, macroF1: number];

interface Ablation
  extends Pick<AccuracyTable, 'name' | 'title' | 'where' | 'rows' | 'caveats' | 'claims' | 'howToRead'> {
  /** The numbers on the bars, by row and column. */
  readonly printed: Readonly<Record<string, Readonly<Record<PaperColumn, PrintedPair>>>>;
  /** The row that is Fastformer itself: its bars repeat table 4, which prints deviations too. */
  readonly whole: string | null;
}

export function ablation({ printed, whole, ...table }: Ablation): AccuracyTable {
  return {
    ...table,
    kind: 'accuracy',
    holds: 'rows',
    columns,
    settings,
    published: (key, column, metric) =>
      key === whole ? printedInTable4('fastformer', column, metric) : onBar(printed[key]?.[column], metric),
    cells: (request) => cellsOf(table.rows, request),
  };
}

const onBar = (pair: PrintedPair | undefined, metric: AccuracyMetric): Published | null =>
  pair === undefined ? null : { mean: fraction(pair[metric === 'accuracy' ? 0 : 1]), deviation: null, n: 5 };

/** Every row of a seed and a dataset before the next. Nothing where Fastformer was not asked for. */
function cellsOf(rows: AccuracyTable['rows'], request: CellRequest): Cell[] {
  const { datasets, seeds } = presets[request.preset].ablations;
  return request.seeds.slice(0, seeds ?? undefined).flatMap((seed) =>
    request.datasets.slice(0, datasets ?? undefined).flatMap((dataset) =>
      rows.flatMap((row): Cell[] => {
        const base = request.architectures.find(({ name }) => name === row.architecture);
        if (base === undefined) return [];
        const variant = { name: base.name, options: { ...base.options, ...row.options } };
        return [trainedCell(variant, dataset, seed, request, { encoder: row.encoder })];
      }),
    ),
  );
}

/** A sentence as two claims of the paper: about accuracy, and about macro-F. */
export const inBothMetrics = (
  claim: Pick<AccuracyClaim, 'text' | 'better' | 'worse' | 'margin'>,
): AccuracyClaim[] => [
  { ...claim, source: 'paper', metric: 'accuracy', text: `${claim.text}, by accuracy,` },
  { ...claim, source: 'paper', metric: 'macroF1', text: `${claim.text}, by macro-F,` },
];

/** About one published standard deviation: what "no worse" and "similar" allow. */
export const similar = 0.005;

export const howToReadAblation: readonly string[] = [
  'Each row is Fastformer with one part changed; all else is the same, the seeds too. Ours is the mean over seeds with the 95 % Student-t interval.',
  'Claims compare rows over paired seeds: the interval of a difference is narrower than those of its two rows suggest, since a seed’s luck falls on both.',
];

export const swappedCaptions =
  'The captions of the three panels are swapped in the paper: “(a) Amazon” holds the values of MIND, “(b) IMDB” those of Amazon, “(c) MIND” those of IMDB, as table 4 shows. Here they are put right.';

export const noDeviations =
  'The bars carry no deviations, so only Fastformer’s own, which repeat table 4, can be tested against ours.';
