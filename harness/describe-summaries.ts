/** What a record says of documents and of the summaries that were written of them. */
import type { PairData } from '../tasks/summarization/data.js';
import type { SummaryEvaluation } from '../tasks/summarization/evaluate.js';
import { evaluateSummaries } from '../tasks/summarization/evaluate.js';
import type { Outcome } from './record.js';

type Summary = NonNullable<Outcome['summary']>;

/** Texts of the record. */
const textsKept = 50;
/** Characters of one: a paper's abstract has 2,000. */
const charactersKept = 4_000;

/** @param predictions - of the test documents, in their order; null where none were written */
export function describeSummaries(
  data: PairData,
  predictions: readonly string[] | null,
  training: Summary['training'],
): { readonly summary: Summary; readonly metrics: SummaryEvaluation['metrics'] } {
  const targets = data.test.map(({ summary }) => summary.join('\n'));
  const evaluation = predictions === null ? null : evaluateSummaries(targets, predictions);
  const cut = (text: string) => text.slice(0, charactersKept);
  const texts = (predictions ?? []).slice(0, textsKept).map((prediction, i) => ({
    id: cut(data.test[i]?.id ?? ''),
    target: cut(targets[i] ?? ''),
    prediction: cut(prediction),
  }));
  return {
    metrics: evaluation?.metrics ?? {},
    summary: {
      data: describeData(data),
      documentInterval: evaluation?.documentInterval ?? null,
      training,
      texts,
    },
  };
}

function describeData(data: PairData): Summary['data'] {
  const { label, sha256, standIn, splitRule, empty, duplicates, train, validation, test } = data;
  const words = (texts: readonly (readonly string[])[]) =>
    texts.reduce((sum, sentences) => sum + sentences.join(' ').split(' ').length, 0) / texts.length;
  return {
    label,
    sha256,
    standIn,
    splitRule,
    documents: { train: train.length, validation: validation.length, test: test.length },
    empty,
    duplicates,
    meanDocument: words(test.map(({ document }) => document)),
    meanSummary: words(test.map(({ summary }) => summary)),
  };
}
