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
