/** What an architecture declares to cost, against what is counted while it runs. */
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture, Cost, Sizes } from '../../architectures/contract.js';
import { countMatrixProducts } from '../count-products.js';
import { limit } from './check.js';
import type { Check } from './check.js';
import { createSubject, longSizes, randomTokens } from './subject.js';

export { countMatrixProducts, countMultiplyAdds } from '../count-products.js';

/** A multiple of most blocks, an odd length, a single token, and a long one. */
const sizesToCount: readonly Sizes[] = [
  { length: 32, hidden: 48, heads: 4 },
  { length: 13, hidden: 24, heads: 3 },
  { length: 1, hidden: 8, heads: 2 },
  longSizes,
];

const quantities = [
  ['declared parameters are the counted', 'parameters'],
  ['declared multiply-adds are the counted', 'multiplyAdds'],
  ['declared activation bytes are the counted', 'activationBytes'],
] as const;

export function checkCounts(architecture: Architecture, all = sizesToCount): Check[] {
  const costs = all.map((sizes) => ({ sizes, ...declaredAndCounted(architecture, sizes) }));
  return quantities.map(([name, quantity]) => {
    const differences = costs.map(({ sizes, declared, counted }) => ({
      difference: Math.abs(declared[quantity] - counted[quantity]),
      text: `length ${sizes.length}: declared ${declared[quantity]}, counted ${counted[quantity]}`,
    }));
    const wrong = differences.find(({ difference }) => difference !== 0);
    const lengths = all.map(({ length }) => length).join(', ');
    return limit(name, wrong?.difference ?? 0, 0, wrong?.text ?? `the same at lengths ${lengths}`);
  });
}

function declaredAndCounted(architecture: Architecture, sizes: Sizes): { declared: Cost; counted: Cost } {
  const subject = createSubject(architecture, sizes);
  try {
    const products = countMatrixProducts(() => {
      tf.tidy(() => {
        subject.mix(randomTokens(1, sizes));
      });
    });
    const parameters = [...subject.parameters.values()].reduce((sum, { size }) => sum + size, 0);
    return { declared: architecture.cost(sizes, subject.options), counted: { parameters, ...products } };
  } finally {
    subject.dispose();
  }
}
