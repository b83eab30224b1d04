/**
 * Subwords: byte-level byte pair encoding (Sennrich et al. 2016; bytes as in GPT-2), learned from the training texts.
 *
 * Texts in lower case are cut into words with the blank before them; a word is its UTF-8 bytes; learning joins the pair
 * of neighbours that comes most often, again and again, of equal ones the pair with the smaller ids. So every text can
 * be written, and the same texts give the same vocabulary. Ids: 0 padding, 1 start, 2 end, 3 a sentence's end inside of
 * a summary, 4 to 259 the bytes, then the joined pairs in the order in which they were learned.
 */
import { pairQueue } from './pair-queue.js';

export const startId = 1;
export const endId = 2;
/** Between the sentences of a summary. */
export const lineId = 3;
export const firstByteId = 4;
/** Padding, start, end, line: named so that no text holds them. */
export const specialTokens = ['<pad>', '<s>', '</s>', '<line>'] as const;

export interface Subwords {
  /** Of ids, special ones included. */
  readonly size: number;
  /** Joined pairs in the order in which they were learned: the ids of both halves. */
  readonly merges: readonly (readonly [number, number])[];
  /** Never a special id. */
  encode(text: string): readonly number[];
  /** Special ids are left out, but a line's end is `\n`; bytes that are no UTF-8 become U+FFFD. */
  decode(ids: Iterable<number>): string;
}

/** GPT-2's rule of words, as Hugging Face's `ByteLevel` has it. */
const wordPattern = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** In lower case, with a blank before the first word where none is. */
function wordsOf(text: string): string[] {
  if (text === '') return [];
  const lower = text.toLowerCase();
  return (lower.startsWith(' ') ? lower : ` ${lower}`).match(wordPattern) ?? [];
}

const utf8 = new TextEncoder();
const bytesOf = (word: string): number[] => Array.from(utf8.encode(word), (byte) => firstByteId + byte);

/** @param size - of the vocabulary at most, the 260 ids that are always there included */
export function learnSubwords(texts: Iterable<string>, size: number): Subwords {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return createSubwords(learnMerges(counts, size - firstByteId - 256));
}

/** Of a pair: one number, so that a map finds it. */
const keyOf = (left: number, right: number): number => left * 2 ** 20 + right;

/** Bytes of a word that is learned from: what is longer is no word, but encoded data. */
const longestLearned = 40;

interface Word {
  ids: number[];
  readonly count: number;
}

function learnMerges(counts: ReadonlyMap<string, number>, most: number): [number, number][] {
  const words: Word[] = [...counts]
    .map(([word, count]) => ({ ids: bytesOf(word), count }))
    .filter(({ ids }) => ids.length <= longestLearned);
  const pairCounts = new Map<number, number>();
  /** Words that a pair was in when it was last counted there. */
  const places = new Map<number, Set<Word>>();
  const change = (word: Word, sign: 1 | -1): Set<number> => {
    const changed = new Set<number>();
    for (let i = 1; i < word.ids.length; i++) {
      const key = keyOf(word.ids[i - 1] as number, word.ids[i] as number);
      pairCounts.set(key, (pairCounts.get(key) ?? 0) + sign * word.count);
      changed.add(key);
      if (sign < 0) continue;
      const known = places.get(key);
      if (known === undefined) places.set(key, new Set([word]));
      else known.add(word);
    }
    return changed;
  };
  for (const word of words) change(word, 1);
  const queue = pairQueue();
  for (const [key, count] of pairCounts) queue.push(key, count);

  const merges: [number, number][] = [];
  while (merges.length < most) {
    const key = queue.pop((each) => pairCounts.get(each) ?? 0);
    // A pair that comes once says nothing of other texts.
    if (key === null || (pairCounts.get(key) ?? 0) < 2) break;
    const [left, right] = [Math.floor(key / 2 ** 20), key % 2 ** 20];
    const changed = new Set<number>();
    for (const word of places.get(key) ?? []) {
      for (const each of change(word, -1)) changed.add(each);
      word.ids = joinPair(word.ids, left, right, firstByteId + 256 + merges.length);
      for (const each of change(word, 1)) changed.add(each);
    }
    places.delete(key);
    merges.push([left, right]);
    for (const each of changed) queue.push(each, pairCounts.get(each) ?? 0);
  }
  return merges;
}

/** Every such pair of neighbours, from the left, as the one id. */
function joinPair(ids: readonly number[], left: number, right: number, joined: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    const isPair = ids[i] === left && ids[i + 1] === right;
    out.push(isPair ? joined : (ids[i] as number));
    if (isPair) i += 1;
  }
  return out;
}

/** Words whose ids are kept. */
const cachedWords = 200_000;

export function createSubwords(merges: readonly (readonly [number, number])[]): Subwords {
  const ranks = new Map(merges.map(([left, right], rank) => [keyOf(left, right), rank]));
  const pieces: Uint8Array[] = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  for (const [left, right] of merges)
    pieces.push(
      Uint8Array.from([
        ...(pieces[left - firstByteId] as Uint8Array),
        ...(pieces[right - firstByteId] as Uint8Array),
      ]),
    );
  const cache = new Map<string, readonly number[]>();
  const encodeWord = (word: string): readonly number[] => {
    const known = cache.get(word);
    if (known !== undefined) return known;
    const ids = applyMerges(bytesOf(word), ranks);
    if (cache.size < cachedWords) cache.set(word, ids);
    return ids;
  };
  return {
    size: firstByteId + pieces.length,
    merges,
    encode: (text) => wordsOf(text).flatMap(encodeWord),
    decode: (ids) => {
      const bytes: number[] = [];
      for (const id of ids)
        if (id === lineId) bytes.push(10);
        else bytes.push(...(pieces[id - firstByteId] ?? []));
      return new TextDecoder()
        .decode(Uint8Array.from(bytes))
        .split('\n')
        .map((line) => line.trim())
        .join('\n');
    },
  };
}

/** The pair that was learned first is joined first, everywhere in the word. */
function applyMerges(bytes: number[], ranks: ReadonlyMap<number, number>): number[] {
  let ids = bytes;
  for (;;) {
    let best = Infinity;
    for (let i = 1; i < ids.length; i++)
      best = Math.min(best, ranks.get(keyOf(ids[i - 1] as number, ids[i] as number)) ?? Infinity);
    if (best === Infinity) return ids;
    const at = ids.findIndex(
      (id, i) => i + 1 < ids.length && ranks.get(keyOf(id, ids[i + 1] as number)) === best,
    );
    ids = joinPair(ids, ids[at] as number, ids[at + 1] as number, firstByteId + 256 + best);
  }
}
