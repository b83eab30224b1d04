/**
 * Tokens that attend to all tokens and that all tokens attend to (Beltagy et al., arXiv 2004.05150, section 3.1).
 *
 * Usually they are the first of each sequence: the candidates are then a slice, and cost nothing to find. Where they may
 * be anywhere, every token is a candidate.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

export interface GlobalTokens {
  /** m: the first m tokens of a sequence may be global, the others are not. */
  readonly candidates: number;
  /** 1 for candidates that are global and real, else 0: [B, m]. A constant. */
  readonly chosen: Tensor2D;
}

/** The first `count` tokens of each sequence, as far as they are real. */
export function firstTokens(mask: Tensor2D, count: number): GlobalTokens {
  const candidates = Math.min(count, mask.shape[1]);
  return { candidates, chosen: tf.slice(mask, [0, 0], [-1, candidates]) };
}

/** @param marks - 1 for a global token, at any place, [B, N] */
export function markedTokens(mask: Tensor2D, marks: Tensor): GlobalTokens {
  return { candidates: mask.shape[1], chosen: tf.mul(mask, tf.cast(marks, 'float32')) };
}

/** `mask` without the global tokens: [B, N]. */
export function otherTokens(mask: Tensor2D, { candidates, chosen }: GlobalTokens): Tensor2D {
  return tf.sub(
    mask,
    tf.pad(chosen, [
      [0, 0],
      [0, mask.shape[1] - candidates],
    ]),
  );
}

/**
 * The rows of `own` where a candidate is global, the rows of `local` elsewhere, and 0 where `mask` is.
 *
 * @param own - of the candidates, [B, m, D]
 * @param local - of all tokens, [B, N, D]
 */
export function placeGlobal(own: Tensor3D, local: Tensor3D, mask: Tensor2D, tokens: GlobalTokens): Tensor3D {
  const placed = tf.pad(maskTokens(own, tokens.chosen), [
    [0, 0],
    [0, mask.shape[1] - tokens.candidates],
    [0, 0],
  ]);
  return tf.add<Tensor3D>(maskTokens(local, otherTokens(mask, tokens)), placed);
}

/** Every token times its mask: [B, N, D]. */
export const maskTokens = (x: Tensor3D, mask: Tensor2D): Tensor3D =>
  tf.mul(x, tf.reshape(mask, [mask.shape[0], mask.shape[1], 1]));
