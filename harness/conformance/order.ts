/** What may depend on what: no row of a batch on another, no token on a later one if so declared, order or not. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture } from '../../architectures/contract.js';
import { permutation } from '../../architectures/random.js';
import { limit, worstOf } from './check.js';
import type { Check } from './check.js';
import { preset } from './preset.js';
import {
  isFinite,
  longSizes,
  maskOf,
  randomTokens,
  relativeDifference,
  shortSizes,
  withSubject,
} from './subject.js';
import type { Subject } from './subject.js';

/** A sequence gives the same alone and beside others, one of them padding alone. */
export function checkRows(architecture: Architecture): Check[] {
  const findings = [shortSizes, longSizes].map((sizes) => ({
    where: `length ${sizes.length}`,
    error: withSubject(architecture, sizes, ({ mix }) => {
      const x = randomTokens(3, sizes);
      const mask = maskOf([sizes.length, 0, 6], sizes.length);
      const alone = [0, 1, 2].map((row) => mix(rowOf(x, row), tf.slice(mask, [row, 0], [1, -1])));
      return relativeDifference(tf.concat(alone, 0), mix(x, mask));
    }),
  }));
  const { where, error } = worstOf(findings);
  return [limit('batch rows are independent', error, 1e-5, `3 rows together and alone; worst: ${where}`)];
}

const rowOf = (x: Tensor3D, row: number): Tensor3D => tf.slice(x, [row, 0, 0], [1, -1, -1]);

/** Where causality is declared, other tokens after a place change nothing up to it. */
export function checkCausality(architecture: Architecture): Check[] {
  const name = 'causal where declared';
  if (!architecture.supports.causal) return [limit(name, 0, 1e-5, 'not declared: nothing to hold')];
  const causal =
    'causal' in architecture.options.shape ? preset(architecture, { causal: true }) : architecture;
  const findings = [shortSizes, longSizes].map((sizes) => {
    const from = Math.ceil(sizes.length / 3);
    const error = withSubject(causal, sizes, (subject) => changeUpTo(subject, from));
    return { where: `tokens from ${from} of ${sizes.length} changed`, error };
  });
  const { where, error } = worstOf(findings);
  return [limit(name, error, 1e-5, `worst: ${where}`)];
}

function changeUpTo({ sizes, mix }: Subject, from: number): number {
  const x = randomTokens(2, sizes);
  const other = randomTokens(2, sizes, 2);
  const changed = tf.concat(
    [tf.slice(x, [0, 0, 0], [-1, from, -1]), tf.slice(other, [0, from, 0], [-1, -1, -1])],
    1,
  );
  const early = (y: Tensor3D): Tensor => tf.slice(y, [0, 0, 0], [-1, from, -1]);
  return relativeDifference(early(mix(x)), early(mix(changed)));
}

/**
 * Shuffled tokens, with their mask: an equivariant mixer gives each token the same output in its new place; one that is
 * declared to know of places must not, for most tokens of a long sequence.
 */
export function checkPermutation(architecture: Architecture): Check[] {
  const name = 'permutation behaviour is as declared';
  if (architecture.supports.permutationEquivariant) {
    const findings = [shortSizes, longSizes].map((sizes) => ({
      where: `length ${sizes.length}`,
      error: withSubject(architecture, sizes, (subject) => {
        const { straight, shuffled } = inBothOrders(subject, Math.ceil(sizes.length / 2));
        return relativeDifference(straight, shuffled);
      }),
    }));
    const { where, error } = worstOf(findings);
    return [limit(name, error, 1e-4, `declared equivariant: difference after shuffling; worst: ${where}`)];
  }
  const kept = withSubject(architecture, longSizes, (subject) => {
    const { straight, shuffled } = inBothOrders(subject, longSizes.length);
    if (!isFinite(straight) || !isFinite(shuffled)) return NaN;
    const change = tf.max(tf.abs(tf.sub(straight, shuffled)), -1); // [B, N]
    return tf.mean(tf.less(change, 1e-4)).dataSync()[0] ?? NaN;
  });
  return [
    limit(name, kept, 0.5, 'declared to depend on order: share of tokens that shuffling left as they were'),
  ];
}

/**
 * Outputs for tokens as they are, and for shuffled tokens, sorted back; [2, N, D], 0 in padding.
 *
 * @param real - tokens of the second sequence that are no padding
 */
function inBothOrders({ sizes, mix }: Subject, real: number): { straight: Tensor; shuffled: Tensor } {
  const { length } = sizes;
  const order = permutation(length, 1, 'conformance', 'order');
  const back = Int32Array.from(order);
  order.forEach((from, to) => (back[from] = to));
  const x = randomTokens(2, sizes);
  const mask = maskOf([length, real], length);
  const keep = tf.reshape(mask, [2, length, 1]);
  const shuffled = mix(tf.gather(x, order, 1), tf.gather(mask, order, 1));
  return { straight: tf.mul(mix(x, mask), keep), shuffled: tf.mul(tf.gather(shuffled, back, 1), keep) };
}
