/** Variants beside the first of them, as lines for a terminal. */
import { halfWidth, percent, points, probability, seconds } from '../reports/format.js';
import type { VariantResult, VariantScore } from '../reports/summary/paired.js';
import { alignColumns } from './output.js';

export function variantLines(results: readonly VariantResult[]): string[] {
  const [first] = results;
  const rows = results.map(({ title, scores: { accuracy, macroF1 }, seconds: time }) => [
    title,
    String(accuracy?.n ?? 0),
    scoreText(accuracy),
    differenceText(accuracy, title === first?.title),
    scoreText(macroF1),
    differenceText(macroF1, title === first?.title),
    time === null ? '—' : seconds(time),
  ]);
  return [
    ...alignColumns([
      ['', 'n', 'accuracy, %', 'to the first', 'macro-F, %', 'to the first', 'time'],
      ...rows,
    ]),
    'Means over seeds with 95 % Student-t intervals; differences in points over paired seeds, with Holm’s correction over all of them.',
    ...results.flatMap(({ title, failures }) => failures.map((failure) => `${title}: ${failure}`)),
  ];
}

const scoreText = (score: VariantScore | null): string =>
  score === null
    ? '—'
    : percent(score.mean) + (score.interval === null ? '' : ` ± ${halfWidth(score.interval)}`);

function differenceText(score: VariantScore | null, isFirst: boolean): string {
  if (isFirst) return 'the first';
  if (score?.toFirst == null) return '—';
  const { difference, interval, adjusted } = score.toFirst;
  const width = interval === null ? '' : ` ± ${halfWidth(interval)}`;
  return `${points(difference)}${width}${adjusted === null ? '' : `, ${probability(adjusted)}`}`;
}
