/**
 * Multinomial naive Bayes on word counts, add-one smoothing: what one knows from the words without their order.
 *
 *     class = argmax_c  log P(c) + sum_w log P(w | c),   P(w | c) = (count(w, c) + 1) / (count(c) + V)
 *
 * McCallum and Nigam 1998. V is the number of words of the vocabulary; words outside it are not counted.
 */
import type { ClassificationData, Examples } from '../data.js';
import { unknownId } from '../../text/vocabulary.js';
import type { Baseline } from './contract.js';

export const naiveBayes: Baseline = {
  name: 'naive-bayes',
  title: 'Naive Bayes (bag of words)',
  predict: (data) => {
    const model = fit(data);
    return { validation: classify(model, data.validation), test: classify(model, data.test) };
  },
};

interface NaiveBayes {
  /** log P(c), [classes]; minus infinity for a class without training examples. */
  readonly logPriors: Float64Array;
  /** log P(w | c), [vocabulary size, classes]. */
  readonly logLikelihoods: Float64Array;
}

const isWord = (id: number): boolean => id > unknownId;

function fit({ train, classes, vocabulary }: ClassificationData): NaiveBayes {
  const size = classes.length;
  const counts = new Float64Array(vocabulary.size * size);
  const words = new Float64Array(size);
  const examples = new Float64Array(size);
  for (const [i, text] of train.tokens.entries()) {
    const label = train.labels[i] as number;
    examples[label] = (examples[label] as number) + 1;
    for (const id of text) {
      if (!isWord(id)) continue;
      const at = id * size + label;
      counts[at] = (counts[at] as number) + 1;
      words[label] = (words[label] as number) + 1;
    }
  }
  const distinct = vocabulary.size - (unknownId + 1);
  return {
    logPriors: examples.map((count) => Math.log(count / train.tokens.length)),
    logLikelihoods: counts.map((count, at) =>
      Math.log((count + 1) / ((words[at % size] as number) + distinct)),
    ),
  };
}

function classify({ logPriors, logLikelihoods }: NaiveBayes, { tokens }: Examples): Int32Array {
  const size = logPriors.length;
  return Int32Array.from(tokens, (text) => {
    const scores = Float64Array.from(logPriors);
    for (const id of text) {
      if (!isWord(id)) continue;
      for (let label = 0; label < size; label++) {
        scores[label] = (scores[label] as number) + (logLikelihoods[id * size + label] as number);
      }
    }
    return scores.indexOf(Math.max(...scores));
  });
}
