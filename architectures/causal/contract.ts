/**
 * The self-attention of a decoder: over a whole target, where each token sees none after it, or a token at a time over
 * what is kept of those before it, for the same numbers.
 *
 * T is the target's length, R the rows that are written at once.
 */
import type { Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Sizes } from '../contract.js';
import type { EncoderContext } from '../encoder.js';
import type { Scope } from '../scope.js';

/** What is kept of the tokens written so far: tensors whose first axis is R, or R * H. */
export type Cache = readonly Tensor[];

export interface CausalAttention {
  /** [B, T, D] -> [B, T, D]; token t depends on the tokens up to t. Padding comes last: no token sees it. */
  whole(x: Tensor3D, context: EncoderContext): Tensor3D;
  /** Before the first token. */
  emptyCache(rows: number): Cache;
  /**
   * @param x - the next token of each row, [R, 1, D]
   * @param place - 1 at its place, 0 elsewhere, [length]
   * @returns [R, 1, D], and the cache with the token in it, of the same shapes
   */
  step(x: Tensor3D, place: Tensor1D, cache: Cache): Advanced;
}

export interface Advanced {
  readonly out: Tensor3D;
  readonly cache: Cache;
}

/** @param sizes - `length` is the longest target */
export type CreateCausalAttention = (scope: Scope, sizes: Sizes) => CausalAttention;

export const causalAttentionNames = [
  'softmax',
  'fastformer',
  'linear',
  'performer',
  'transformer-xl',
] as const;
export type CausalAttentionName = (typeof causalAttentionNames)[number];
