/**
 * A sequence cut into segments, each beside the tokens right before it: its memory (Dai et al., section 3.2).
 *
 * All segments are there at once, as rows of a batch. That is exact: what a segment remembers is the input of the same
 * layer, which does not depend on later segments.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { sliceAxis } from './slices.js';

export interface Segments {
  /** L: tokens of a segment. */
  readonly size: number;
  /** S: number of segments; the last is filled up. */
  readonly count: number;
  /** M: tokens before each segment that it attends to. */
  readonly memory: number;
}

/** @param before - tokens at hand before the sequence; without any, no more memory than the sequence itself gives */
export function planSegments(length: number, segment: number, memory: number, before = 0): Segments {
  const size = Math.min(segment, length);
  const count = Math.ceil(length / size);
  return { size, count, memory: Math.min(memory, (count - 1) * size + before) };
}

/** [rows, N, F] -> [rows * S, L, F], the end filled up with `fill`. */
export function intoSegments(x: Tensor3D, { size, count }: Segments, fill = 0): Tensor3D {
  const [rows, , features] = x.shape;
  return tf.reshape(lengthen(x, 0, size * count, fill), [rows * count, size, features]);
}

/** [rows * S, L, F] -> [rows, N, F], the inverse of `intoSegments`. */
export function fromSegments(x: Tensor3D, { size, count }: Segments, length: number): Tensor3D {
  const [rows, , features] = x.shape;
  return sliceAxis(tf.reshape<tf.Rank.R3>(x, [rows / count, size * count, features]), 1, 0, length);
}

/**
 * Each segment with its memory before it: [rows * S, M + L, F].
 *
 * @param own - what a segment sees of itself, [rows, N, F]
 * @param remembered - what later segments see of it, [rows, N, F]: the same numbers, with or without a gradient
 * @param before - what the first segments see before the sequence, [rows, *, F]; `fill` where it is too short
 */
export function withMemory(
  own: Tensor3D,
  remembered: Tensor3D,
  before: Tensor3D | null,
  segments: Segments,
  fill = 0,
): Tensor3D {
  const { size, count, memory } = segments;
  const itself = intoSegments(own, segments, fill);
  if (memory === 0) return itself;
  const [rows, length, features] = own.shape;
  const known = before === null ? remembered : tf.concat([before, remembered], 1);
  const unseen = known.shape[1] - length - memory; // negative where the memory begins before everything known
  const seen = sliceAxis(known, 1, Math.max(0, unseen), known.shape[1] - Math.max(0, unseen));
  // Segment s remembers the M tokens of `past` from s * L on.
  const past = lengthen(seen, Math.max(0, -unseen), memory + size * count, fill);
  const pieces: Tensor3D[] = [];
  for (let start = 0; start < memory; start += size) {
    const blocks = tf.reshape<tf.Rank.R3>(sliceAxis(past, 1, start, size * count), [
      rows * count,
      size,
      features,
    ]);
    pieces.push(start + size <= memory ? blocks : sliceAxis(blocks, 1, 0, memory - start));
  }
  return tf.concat([...pieces, itself], 1);
}

/** Filled up with `ahead` entries before it, and after it to `total`. */
function lengthen(x: Tensor3D, ahead: number, total: number, fill: number): Tensor3D {
  const behind = total - ahead - x.shape[1];
  const paddings: [number, number][] = [
    [0, 0],
    [ahead, behind],
    [0, 0],
  ];
  return ahead + behind === 0 ? x : tf.pad(x, paddings, fill);
}
