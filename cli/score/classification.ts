/** Lines of a classifier: the right label and the predicted one. */
import { z } from 'zod';
import { accuracy, macroF1, mcc } from '../../tasks/classification/metrics.js';
import type { Scoring } from './contract.js';

const label = z.union([z.string(), z.number(), z.boolean()], { error: 'expected a text or a number' });

interface Pair {
  readonly label: string | number;
  readonly prediction: string | number;
}

export function classificationScoring(): Scoring<z.infer<typeof line>, Pair> {
  // All labels of a file are of one type: 1 and "1" would be two classes, and every answer wrong.
  let type: string | null = null;
  const sameType = (value: string | number | boolean): string | number => {
    type ??= typeof value;
    if (typeof value !== type) {
      throw new Error(
        `${JSON.stringify(value)} is a ${typeof value}, but the labels so far are each a ${type}: give all in one type`,
      );
    }
    return typeof value === 'boolean' ? String(value) : value;
  };
  return {
    line,
    example: '{"label": "spam", "prediction": "ham"}',
    score: (pair) => ({ label: sameType(pair.label), prediction: sameType(pair.prediction) }),
    each: (pair) => ({ accuracy: pair.label === pair.prediction ? 1 : 0 }),
    metrics(pairs) {
      const expected = pairs.map((pair) => pair.label);
      const predicted = pairs.map((pair) => pair.prediction);
      return {
        accuracy: accuracy(expected, predicted),
        macroF1: macroF1(expected, predicted),
        mcc: mcc(expected, predicted),
      };
    },
  };
}

const line = z.object({ label, prediction: label });
