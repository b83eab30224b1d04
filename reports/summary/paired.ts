/**
 * Variants against the first of them, over seeds that both have: mean difference with its paired t interval, and Holm's
 * correction over all comparisons.
 */
import type { RunRecord } from '../../harness/record.js';
import type { AccuracyMetric } from '../paper/contract.js';
import {
  type Comparison,
  holmOver,
  type Interval,
  mean,
  meanInterval,
  pairBySeed,
  pairedT,
} from '../statistics/index.js';
import { metrics } from './accuracy.js';

/** What one variant left, a record a seed; failed ones too. */
export interface Variant {
  readonly title: string;
  readonly records: readonly RunRecord[];
}

interface PairedDifference {
  /** This variant minus the first, a fraction of 1. */
  readonly difference: number;
  readonly interval: Interval | null;
  /** Seeds that both have. */
  readonly pairs: number;
  /** Two-sided, alone; null where one pair, or no spread, tells nothing. */
  readonly p: number | null;
  /** After Holm over both metrics of all variants. */
  readonly adjusted: number | null;
}

export interface VariantScore {
  readonly mean: number;
  readonly interval: Interval | null;
  readonly n: number;
  /** Null for the first variant, and where no seed has both. */
  readonly toFirst: PairedDifference | null;
}

export interface VariantResult {
  readonly title: string;
  /** Null where every run failed. */
  readonly scores: Readonly<Record<AccuracyMetric, VariantScore | null>>;
  readonly seconds: number | null;
  readonly records: readonly string[];
  readonly failures: readonly string[];
}

/** A difference before Holm's correction. */
interface Draft {
  readonly variant: Variant;
  readonly metric: AccuracyMetric;
  readonly difference: number;
  readonly pairs: number;
  readonly comparison: Comparison | null;
}

export function compareVariants(variants: readonly Variant[]): VariantResult[] {
  const [first, ...others] = variants;
  if (first === undefined) return [];
  const drafts = others.flatMap((variant) => metrics.flatMap(({ name }) => draftOf(variant, first, name)));
  const family = holmOver(drafts.map(({ comparison }) => comparison));
  const toFirst = (variant: Variant, metric: AccuracyMetric): PairedDifference | null => {
    const draft = drafts.find((one) => one.variant === variant && one.metric === metric);
    if (draft === undefined) return null;
    const { difference, pairs, comparison } = draft;
    const { interval = null, p = null } = comparison ?? {};
    return {
      difference,
      interval,
      pairs,
      p,
      adjusted: comparison === null ? null : family.adjusted(comparison),
    };
  };
  return variants.map((variant) => resultOf(variant, (metric) => toFirst(variant, metric)));
}

function resultOf(
  { title, records }: Variant,
  toFirst: (metric: AccuracyMetric) => PairedDifference | null,
): VariantResult {
  const times = records.flatMap(({ seconds, failure }) =>
    failure === null && seconds !== null ? [seconds] : [],
  );
  const scoreOf = (metric: AccuracyMetric): VariantScore | null => {
    const values = scoresOf(records, metric).map(({ value }) => value);
    if (values.length === 0) return null;
    return { mean: mean(values), interval: meanInterval(values), n: values.length, toFirst: toFirst(metric) };
  };
  return {
    title,
    scores: { accuracy: scoreOf('accuracy'), macroF1: scoreOf('macroF1') },
    seconds: times.length === 0 ? null : mean(times),
    records: records.map(({ id }) => id),
    failures: records.flatMap(({ failure, cell }) =>
      failure === null ? [] : [`seed ${cell.seed}: ${failure.kind}: ${failure.message}`],
    ),
  };
}

function draftOf(variant: Variant, first: Variant, metric: AccuracyMetric): Draft[] {
  const pairs = pairBySeed(scoresOf(variant.records, metric), scoresOf(first.records, metric));
  if (pairs.length === 0) return [];
  const [a, b] = [pairs.map(([own]) => own.value), pairs.map(([, theirs]) => theirs.value)];
  return [{ variant, metric, difference: mean(a) - mean(b), pairs: pairs.length, comparison: pairedT(a, b) }];
}

const scoresOf = (records: readonly RunRecord[], metric: AccuracyMetric): { seed: number; value: number }[] =>
  records.flatMap(({ cell, metrics: scores, failure }) => {
    const value = scores[metric];
    return failure !== null || value === undefined ? [] : [{ seed: cell.seed, value }];
  });
