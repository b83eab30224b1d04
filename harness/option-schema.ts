/**
 * Options that a zod schema describes (of an architecture or a dataset), as data: what `list` shows, what the command
 * line reads texts by, and what the conformance kit tries one by one.
 */
import { z } from 'zod';

export type OptionValue = string | number | boolean | null;

export interface OptionInfo {
  readonly name: string;
  /** `boolean`, `number`, `integer` or `string`. */
  readonly type: string;
  readonly choices: readonly OptionValue[] | null;
  readonly default: OptionValue;
  /** The smallest number that is allowed; null when there is no bound. */
  readonly minimum: number | null;
  /** The largest number that is allowed; null when there is no bound. */
  readonly maximum: number | null;
  readonly description: string | null;
}

const valueSchema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.json()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

const propertySchema = valueSchema.extend({
  /** Of an option that may be null: what it is otherwise, and null. */
  anyOf: z.array(valueSchema).optional(),
  default: z.json().optional(),
  description: z.string().optional(),
});

/** The options of a schema, in its order. */
export function describeOptions(schema: z.ZodObject): OptionInfo[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => {
    const { anyOf, default: preset, description, ...own } = propertySchema.parse(property);
    const value = anyOf?.find(({ type }) => type !== 'null') ?? own;
    return {
      name,
      type: value.type ?? 'string',
      choices: value.enum?.map(plain) ?? null,
      default: preset === undefined ? null : plain(preset),
      minimum: bound(value.minimum),
      maximum: bound(value.maximum),
      description: description ?? null,
    };
  });
}

/** Every whole number of zod lies between the safe integers: that is no bound of the option. */
const bound = (value: number | undefined): number | null =>
  value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value;

const plain = (value: unknown): OptionValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
