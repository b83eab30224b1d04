/** What stands in padding reaches nothing: no real token's output and no gradient. And padding alone breaks nothing. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Architecture, Sizes } from '../../architectures/contract.js';
import { limit, worstOf } from './check.js';
import type { Check, Finding } from './check.js';
import {
  isFinite,
  longSizes,
  maskOf,
  objectiveWeights,
  randomTokens,
  relativeDifference,
  runBothWays,
  shortSizes,
  withSubject,
} from './subject.js';
import type { Pass } from './subject.js';

/** Finite, because 0 * NaN is NaN in every product with a mask; large enough that any weight above 0 shows. */
const poisons = [1e9, -1e9];

/**
 * The same tokens with poison in the padding. Outputs of real tokens must be the same, and so must all gradients of an
 * objective that looks at real tokens only.
 */
export function checkPadding(
  architecture: Architecture,
  all: readonly Sizes[] = [shortSizes, longSizes],
): Check[] {
  const findings = all.flatMap((sizes) =>
    poisons.map((poison) => poisonReaching(architecture, sizes, poison)),
  );
  const outputs = worstOf(findings.map(({ output }) => output));
  const gradients = worstOf(findings.map(({ gradient }) => gradient));
  return [
    limit('padding never reaches a real token', outputs.error, 1e-5, `worst: ${outputs.where}`),
    limit('padding never reaches a gradient', gradients.error, 1e-4, `worst: ${gradients.where}`),
  ];
}

function poisonReaching(
  architecture: Architecture,
  sizes: Sizes,
  poison: number,
): { output: Finding; gradient: Finding } {
  const gradients: Finding[] = [];
  const error = withSubject(architecture, sizes, (subject) => {
    const { length, hidden } = sizes;
    const mask = maskOf([length, Math.ceil(length / 3), 1], length);
    const keep = tf.reshape(mask, [3, length, 1]);
    const weights = tf.mul(objectiveWeights([3, length, hidden]), keep);
    const x = randomTokens(3, sizes);
    const clean = runBothWays(subject, x, mask, weights);
    const poisoned = runBothWays(subject, tf.add(x, tf.mul(tf.sub(1, keep), poison)), mask, weights);
    gradients.push(...gradientDifferences(clean, poisoned, `length ${length}, ${poison}`));
    return relativeDifference(tf.mul(clean.y, keep), tf.mul(poisoned.y, keep));
  });
  return {
    output: { where: `length ${sizes.length}, ${poison} in padding`, error },
    gradient: worstOf(gradients),
  };
}

function gradientDifferences(clean: Pass, poisoned: Pass, where: string): Finding[] {
  return [...clean.gradients].map(([name, gradient]) => {
    const other = poisoned.gradients.get(name) as Tensor;
    return { where: `${name} at ${where} in padding`, error: relativeDifference(gradient, other) };
  });
}

/** A row without a real token gives finite numbers, and finite gradients of everything. */
export function checkFullyPadded(
  architecture: Architecture,
  all: readonly Sizes[] = [shortSizes, longSizes],
): Check[] {
  const bad: string[] = [];
  for (const sizes of all) {
    withSubject(architecture, sizes, (subject) => {
      const mask = maskOf([0, 4], sizes.length);
      const weights = objectiveWeights([2, sizes.length, sizes.hidden]);
      const { y, gradients } = runBothWays(subject, randomTokens(2, sizes), mask, weights);
      const named = [['output', y] as const, ...gradients];
      bad.push(
        ...named
          .filter(([, values]) => !isFinite(values))
          .map(([name]) => `${name} at length ${sizes.length}`),
      );
      return bad.length;
    });
  }
  const detail = bad.length === 0 ? 'outputs and gradients' : `not finite: ${bad.join(', ')}`;
  return [limit('a fully padded row stays finite', bad.length, 0, detail)];
}
