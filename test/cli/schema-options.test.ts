import { expect, test } from 'vitest';
import { z } from 'zod';
import { UsageError } from '../../cli/errors.js';
import { parseOptions } from '../../cli/schema-options.js';

const schema = z.strictObject({
  pooling: z.enum(['additive', 'mean']).default('additive').describe('how tokens become one'),
  shared: z.boolean().default(false),
  window: z.int().min(1).max(64).default(16),
  scale: z.number().default(0.5),
});

test('texts become what the schema wants, and defaults are filled in', () => {
  expect(parseOptions(schema, { shared: 'true', window: '32' }, 'it')).toEqual({
    pooling: 'additive',
    shared: true,
    window: 32,
    scale: 0.5,
  });
});

test.each([
  [{ poling: 'mean' }, "unknown option of it 'poling'; did you mean 'pooling'?"],
  [{ pooling: 'max' }, 'options of it: pooling: '],
  [{ shared: 'maybe' }, 'shared: '],
  [{ window: '65' }, 'window: '],
  [{ window: '1.5' }, 'window: '],
  [{ scale: '' }, 'scale: '],
])('%j is refused with the reason', (given, reason) => {
  expect(() => parseOptions(schema, given as Record<string, string>, 'it')).toThrow(reason);
  expect(() => parseOptions(schema, given as Record<string, string>, 'it')).toThrow(UsageError);
});
