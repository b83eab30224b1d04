/** How much of what a model reads has a word vector. */
import type { Vocabulary } from './vocabulary.js';

interface Coverage {
  /** Words of the vocabulary that have a vector. */
  readonly words: number;
  /** Of the words of the vocabulary, without padding and the unknown word; 0 to 1. */
  readonly vocabularyShare: number;
  /** Of the tokens of the training texts as they are read, cut to length; a token outside the vocabulary has none. 0 to 1. */
  readonly tokenShare: number;
}

/**
 * @param found - ids that have a vector
 * @param training - vocabulary ids of each training text
 */
export function coverageOf(
  { words }: Vocabulary,
  found: ReadonlySet<number>,
  training: readonly Int32Array[],
): Coverage {
  let tokens = 0;
  let covered = 0;
  for (const text of training) {
    tokens += text.length;
    for (const id of text) if (found.has(id)) covered += 1;
  }
  const known = words.filter((word) => word !== '').length;
  return {
    words: found.size,
    vocabularyShare: known === 0 ? 0 : found.size / known,
    tokenShare: tokens === 0 ? 0 : covered / tokens,
  };
}
