/** Classification: one class for each text; the paper's Table 4. */
import type { Task } from '../contract.js';
import { createBatches } from '../text/batches.js';
import { type ClassificationData, majorityClass } from './data.js';
import { accuracy, macroF1 } from './metrics.js';
import { createClassifier } from './model.js';

export const classification: Task<ClassificationData> = {
  name: 'classification',
  title: 'Text classification',
  metrics: [
    { name: 'accuracy', title: 'Accuracy', unit: 'fraction', better: 'higher' },
    { name: 'macroF1', title: 'Macro-F', unit: 'fraction', better: 'higher' },
  ],
  selection: 'accuracy',
  batches: (data, split, options) => createBatches(data[split], options),
  model: (scope, encoder, data) => createClassifier(scope, encoder, data.classes.length),
  expected: ({ labels }) => [...labels],
  evaluate: (expected, predicted) => ({
    accuracy: accuracy(expected, predicted),
    macroF1: macroF1(expected, predicted),
  }),
  chance: (data, split) => {
    const answer = majorityClass(data.train.labels, data.classes.length);
    const { labels } = data[split];
    return labels.filter((label) => label === answer).length / labels.length;
  },
};
