/** Lines of a summarizer: what it should have written, or several such texts, and what it wrote. */
import { z } from 'zod';
import { rougeNames, rougeOfBest } from '../../tasks/summarization/rouge.js';
import { meanValues, type Scoring, type Values } from './contract.js';

const line = z.object({
  target: z.string().optional(),
  targets: z.array(z.string()).min(1).optional(),
  prediction: z.string(),
});

export function rougeScoring(): Scoring<z.infer<typeof line>, Values> {
  return {
    line,
    example: '{"target": "what was to be written", "prediction": "what was written"}',
    score({ target, targets, prediction }, options) {
      const scores = rougeOfBest(targetsOf(target, targets), prediction, options);
      return Object.fromEntries(rougeNames.map((name) => [name, scores[name].f]));
    },
    each: (values) => values,
    metrics: meanValues,
  };
}

function targetsOf(target: string | undefined, targets: readonly string[] | undefined): readonly string[] {
  if (target !== undefined && targets !== undefined)
    throw new Error('target and targets are both given: give one');
  if (target !== undefined) return [target];
  if (targets !== undefined) return targets;
  throw new Error('target is missing');
}
