/**
 * The two tracks of tables 4 and 6. Equal length: all architectures read as many tokens, and stand in one setting by that.
 * The paper's: the Transformer reads 512 tokens where the others read 1,024 to 4,096, so its records are of another
 * length, and join the others' setting by the ratio of the two in the paper.
 */
import { groupBy } from './records.js';

export interface TrackGroup<R> {
  readonly runs: readonly R[];
  /** Null on the equal-length track. */
  readonly transformerLength: number | null;
}

/** How records of one kind tell their track. */
export interface Track<R> {
  /** Equal for records of one setting, the length part of it. */
  readonly keyOf: (record: R) => string;
  readonly lengthOf: (record: R) => number;
  /** As the Transformer beside it would be; null where the paper gives both the same length. */
  readonly shortened: (record: R) => R | null;
}

interface OfArchitecture {
  readonly cell: { readonly architecture: string };
}

const isTransformer = ({ cell }: OfArchitecture): boolean => cell.architecture === 'transformer';

/** Others may stand on both tracks: beside a Transformer of their length, and beside one of the paper's share of it. */
export function byTrack<R extends OfArchitecture>(records: readonly R[], track: Track<R>): TrackGroup<R>[] {
  const groups = groupBy(records, track.keyOf).map(([, runs]) => runs);
  const settings = groups.flatMap((runs): TrackGroup<R>[] => {
    const others = runs.filter((record) => !isTransformer(record));
    const [first] = others;
    const shorter = first === undefined ? null : track.shortened(first);
    const key = shorter === null ? null : track.keyOf(shorter);
    const guests = records.filter((record) => isTransformer(record) && track.keyOf(record) === key);
    const alike: TrackGroup<R> = { runs, transformerLength: null };
    if (shorter === null || guests.length === 0) return [alike];
    const joined = { runs: [...others, ...guests], transformerLength: track.lengthOf(shorter) };
    return runs.some(isTransformer) ? [alike, joined] : [joined];
  });
  // Transformers that all stand in a setting of the paper's track need none of their own.
  const guests = new Set(
    settings.flatMap(({ runs, transformerLength: length }) => (length === null ? [] : runs)),
  );
  return settings.filter(
    ({ runs, transformerLength: length }) =>
      length !== null || !runs.every((run) => isTransformer(run) && guests.has(run)),
  );
}
