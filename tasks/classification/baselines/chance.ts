/** Always the most frequent training class: what one knows without reading. */
import { majorityClass } from '../data.js';
import type { Baseline } from './contract.js';

export const chance: Baseline = {
  name: 'chance',
  title: 'Chance (most frequent class)',
  predict: ({ train, validation, test, classes }) => {
    const answer = majorityClass(train.labels, classes.length);
    return {
      validation: new Int32Array(validation.labels.length).fill(answer),
      test: new Int32Array(test.labels.length).fill(answer),
    };
  },
};
