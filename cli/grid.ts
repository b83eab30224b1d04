/**
 * A grid of settings, `--grid interaction=product,add --grid encoder.layers=1,2`: every combination of one value each.
 * A name is an option of the architecture, or `encoder.` or `training.` with a size.
 */
import { InvalidArgumentError } from 'commander';
import type { Architecture } from '../architectures/contract.js';
import { encoderSizesSchema, trainingSchema } from '../harness/cell.js';
import type { SizeChanges } from '../reports/paper/accuracy-cells.js';
import type { ArchitectureChoice } from '../reports/paper/contract.js';
import { UsageError } from './errors.js';
import { parseOptions } from './schema-options.js';
import { parseList } from './values.js';

/** Values by name, in the order given. */
export type Grid = Readonly<Record<string, readonly string[]>>;

/** One value each, by name. */
export type Combination = Readonly<Record<string, string>>;

/** Collects `name=value,value` of a repeatable flag. */
export function parseGrid(text: string, earlier: Grid = {}): Grid {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give name=value,value.');
  const name = text.slice(0, at).trim();
  if (Object.hasOwn(earlier, name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return { ...earlier, [name]: parseList(text.slice(at + 1)) };
}

/** The last name varies fastest; the first combination has the first value of each. */
export function combinations(grid: Grid): Combination[] {
  return Object.entries(grid).reduce<Combination[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}

/** `interaction=add, pooling=mean` */
export const titleOf = (combination: Combination): string =>
  Object.entries(combination)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

export interface GridPoint extends SizeChanges {
  readonly architecture: ArchitectureChoice;
}

const sections = { 'encoder.': encoderSizesSchema.partial(), 'training.': trainingSchema.partial() } as const;

/**
 * What a combination means.
 * @param fixed - options that all combinations have
 * @throws UsageError for a name or a value that is not one
 */
export function pointOf(architecture: Architecture, combination: Combination, fixed: Combination): GridPoint {
  const { name, options } = architecture;
  const isSize = ([key]: readonly [string, string]) =>
    Object.keys(sections).some((prefix) => key.startsWith(prefix));
  const entries = Object.entries(combination);
  const own = Object.fromEntries(entries.filter((entry) => !isSize(entry)));
  const twice = Object.keys(own).find((key) => Object.hasOwn(fixed, key));
  if (twice !== undefined) throw new UsageError(`${twice} is in --grid and in --option`);
  return {
    architecture: { name, options: parseOptions(options, { ...fixed, ...own }, `architecture '${name}'`) },
    encoder: section('encoder.', entries),
    training: section('training.', entries),
  };
}

function section(prefix: keyof typeof sections, entries: readonly (readonly [string, string])[]): object {
  const own: Record<string, string> = {};
  for (const [key, value] of entries) if (key.startsWith(prefix)) own[key.slice(prefix.length)] = value;
  return parseOptions(sections[prefix], own, `'${prefix.slice(0, -1)}'`);
}
