/**
 * Sentences chosen by looking at the right summary: about as good as an extract can be. Sentence by sentence the one is
 * taken that raises ROUGE-1 F + ROUGE-2 F most, until none does (Nallapati et al., "SummaRuNNer", 2017); pairs of words are
 * those inside of a sentence.
 */
import { rougeTokens } from '../rouge.js';
import type { SummaryFloor } from './contract.js';

const mostSentences = 30;

export const oracleExtract: SummaryFloor = {
  name: 'oracle-extract',
  title: 'Oracle extract (knows the summary)',
  fit:
    () =>
    ({ document, summary }) => {
      const chosen = chooseSentences(document, summary);
      return document.filter((_, i) => chosen.has(i));
    },
};

function chooseSentences(document: readonly string[], summary: readonly string[]): Set<number> {
  const grams = [1, 2].map((n) => {
    const ofText = (text: string) => countGrams(rougeTokens(text, { stemmer: false }), n);
    const target = ofText(summary.join(' '));
    return { target, size: total(target), sentences: document.map(ofText), taken: new Map<string, number>() };
  });
  const chosen = new Set<number>();
  let score = 0;
  while (chosen.size < Math.min(mostSentences, document.length)) {
    let best = { at: -1, score };
    for (const at of document.keys()) {
      if (chosen.has(at)) continue;
      const value = grams.reduce(
        (sum, { target, size, sentences, taken }) =>
          sum + fWith(target, size, taken, sentences[at] ?? new Map()),
        0,
      );
      if (value > best.score) best = { at, score: value };
    }
    if (best.at < 0) return chosen;
    chosen.add(best.at);
    score = best.score;
    for (const { sentences, taken } of grams)
      for (const [gram, count] of sentences[best.at] ?? []) taken.set(gram, (taken.get(gram) ?? 0) + count);
  }
  return chosen;
}

type Counts = ReadonlyMap<string, number>;

/** F of what is taken with one sentence more. */
function fWith(target: Counts, size: number, taken: Counts, added: Counts): number {
  let hits = 0;
  for (const [gram, count] of target)
    hits += Math.min(count, (taken.get(gram) ?? 0) + (added.get(gram) ?? 0));
  const length = total(taken) + total(added);
  return hits === 0 ? 0 : (2 * hits) / (length + size);
}

const total = (counts: Counts): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

function countGrams(tokens: readonly string[], n: number): Counts {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= tokens.length; i++) {
    const gram = tokens.slice(i, i + n).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}
