/** ROUGE of summaries: means over documents, and the interval that other documents would give. */
import { drawAgain } from '../bootstrap.js';
import { rouge, rougeNames } from './rouge.js';

/** F, fractions of 1; tokens as they are, and by their Porter stems. */
export const summaryMetrics = [
  'rouge1',
  'rouge2',
  'rougeL',
  'rougeLsum',
  'rouge1Stemmed',
  'rouge2Stemmed',
  'rougeLStemmed',
  'rougeLsumStemmed',
] as const;

export interface SummaryEvaluation {
  readonly metrics: Readonly<Record<string, number>>;
  /** 95 %, of drawing as many documents again: not the spread over seeds. */
  readonly documentInterval: Readonly<Record<string, readonly [number, number]>>;
}

/** @param targets, predictions - a sentence a line */
export function evaluateSummaries(
  targets: readonly string[],
  predictions: readonly string[],
): SummaryEvaluation {
  const each = targets.map((target, i) => scoresOf(target, predictions[i] ?? ''));
  const columns = summaryMetrics.map((name) => each.map((scores) => scores[name] as number));
  const intervals = drawAgain(columns, 'documents');
  const byName = <T>(value: (index: number) => T) =>
    Object.fromEntries(summaryMetrics.map((name, i) => [name, value(i)]));
  return {
    metrics: byName((i) => (columns[i] ?? []).reduce((sum, score) => sum + score, 0) / each.length),
    documentInterval: byName((i) => intervals[i] as [number, number]),
  };
}

function scoresOf(target: string, prediction: string): Record<string, number> {
  const [plain, stemmed] = [false, true].map((stemmer) => rouge(target, prediction, { stemmer }));
  return Object.fromEntries(
    rougeNames.flatMap((name) => [
      [name, plain?.[name].f ?? 0],
      [`${name}Stemmed`, stemmed?.[name].f ?? 0],
    ]),
  );
}
