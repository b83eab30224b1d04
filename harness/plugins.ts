/**
 * Architectures from files of the user: `--plugin FILE`, a `.ts` or `.js` module whose default export is one.
 */
import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Architecture } from '../architectures/contract.js';
import { architectures as builtIn } from '../architectures/index.js';
import { namePattern, namePatternInWords, ownerOfName } from './architecture-names.js';
import { HarnessError, messageOf } from './errors.js';
import { loadGuarded } from './plugin-guard.js';

/** An architecture and the file that it came from. */
export interface Plugin {
  readonly file: string;
  readonly architecture: Architecture;
}

/**
 * Loads plugins, in order.
 * @throws HarnessError that says which file, what is wrong with it and what would be right
 */
export async function loadPlugins(files: readonly string[]): Promise<Plugin[]> {
  if (files.length > 0) register('./plugin-hooks.js', import.meta.url);
  const plugins: Plugin[] = [];
  const taken = new Map<string, string>();
  for (const file of files.map((name) => resolve(name))) {
    const architecture = await loadPlugin(file);
    const owner = ownerOfName(architecture.name) ?? taken.get(architecture.name);
    if (owner !== undefined) {
      throw new HarnessError(
        `plugin ${file}: the name '${architecture.name}' is taken by ${owner}; give it another`,
      );
    }
    taken.set(architecture.name, file);
    plugins.push({ file, architecture });
  }
  return plugins;
}

/** Built-in architectures and plugins together: what a command may name. */
export function allArchitectures(plugins: readonly Plugin[]): Architecture[] {
  return [...builtIn, ...plugins.map(({ architecture }) => architecture)];
}

/** The file of each plugin by its architecture's name. */
export function pluginFiles(plugins: readonly Plugin[]): Map<string, string> {
  return new Map(plugins.map(({ file, architecture }) => [architecture.name, file]));
}

async function loadPlugin(file: string): Promise<Architecture> {
  if (!existsSync(file))
    throw new HarnessError(`plugin ${file} does not exist; give the path of a .ts or .js file`);
  const loaded = await importFile(file);
  if (!isArchitecture(loaded.default)) {
    throw new HarnessError(
      `plugin ${file} does not export an architecture as its default: ${problemsOf(loaded.default)}`,
    );
  }
  return loaded.default;
}

async function importFile(file: string): Promise<{ readonly default?: unknown }> {
  try {
    return await loadGuarded(async () => (await import(pathToFileURL(file).href)) as { default?: unknown });
  } catch (error) {
    throw new HarnessError(`plugin ${file} cannot be loaded: ${messageOf(error)}`);
  }
}

const text = z.string().min(1);
const aFunction = z.custom((value) => typeof value === 'function', { error: 'expected a function' });

/** The outside of `Architecture`; what its functions return is checked where they are called. */
const architectureSchema = z.object({
  name: z.string().regex(namePattern, { error: namePatternInWords }),
  title: text,
  citation: z.object({ authors: text, title: text, year: z.int(), url: z.string() }),
  complexity: text,
  options: z.custom((value) => value instanceof z.ZodObject, { error: 'expected z.object({ ... }) of zod' }),
  supports: z.object({
    causal: z.boolean(),
    crossAttention: z.boolean(),
    lengthBoundAtBuild: z.boolean(),
    permutationEquivariant: z.boolean(),
  }),
  deviations: z.array(z.string()),
  cost: aFunction,
  create: aFunction,
});

function isArchitecture(value: unknown): value is Architecture {
  return architectureSchema.safeParse(value).success;
}

function problemsOf(value: unknown): string {
  const issues = architectureSchema.safeParse(value).error?.issues ?? [];
  return issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}
