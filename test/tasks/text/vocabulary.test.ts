import { describe, expect, it } from 'vitest';
import { buildVocabulary, createWordTable, paddingId, unknownId } from '../../../tasks/text/vocabulary.js';

/** Vocabulary of the training texts, and the ids of another text. */
function encode(training: string[][], other: string[], limit: number) {
  const table = createWordTable();
  const tokens = training.map((text) => table.add(text));
  const added = table.add(other);
  const { vocabulary, vocabularyIds } = buildVocabulary(table, tokens, limit);
  return { vocabulary, ids: [...added].map((id) => vocabularyIds[id]) };
}

describe('buildVocabulary', () => {
  it('orders words by count, and those of equal count by alphabet', () => {
    const { vocabulary } = encode(
      [
        ['d', 'b', 'c', 'c'],
        ['a', 'd', 'c'],
      ],
      [],
      10,
    );
    expect(vocabulary.words).toEqual(['', '', 'c', 'd', 'a', 'b']);
    expect(vocabulary.size).toBe(6);
  });

  it('keeps 0 for padding and 1 for unknown words', () => {
    expect([paddingId, unknownId]).toEqual([0, 1]);
    expect(encode([['x']], ['x', 'never seen'], 10).ids).toEqual([2, 1]);
  });

  it('keeps the most frequent words only, as many as asked for', () => {
    const { vocabulary, ids } = encode([['a', 'a', 'b', 'b', 'c']], ['a', 'b', 'c'], 2);
    expect(vocabulary.size).toBe(4);
    expect(ids).toEqual([2, 3, 1]);
  });

  it('does not depend on the order of the texts', () => {
    const texts = [['z', 'y'], ['x', 'y'], ['w']];
    expect(encode(texts, [], 3).vocabulary.words).toEqual(
      encode([...texts].reverse(), [], 3).vocabulary.words,
    );
  });

  it('takes words that JavaScript objects know for words', () => {
    expect(encode([['constructor', '__proto__', '__proto__']], ['__proto__', 'constructor'], 5).ids).toEqual([
      2, 3,
    ]);
  });
});
