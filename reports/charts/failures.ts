/**
 * Cells that ran and left no number, as marks in rows at the top of a chart by length: a row a line of the chart, so that
 * what ran out of memory is seen where it happened and is no gap.
 */
import type { SpeedMode } from '../paper/contract.js';
import type { SpeedSetting } from '../summary/speed-contract.js';
import { failureWords } from '../summary/failure-words.js';

export interface LengthFailure {
  readonly title: string;
  readonly architecture: string;
  readonly mode: SpeedMode;
  readonly length: number;
  /** `out of memory (needs about 560 GB, limit 20.0 GB)` */
  readonly failure: string;
  /** `out of memory` */
  readonly kind: string;
}

export const failuresOf = ({ points }: SpeedSetting): LengthFailure[] =>
  points.flatMap(({ title, architecture, mode, length, median, failed }) => {
    const failure = failed[0]?.failure ?? null;
    if (median !== null || failure === null) return [];
    return [{ title, architecture, mode, length, failure: failureWords(failure), kind: failure.kind }];
  });

/** Said of a chart that has such marks. */
export const failureSentence = (failures: readonly LengthFailure[]): string =>
  failures.length === 0
    ? ''
    : ' Open marks in the rows at the top are cells that left no number; the table says why.';

export interface PlacedFailure extends LengthFailure {
  /** On the axis of the chart: where its row is. */
  readonly value: number;
  /** On which side of the mark its kind is written; once a row. */
  readonly label: 'before' | 'after' | null;
}

export const rowHeight = 16;

/** How many rows there are. */
export const failureRows = (failures: readonly LengthFailure[]): number => titlesOf(failures).length;

const titlesOf = (failures: readonly LengthFailure[]): string[] => [
  ...new Set(failures.map(({ title }) => title)),
];

/**
 * @param domain - of the logarithmic axis, which leaves the rows free
 * @param height - of the panel, in pixels
 * @param shortest - length of the chart: before it there is no room to write
 */
export function placeFailures(
  failures: readonly LengthFailure[],
  [low, high]: readonly [number, number],
  height: number,
  shortest: number,
): PlacedFailure[] {
  const titles = titlesOf(failures);
  return failures.map((one) => {
    const row = failures.filter(({ title, mode }) => title === one.title && mode === one.mode);
    const lengths = row.map(({ length }) => length);
    const [first, last] = [Math.min(...lengths), Math.max(...lengths)];
    const before = one.length === first && first > shortest;
    const after = one.length === last && first === shortest;
    const down = (titles.indexOf(one.title) + 0.5) * (rowHeight / height);
    return {
      ...one,
      value: high * (low / high) ** down,
      label: before ? 'before' : after ? 'after' : null,
    };
  });
}
