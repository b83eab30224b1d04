/**
 * 95 % bootstrap intervals of a file's metrics: lines are drawn with replacement, as many as there are, and each metric
 * is computed from them again (percentile interval; Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
 * section 13.3). It serves means and macro F1 alike. It says how far other lines of the same kind would move a metric,
 * nothing of training again.
 */
import { stream, uniform } from '../../architectures/random.js';
import { type Interval, quantile } from '../../reports/statistics/index.js';
import type { Values } from './contract.js';

const resamples = 1_000;

/** The same lines give the same intervals. @returns null for one line, which says nothing of its own spread */
export function intervalsOf<Scored>(
  lines: readonly Scored[],
  metrics: (lines: readonly Scored[]) => Values,
): Readonly<Record<string, Interval>> | null {
  if (lines.length < 2) return null;
  const random = stream(1, 'score', lines.length);
  const draw = () => lines[Math.floor(uniform(random) * lines.length)] as Scored;
  const replicates = Array.from({ length: resamples }, () => metrics(lines.map(draw)));
  const intervalOf = (name: string): Interval => {
    const values = replicates.map((replicate) => replicate[name] as number);
    return [quantile(values, 0.025), quantile(values, 0.975)];
  };
  return Object.fromEntries(Object.keys(replicates[0] ?? {}).map((name) => [name, intervalOf(name)]));
}
