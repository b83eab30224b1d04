/** Figure 2: seconds, ratios to one architecture at the same length, and memory. */
import { variantTitle } from '../catalogue.js';
import { listed, thousands } from '../format.js';
import type { SpeedFigure, SpeedMode, Variant } from '../paper/contract.js';
import type { SummaryCell } from './contract.js';
import type { SpeedPoint, SpeedSetting } from './speed-contract.js';
import { failureWords } from './failure-words.js';
import { ratioOf } from './ratio.js';

/** The point that others are divided by: the reference architecture, default options, same length and mode. */
export function referencePoint(
  figure: SpeedFigure,
  setting: SpeedSetting,
  point: SpeedPoint,
): SpeedPoint | undefined {
  return variantPoint(setting, { architecture: figure.reference }, point.mode, point.length);
}

/** The variant with these options and all others at their defaults; without options, the default one or the first. */
export function variantPoint(
  setting: SpeedSetting,
  { architecture, options }: Variant,
  mode: SpeedMode,
  length: number,
): SpeedPoint | undefined {
  const variants = setting.points.filter(
    (point) => point.architecture === architecture && point.mode === mode && point.length === length,
  );
  const named = variants.find((point) => point.title === variantTitle(architecture, options ?? {}));
  return options === undefined ? (named ?? variants[0]) : named;
}

/** The paper's ratio to the reference; null where it plots no point, and for the reference itself. */
export function publishedRatio(figure: SpeedFigure, architecture: string, mode: SpeedMode, length: number) {
  const theirs = figure.published(architecture, mode, length);
  const reference = figure.published(figure.reference, mode, length);
  return theirs === null || reference === null || architecture === figure.reference
    ? null
    : theirs / reference;
}

export function speedCells(figure: SpeedFigure, settings: readonly SpeedSetting[]): SummaryCell[] {
  if (settings.length === 0)
    return figure.rows.flatMap((row) => absentCells(figure, null, row, [128, 512, 1_024]));
  return settings.flatMap((setting) => {
    const lengths = [...new Set(setting.points.map((point) => point.length))];
    const absent = figure.rows.filter(
      ({ architecture }) => !setting.points.some((point) => point.architecture === architecture),
    );
    return [
      ...setting.points.flatMap((point) => pointCells(figure, setting, point)),
      ...absent.flatMap((row) => absentCells(figure, setting.id, row, lengths)),
    ];
  });
}

const column = (mode: SpeedMode, length: number, quantity: string) =>
  `${mode} at ${thousands(length)}, ${quantity}`;

function absentCells(
  figure: SpeedFigure,
  setting: string | null,
  { architecture, title }: SpeedFigure['rows'][number],
  lengths: readonly number[],
): SummaryCell[] {
  return (['inference', 'training'] as const).flatMap((mode) =>
    lengths.map(
      (length): SummaryCell => ({
        setting,
        architecture,
        row: title,
        column: column(mode, length, 'times Fastformer'),
        unit: 'ratio',
        published: publishedRatio(figure, architecture, mode, length),
        publishedDeviation: null,
        ours: null,
        interval: null,
        n: 0,
        verdict: 'not run',
        reason: 'no run with these settings',
        records: [],
      }),
    ),
  );
}

/** What a cell of a point holds beside what all of them share. */
type Measured = Pick<SummaryCell, 'unit' | 'ours' | 'interval' | 'published' | 'reason' | 'records' | 'n'>;

function pointCells(figure: SpeedFigure, setting: SpeedSetting, point: SpeedPoint): SummaryCell[] {
  const reasons = point.failed.flatMap(({ failure }) => (failure === null ? [] : [failureWords(failure)]));
  const missing =
    reasons.length === 0 ? 'no samples in its records' : `left out: ${listed([...new Set(reasons)])}`;
  const { architecture, title: row, mode, length, interval } = point;
  const cell = (quantity: string, measured: Measured): SummaryCell => ({
    setting: setting.id,
    architecture,
    row,
    column: column(mode, length, quantity),
    publishedDeviation: null,
    ...measured,
    ...(measured.ours === null
      ? { verdict: 'not run', reason: missing, n: 0, records: [] }
      : { verdict: 'not comparable' }),
  });
  const own = { n: point.samples.length, records: point.records.map(({ id }) => id), published: null };
  const ratio = ratioCell(figure, setting, point);
  return [
    cell('seconds a step', {
      ...own,
      unit: 'seconds',
      ours: point.median,
      interval,
      reason: 'the paper prints no seconds',
    }),
    ...(ratio === null ? [] : [cell('times Fastformer', ratio)]),
    cell('peak tensor bytes', {
      ...own,
      unit: 'bytes',
      ours: point.peakTensorBytes,
      interval: null,
      n: point.records.length,
      reason: 'the paper gives no memory',
    }),
  ];
}

/** Null for the reference itself. */
function ratioCell(figure: SpeedFigure, setting: SpeedSetting, point: SpeedPoint): Measured | null {
  const reference = referencePoint(figure, setting, point);
  if (reference === point) return null;
  const ratio = reference === undefined ? null : ratioOf(point, reference);
  return {
    unit: 'ratio',
    ours: ratio?.value ?? null,
    interval: ratio?.interval ?? null,
    n: ratio?.n ?? 0,
    published: publishedRatio(figure, point.architecture, point.mode, point.length),
    reason: 'another machine, batch and framework than the paper’s',
    records: [...point.records, ...(reference?.records ?? [])].map(({ id }) => id),
  };
}
