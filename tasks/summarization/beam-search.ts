/**
 * Beam search over several documents at once: the bookkeeping, without a model.
 *
 * Each document keeps `beams` unfinished summaries. At each step the 2 x beams best continuations by log P are looked at,
 * best first: one that ends goes to the finished ones if it is among the first `beams`, the others go on until there are
 * `beams`. A document is done with `beams` finished summaries, or at the longest length, where what is unfinished ends as
 * it is. Its summary is the finished one with the largest log P / penalty, ((5 + length) / 6) ^ lengthPenalty (Wu et al.,
 * arXiv 1609.08144, equation 14). Of equal scores the earlier beam wins, then the smaller id. One beam is greedy search.
 */
import { paddingId } from '../text/vocabulary.js';
import { endId, startId } from './subwords.js';

export interface Decoding {
  readonly beams: number;
  readonly lengthPenalty: number;
  /** Subwords before the end may come. */
  readonly minLength: number;
  readonly maxLength: number;
  /** Whether three subwords in a row may come once only (Paulus et al. 2017). */
  readonly blockTrigrams: boolean;
}

/**
 * One subword further, for all documents x beams.
 * @param ids - the last subword of each row; @param parents - the row of the last step that each goes on from
 * @returns log P of every subword, row-major [rows, vocabulary]
 */
export type Advance = (ids: Int32Array, parents: Int32Array, place: number) => Promise<Float32Array>;

interface Beam {
  readonly ids: readonly number[];
  readonly score: number;
  /** Row of the last step. */
  readonly row: number;
}

interface Search {
  live: Beam[];
  readonly finished: { readonly ids: readonly number[]; readonly score: number }[];
}

/** @returns of each document the ids of its summary, without start and end */
export async function beamSearch(
  documents: number,
  decoding: Decoding,
  advance: Advance,
): Promise<number[][]> {
  const { beams, maxLength } = decoding;
  const searches = Array.from(
    { length: documents },
    (_, i): Search => ({ live: [{ ids: [], score: 0, row: i * beams }], finished: [] }),
  );
  for (let place = 0; place < maxLength && searches.some(({ live }) => live.length > 0); place++) {
    const ids = new Int32Array(documents * beams).fill(startId);
    const parents = Int32Array.from({ length: documents * beams }, (_, row) => row);
    for (const [document, { live }] of searches.entries())
      for (const [i, beam] of live.entries()) {
        ids[document * beams + i] = beam.ids.at(-1) ?? startId;
        parents[document * beams + i] = beam.row;
      }
    const scores = await advance(ids, parents, place);
    const size = scores.length / ids.length;
    for (const [document, search] of searches.entries()) {
      const rows = search.live.map((_, i) => document * beams + i);
      extend(
        search,
        rows.map((row) => scores.subarray(row * size, (row + 1) * size)),
        document * beams,
        decoding,
      );
    }
  }
  return searches.map((search) => best(search, decoding));
}

interface Continuation {
  readonly beam: number;
  readonly id: number;
  readonly score: number;
}

/** @param rows - log P of every subword, of each live beam; @param firstRow - of the document */
function extend(search: Search, rows: readonly Float32Array[], firstRow: number, decoding: Decoding): void {
  if (rows.length === 0) return;
  const { beams } = decoding;
  const continuations = rows
    .flatMap((row, beam) => bestOfRow(row, search.live[beam] as Beam, beam, decoding))
    .sort((a, b) => b.score - a.score || a.beam - b.beam || a.id - b.id)
    .slice(0, 2 * beams);
  const next: Beam[] = [];
  for (const [rank, { beam, id, score }] of continuations.entries()) {
    const { ids } = search.live[beam] as Beam;
    if (id !== endId) next.push({ ids: [...ids, id], score, row: firstRow + beam });
    else if (rank < beams) search.finished.push({ ids, score });
    if (next.length === beams) break;
  }
  search.live = search.finished.length >= beams ? [] : next;
}

/** The 2 x beams likeliest of one beam, but for what must not come. */
function bestOfRow(row: Float32Array, beam: Beam, index: number, decoding: Decoding): Continuation[] {
  const banned = bannedAfter(beam.ids, decoding);
  const most = 2 * decoding.beams;
  const kept: Continuation[] = [];
  for (let id = 0; id < row.length; id++) {
    const score = beam.score + (row[id] as number);
    const last = kept[kept.length - 1];
    if (kept.length === most && last !== undefined && score <= last.score) continue;
    if (!Number.isFinite(score) || banned.has(id)) continue;
    let at = kept.length;
    while (at > 0 && (kept[at - 1] as Continuation).score < score) at -= 1;
    kept.splice(at, 0, { beam: index, id, score });
    if (kept.length > most) kept.pop();
  }
  return kept;
}

function bannedAfter(ids: readonly number[], { minLength, blockTrigrams }: Decoding): Set<number> {
  const banned = new Set([paddingId, startId]);
  if (ids.length < minLength) banned.add(endId);
  if (!blockTrigrams || ids.length < 2) return banned;
  const [a, b] = ids.slice(-2);
  for (let i = 2; i < ids.length; i++) if (ids[i - 2] === a && ids[i - 1] === b) banned.add(ids[i] as number);
  return banned;
}

function best({ live, finished }: Search, { lengthPenalty }: Decoding): number[] {
  // The end counts, as it was scored.
  const value = ({ ids, score }: { ids: readonly number[]; score: number }, end: number) =>
    score / ((5 + ids.length + end) / 6) ** lengthPenalty;
  const all = [
    ...finished.map((each) => ({ ids: each.ids, value: value(each, 1) })),
    ...live.map((each) => ({ ids: each.ids, value: value(each, 0) })),
  ];
  const [first, ...others] = all;
  if (first === undefined) return [];
  return [...others.reduce((top, each) => (each.value > top.value ? each : top), first).ids];
}
