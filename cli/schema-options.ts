/**
 * Options that a zod schema describes (of an architecture or a dataset), from the command line.
 */
import { z } from 'zod';
import { describeOptions, type OptionInfo, type OptionValue } from '../harness/option-schema.js';
import { UsageError } from './errors.js';
import { unknownName } from './suggest.js';

/**
 * Options from `name=value` texts, defaults filled in.
 * @param owner - `architecture fastformer`, for messages
 * @throws UsageError for an unknown name or a value that is not one
 */
export function parseOptions(
  schema: z.ZodObject,
  given: Readonly<Record<string, string>>,
  owner: string,
): Record<string, OptionValue> {
  const infos = describeOptions(schema);
  const values = Object.entries(given).map(([name, text]) => {
    const info = infos.find((one) => one.name === name);
    if (info !== undefined) return [name, typed(info, text)];
    const names = infos.map((one) => one.name);
    throw unknownName(`option of ${owner}`, name, names);
  });
  const parsed = schema.strict().safeParse(Object.fromEntries(values));
  if (parsed.success)
    return z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).parse(parsed.data);
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new UsageError(`options of ${owner}: ${problems.join('; ')}`);
}

/** The text as the type that the schema wants; what does not fit is left to the schema to refuse. */
function typed({ type, choices }: OptionInfo, text: string): OptionValue {
  const choice = choices?.find((value) => String(value) === text);
  if (choice !== undefined) return choice;
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if ((type === 'number' || type === 'integer') && text !== '' && Number.isFinite(Number(text)))
    return Number(text);
  return text;
}
