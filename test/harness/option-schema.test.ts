import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeOptions } from '../../harness/option-schema.js';

const plain = { choices: null, minimum: null, maximum: null, description: null };

test('options are listed with type, choices, default, bounds and meaning', () => {
  const schema = z.strictObject({
    pooling: z.enum(['additive', 'mean']).default('additive').describe('how tokens become one'),
    shared: z.boolean().default(false),
    window: z.int().min(1).max(64).default(16),
    scale: z.number().default(0.5),
  });
  expect(describeOptions(schema)).toEqual([
    {
      ...plain,
      name: 'pooling',
      type: 'string',
      choices: ['additive', 'mean'],
      default: 'additive',
      description: 'how tokens become one',
    },
    { ...plain, name: 'shared', type: 'boolean', default: false },
    { ...plain, name: 'window', type: 'integer', default: 16, minimum: 1, maximum: 64 },
    { ...plain, name: 'scale', type: 'number', default: 0.5 },
  ]);
});

test('a whole number without bounds has none, and one that may be null keeps its own', () => {
  const schema = z.strictObject({
    rounds: z.int().default(2),
    features: z.int().min(8).max(256).nullable().default(null),
  });
  expect(describeOptions(schema)).toEqual([
    { ...plain, name: 'rounds', type: 'integer', default: 2 },
    { ...plain, name: 'features', type: 'integer', default: null, minimum: 8, maximum: 256 },
  ]);
});
