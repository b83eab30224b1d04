/**
 * Causal attention that keeps as much of a hundred tokens as of one.
 *
 * It reads a chunk of tokens at a time and hands on what later ones need. A whole target is its chunks one after the
 * other, so that what is large within a chunk grows with the chunk and not with the target; a step is a chunk of one.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { sliceAxis } from '../layers/slices.js';
import type { Advanced, Cache, CausalAttention } from './contract.js';

/** Tokens of a chunk of a whole target. */
const chunkLength = 64;

/** @param advance - reads [R, C, D] tokens after those in the cache */
export function recurrent(
  advance: (x: Tensor3D, cache: Cache) => Advanced,
  emptyCache: (rows: number) => Cache,
): CausalAttention {
  return {
    whole: (x) => {
      const [rows, length] = x.shape;
      const pieces: Tensor3D[] = [];
      let cache = emptyCache(rows);
      for (let start = 0; start < length; start += chunkLength) {
        const done = advance(sliceAxis(x, 1, start, Math.min(chunkLength, length - start)), cache);
        pieces.push(done.out);
        cache = done.cache;
      }
      return pieces.length === 1 ? (pieces[0] as Tensor3D) : tf.concat(pieces, 1);
    },
    emptyCache,
    step: (x, _place, cache) => advance(x, cache),
  };
}
