import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  bcaInterval,
  holm,
  mean,
  meanInterval,
  median,
  moments,
  pairedT,
  quantile,
  sampleDeviation,
  welch,
} from '../../../reports/statistics/index.js';

const golden = new URL('../../../../shared/golden/metrics/statistics.json', import.meta.url);
const present = existsSync(golden);
if (!present)
  console.info('statistics: the golden vectors are not beside this checkout, only hand-made ones are tested');

interface BootstrapInput {
  statistic: 'mean' | 'median';
  theta_hat: number;
  replicates: number[];
}

/** The fields of every kind of case; a case has those of its own kind. */
interface Case {
  id: string;
  kind: string;
  input: {
    a: number[];
    b: number[];
    p: number[];
    values: number[];
    probabilities: number[];
  } & BootstrapInput;
  expected: Record<'t' | 'df' | 'p' | 'mean_difference' | 'mean' | 'sd', number> & {
    ci95: [number, number];
    ci95_midrank: [number | string, number | string];
    adjusted: number[];
    quantiles: number[];
  };
}
const read = (kind: string): Case[] =>
  present
    ? (JSON.parse(readFileSync(golden, 'utf8')) as { cases: Case[] }).cases.filter((one) => one.kind === kind)
    : [];

function near(actual: number, expected: number | string, relative = 1e-9): void {
  if (typeof expected === 'string') {
    expect(String(actual)).toBe(expected);
    return;
  }
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 + relative * Math.abs(expected));
}
function nearInterval(actual: readonly [number, number] | null, expected: readonly [number, number]): void {
  expect(actual).not.toBeNull();
  near(actual![0], expected[0]);
  near(actual![1], expected[1]);
}

describe.runIf(present)('statistics agree with scipy, statsmodels and numpy', () => {
  it.each(read('welch_t'))('$id', ({ id, input, expected }) => {
    const result = welch(moments(input.a), moments(input.b));
    if (id.includes('zero_variance') || id.endsWith('_n1')) {
      expect(result).toBeNull();
      return;
    }
    near(result!.t, expected.t);
    near(result!.degrees, expected.df);
    near(result!.p, expected.p, 1e-7);
    near(result!.difference, expected.mean_difference);
    nearInterval(result!.interval, expected.ci95);
  });

  it.each(read('paired_t'))('$id', ({ input, expected }) => {
    const result = pairedT(input.a, input.b);
    if (!Number.isFinite(expected.t)) {
      expect(result).toBeNull();
      return;
    }
    near(result!.t, expected.t);
    near(result!.p, expected.p, 1e-7);
    nearInterval(result!.interval, expected.ci95);
  });

  it.each(read('holm'))('$id', ({ input, expected }) => {
    const adjusted = holm(input.p);
    expect(adjusted).toHaveLength(expected.adjusted.length);
    for (const [i, value] of expected.adjusted.entries()) near(adjusted[i]!, value);
  });

  it.each(read('mean_ci95'))('$id', ({ input, expected }) => {
    near(mean(input.values), expected.mean);
    near(sampleDeviation(input.values), expected.sd);
    nearInterval(meanInterval(input.values), expected.ci95);
  });

  it.each(read('sample_sd'))('$id', ({ input, expected }) => {
    near(sampleDeviation(input.values), expected.sd);
  });

  it.each(read('quantiles'))('$id', ({ input, expected }) => {
    for (const [i, probability] of input.probabilities.entries()) {
      near(quantile(input.values, probability), expected.quantiles[i]!);
    }
  });

  it.each(read('bca'))('$id', ({ input, expected }) => {
    const { statistic, values, theta_hat, replicates } = input;
    const result = bcaInterval(values, { mean, median }[statistic], theta_hat, replicates);
    const [low, high] = expected.ci95_midrank;
    if (typeof low === 'string' || typeof high === 'string') {
      expect(result).toBeNull();
      return;
    }
    nearInterval(result, [low, high]);
  });
});
