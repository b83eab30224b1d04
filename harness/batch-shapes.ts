/**
 * Which shapes of batches a training will see, and how often each. A step is compiled for one shape at a time, and only
 * where that pays.
 */
import type { TokenBatch } from '../tasks/contract.js';

export interface BatchShape {
  readonly size: number;
  readonly length: number;
}

export interface ShapeCounts {
  /** Batches with this many rows of this length. */
  runs(shape: BatchShape): number;
  /** Shapes that come at least this often. */
  frequent(times: number): BatchShape[];
}

/** What batches get in place of the lengths that they need. */
export interface ShapePlan extends ShapeCounts {
  /** Ascending. */
  readonly lengths: readonly number[];
}

/**
 * Few lengths for the batches that come, and how often each shape then comes.
 *
 * @param batches - with the lengths that each needs
 * @param times - that a shape should come
 */
export function planShapes(batches: readonly BatchShape[], times: number): ShapePlan {
  const lengths = commonLengths(batches, times);
  const given = batches.map(({ size, length }) => ({
    size,
    length: lengths.find((each) => each >= length) ?? length,
  }));
  return { lengths, ...countShapes(given) };
}

export function countShapes(batches: Iterable<BatchShape>): ShapeCounts {
  const counts = new Map<string, { shape: BatchShape; runs: number }>();
  const key = ({ size, length }: BatchShape) => `${size} x ${length}`;
  for (const { size, length } of batches) {
    const shape = { size, length };
    counts.set(key(shape), { shape, runs: (counts.get(key(shape))?.runs ?? 0) + 1 });
  }
  return {
    runs: (shape) => counts.get(key(shape))?.runs ?? 0,
    frequent: (times) => [...counts.values()].filter(({ runs }) => runs >= times).map(({ shape }) => shape),
  };
}

/** A step of a compiled shape may cost this share more, for padding, rather than be one of another shape. */
const closeTogether = 0.1;

/**
 * Few lengths for the batches that come, so that each length comes often and little is padded. From the shortest on, a
 * length is one of them as soon as the batches up to it are `times`, and no closer than a tenth to the one before.
 *
 * @param batches - with the lengths that each needs
 * @returns ascending; the last is the longest that comes
 */
export function commonLengths(batches: Iterable<BatchShape>, times: number): number[] {
  const runs = new Map<number, number>();
  for (const { length } of batches) runs.set(length, (runs.get(length) ?? 0) + 1);
  const lengths: number[] = [];
  let waiting = 0;
  for (const [length, count] of [...runs].sort(([a], [b]) => a - b)) {
    waiting += count;
    if (waiting < times || length < (lengths.at(-1) ?? 0) * (1 + closeTogether)) continue;
    lengths.push(length);
    waiting = 0;
  }
  const longest = Math.max(0, ...runs.keys());
  return waiting === 0 ? lengths : [...lengths, longest];
}

/** A batch of this shape in which every token is real, for what only looks at shapes. */
export function exampleBatch({ size, length }: BatchShape): TokenBatch {
  return {
    size,
    length,
    ids: new Int32Array(size * length),
    mask: new Float32Array(size * length).fill(1),
    labels: new Int32Array(size),
  };
}
