/**
 * My mixer: every token gets the mean of the real tokens beside its own content.
 *
 *     v = x W_v,   m = the mean of v_n over the real tokens n,   y_n = (v_n + scale * m) W_o
 *
 * Letters: B sequences in a batch, N tokens in a sequence, D numbers in a token. Say here what yours computes, in the
 * words and letters of its paper.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { type Architecture, denseCost } from 'formerbench';

/**
 * What a user may choose, each with a default, a description and bounds: `--option scale=0.5` sets one. The conformance
 * kit tries every choice and both bounds.
 */
const options = z.strictObject({
  scale: z.number().min(0).max(1).default(1).describe('how much of the mean a token gets'),
});

export default {
  name: 'my-mixer', // What the command line and the records say.
  title: 'My mixer', // What a reader sees.
  citation: { authors: 'You', title: 'My mixer', year: 2026, url: 'https://example.org' },
  complexity: 'O(N·D²)', // Of one mixer, by your own reckoning; the kit holds the power of N against what it counts.
  options,
  supports: {
    causal: false, // True: a token never sees a later one.
    crossAttention: false,
    lengthBoundAtBuild: false, // True: a longer input needs a new model, because parameters depend on the length.
    permutationEquivariant: true, // True: tokens in another order give the same outputs in that order.
  },
  deviations: [], // Where this differs from its paper, and why, a sentence each.

  /**
   * What one sequence of `length` tokens costs in one forward pass: trainable numbers, multiply-adds of the matrix
   * products, and the bytes that these put out (4 a number). The kit counts all three, so they must be exact.
   */
  cost({ length, hidden }) {
    return { ...denseCost(length, hidden, hidden, 2), activationBytes: 4 * 2 * length * hidden };
  },

  /**
   * Makes the parameters, by name, and returns the mixer: tensors in, tensors out, nothing read back. `sizes` also has
   * `length`, the longest sequence that will come, and `heads`.
   */
  create(scope, { hidden }, { scale }) {
    const value = scope.dense('value', hidden, hidden); // Parameters value.kernel [D, D] and value.bias [D].
    const output = scope.dense('output', hidden, hidden);

    return (x, { mask }) => {
      const real = tf.expandDims(mask, 2); // [B, N, 1]: 1 for a token, 0 for padding, which must not be seen.
      const count = tf.maximum(tf.sum(real, 1, true), 1); // [B, 1, 1]: at least 1, where all is padding.
      const v = value(x); // [B, N, D]
      const mean = tf.div(tf.sum(tf.mul(v, real), 1, true), count); // [B, 1, D]
      return output(tf.add(v, tf.mul(mean, scale)));
    };
  },
} satisfies Architecture<typeof options>;
