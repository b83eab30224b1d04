/**
 * The words that a model knows, numbered. Made from training texts only: a word that only a test text has is unknown.
 */

/** Id of padding: no word. */
export const paddingId = 0;
/** Id of every word that is not in the vocabulary. */
export const unknownId = 1;
const firstWordId = 2;

export interface Vocabulary {
  /** Rows of an embedding table: the words, padding and unknown. */
  readonly size: number;
  /** By id; those of padding and unknown are empty. */
  readonly words: readonly string[];
}

/** Numbers words 0, 1, 2, ... in order of first appearance, so that a text is tokenized once and kept as numbers. */
export interface WordTable {
  readonly words: readonly string[];
  /** Table ids of the tokens; new words are added. */
  add(tokens: readonly string[]): Int32Array;
}

export function createWordTable(): WordTable {
  const words: string[] = [];
  const ids = new Map<string, number>();
  return {
    words,
    // The innermost loop of loading, some 14 million tokens for IMDB: an index is a third faster than an iterator.
    add: (tokens) => {
      const added = new Int32Array(tokens.length);
      for (let i = 0; i < tokens.length; i++) {
        const token = tokens[i] as string;
        let id = ids.get(token);
        if (id === undefined) {
          id = words.length;
          ids.set(token, id);
          words.push(token);
        }
        added[i] = id;
      }
      return added;
    },
  };
}

/**
 * The `limit` most frequent words of the training texts. Words of equal count come in alphabetical order (by code
 * unit), so that the order of the texts does not matter.
 *
 * @param training - table ids of each training text
 * @returns the vocabulary, and the vocabulary id of every table id
 */
export function buildVocabulary(
  table: WordTable,
  training: readonly Int32Array[],
  limit: number,
): { vocabulary: Vocabulary; vocabularyIds: Int32Array } {
  const counts = new Int32Array(table.words.length);
  for (const text of training) {
    for (const id of text) counts[id] = (counts[id] as number) + 1;
  }
  const count = (id: number) => counts[id] as number;
  const spelling = (id: number) => table.words[id] as string;
  const kept = [...counts.keys()]
    .filter((id) => count(id) > 0)
    .sort((a, b) => count(b) - count(a) || (spelling(a) < spelling(b) ? -1 : 1))
    .slice(0, limit);

  const vocabularyIds = new Int32Array(table.words.length).fill(unknownId);
  for (const [rank, id] of kept.entries()) vocabularyIds[id] = firstWordId + rank;
  const words = ['', '', ...kept.map(spelling)];
  return { vocabulary: { size: words.length, words }, vocabularyIds };
}
