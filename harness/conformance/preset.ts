/** An architecture whose defaults are other ones, so that every check tries it with these options. */
import type { z } from 'zod';
import type { Architecture } from '../../architectures/contract.js';

/** @throws a ZodError when an option does not exist or its value is refused */
export function preset(architecture: Architecture, chosen: Readonly<Record<string, unknown>>): Architecture {
  architecture.options.parse(chosen);
  const shape = architecture.options.shape;
  const changed = Object.entries(chosen).map(([name, value]) => [name, withDefault(shape[name], value)]);
  const extension = Object.fromEntries(changed) as z.ZodRawShape;
  return { ...architecture, options: architecture.options.safeExtend(extension) };
}

const withDefault = (schema: unknown, value: unknown): z.ZodType => (schema as z.ZodType).default(value);
