/** Figure 2: seconds, ratios to one architecture at the same length, memory, and the claims about who is faster. */
import { architectureTitle, isInSuite } from '../catalogue.js';
import { counted, listed, seconds, significant, thousands } from '../format.js';
import type { SpeedFigure, SpeedMode } from '../paper/contract.js';
import {
  bootstrapRatioInterval,
  type Comparison,
  holm,
  type Interval,
  median,
  moments,
  welch,
} from '../statistics/index.js';
import { judge, testResult } from './accuracy.js';
import type { SpeedPoint, SpeedSetting, SummaryCell, SummaryClaim } from './contract.js';

/**
 * How many times longer one step takes than another: the ratio of the medians, with its bootstrap interval, and Welch's
 * test on the logarithms of the samples.
 */
export interface Ratio {
  readonly value: number;
  readonly interval: Interval | null;
  readonly comparison: Comparison | null;
}

export function ratioOf(slower: readonly number[], faster: readonly number[]): Ratio | null {
  if (slower.length === 0 || faster.length === 0) return null;
  const [a, b] = [moments(slower.map(Math.log)), moments(faster.map(Math.log))];
  const interval = bootstrapRatioInterval(slower, faster, median);
  return { value: median(slower) / median(faster), interval, comparison: welch(a, b) };
}

/** The point that others are divided by: the reference architecture, default options, same length and mode. */
export function referencePoint(
  figure: SpeedFigure,
  setting: SpeedSetting,
  point: SpeedPoint,
): SpeedPoint | undefined {
  return mainPoint(setting, figure.reference, point.mode, point.length);
}

function mainPoint(setting: SpeedSetting, architecture: string, mode: SpeedMode, length: number) {
  const variants = setting.points.filter(
    (point) => point.architecture === architecture && point.mode === mode && point.length === length,
  );
  return variants.find((point) => point.title === architectureTitle(architecture)) ?? variants[0];
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
        reason: isInSuite(architecture) ? 'no run with these settings' : 'not in this suite yet',
        records: [],
      }),
    ),
  );
}

/** What a cell of a point holds beside what all of them share. */
type Measured = Pick<SummaryCell, 'unit' | 'ours' | 'interval' | 'published' | 'reason' | 'records' | 'n'>;

function pointCells(figure: SpeedFigure, setting: SpeedSetting, point: SpeedPoint): SummaryCell[] {
  const kinds = point.failed.flatMap(({ failure }) => (failure === null ? [] : [failure.kind]));
  const missing =
    kinds.length === 0 ? 'no samples in its records' : `left out: ${listed([...new Set(kinds)])}`;
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
  const ratio = reference === undefined ? null : ratioOf(point.samples, reference.samples);
  return {
    unit: 'ratio',
    ours: ratio?.value ?? null,
    interval: ratio?.interval ?? null,
    n: point.samples.length,
    published: publishedRatio(figure, point.architecture, point.mode, point.length),
    reason: 'another machine, batch and framework than the paper’s',
    records: [...point.records, ...(reference?.records ?? [])].map(({ id }) => id),
  };
}

/** Claims of every setting that has both architectures at the claim's length. */
export function speedClaims(figure: SpeedFigure, settings: readonly SpeedSetting[]): SummaryClaim[] {
  const drafts = settings.flatMap((setting) =>
    figure.claims.flatMap((claim) => {
      const slower = mainPoint(setting, claim.slower, claim.mode, claim.length);
      const faster = mainPoint(setting, claim.faster, claim.mode, claim.length);
      return slower === undefined || faster === undefined ? [] : [{ claim, setting, slower, faster }];
    }),
  );
  const ratios = drafts.map(({ slower, faster }) => ratioOf(slower.samples, faster.samples));
  const tested = ratios.flatMap((ratio) => (ratio?.comparison ? [ratio.comparison] : []));
  const adjusted = holm(tested.map(({ p }) => p));
  return drafts.map(({ claim, setting, slower, faster }, index) => {
    const ratio = ratios[index] ?? null;
    const comparison = ratio?.comparison ?? null;
    const p = comparison === null ? null : (adjusted[tested.indexOf(comparison)] ?? 1);
    return {
      table: figure.name,
      setting: setting.id,
      source: 'paper',
      text: claim.text,
      verdict: comparison === null || p === null ? 'inconclusive' : judge(comparison.difference, p),
      evidence: evidenceOf(
        slower,
        faster,
        ratio,
        p === null || comparison === null ? '' : testResult(comparison.p, p, tested.length),
      ),
      records: [...faster.records, ...slower.records].map(({ id }) => id),
    };
  });
}

function evidenceOf(slower: SpeedPoint, faster: SpeedPoint, ratio: Ratio | null, test: string): string {
  if (ratio === null) {
    const missing = [slower, faster].filter((point) => point.samples.length === 0).map(({ title }) => title);
    return `${listed(missing)} left no time.`;
  }
  const times = `${faster.title} ${seconds(median(faster.samples))}, ${slower.title} ${seconds(median(slower.samples))} a step (medians of ${counted(Math.min(faster.samples.length, slower.samples.length), 'step')})`;
  if (ratio.interval === null) return `${times}; no spread to judge by.`;
  return `${times}: the ${slower.title} takes ${significant(ratio.value)} times as long, 95 % bootstrap interval ${significant(ratio.interval[0])} to ${significant(ratio.interval[1])}, ${test} (Welch on logarithms).`;
}
