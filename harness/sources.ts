/**
 * The sources that a cell's numbers depend on, as one hash.
 *
 * A changed file must change the ids of the cells that use it, and of no others. So the hash covers a few roots (the
 * architecture's file, the task's runner, the dataset's file) and all that they import by a relative path. Catalogues
 * are no roots: an architecture more changes no id. Packages are not covered; the record's lockfile hash tells them.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cell } from './cell.js';
import { HarnessError } from './errors.js';

/** The folder of this package. */
export const packageRoot = fileURLToPath(new URL('..', import.meta.url));

/** What runs each kind of cell: how data is read, what is trained or timed, repairs of the backends. */
const runners = {
  encoder: ['harness/train.ts', 'tasks/classification/load.ts', 'harness/backends/patches.ts'],
  baseline: ['harness/baseline.ts', 'tasks/classification/load.ts'],
  speed: ['harness/speed.ts', 'harness/backends/patches.ts'],
  recommender: [
    'harness/train-recommender.ts',
    'tasks/recommendation/load.ts',
    'tasks/datasets/mind.ts',
    'harness/backends/patches.ts',
  ],
  'ranking-floor': ['harness/ranking-floor.ts', 'tasks/recommendation/load.ts', 'tasks/datasets/mind.ts'],
  summarizer: ['harness/train-summarizer.ts', 'tasks/summarization/load.ts', 'harness/backends/patches.ts'],
  'summary-floor': ['harness/summary-floor.ts', 'tasks/summarization/load.ts'],
} as const satisfies Record<Cell['kind'], readonly string[]>;

/** Where the files of what needs no architecture are. */
const floorFolders: Readonly<Partial<Record<Cell['kind'], string>>> = {
  baseline: 'tasks/classification/baselines',
  'ranking-floor': 'tasks/recommendation/floors',
  'summary-floor': 'tasks/summarization/floors',
};

/**
 * The files that a cell starts from.
 * @param pluginFiles - by architecture name, for those that are not built in
 */
export function sourceRoots(
  cell: Cell,
  pluginFiles: ReadonlyMap<string, string> = new Map(),
  root: string = packageRoot,
): string[] {
  const floors = floorFolders[cell.kind];
  const architecture =
    floors === undefined
      ? (pluginFiles.get(cell.architecture) ?? fileOf(join(root, 'architectures'), cell.architecture))
      : fileOf(join(root, floors), cell.architecture);
  const roots = [architecture, ...runners[cell.kind].map((file) => join(root, file))];
  return cell.kind === 'speed' || cell.task === 'recommendation'
    ? roots
    : [...roots, fileOf(join(root, 'tasks/datasets'), cell.dataset.name)];
}

/** `imdb-binary.ts`, or where a file holds several variants, `imdb.ts`. */
function fileOf(folder: string, name: string): string {
  const words = name.split('-');
  const candidates = words.map((_, index) =>
    join(folder, `${words.slice(0, words.length - index).join('-')}.ts`),
  );
  return candidates.find((file) => existsSync(file)) ?? join(folder, `${name}.ts`);
}

/**
 * Hash of the contents of some files and of everything they import. Paths and times do not count.
 * @throws HarnessError when a root is missing
 */
export function hashSources(roots: readonly string[]): string {
  const contents = importClosure(roots).map((file) => sha256(readFileSync(file)));
  return sha256(contents.sort().join('\n'));
}

/** The roots and every file reached from them by relative imports, each once. */
export function importClosure(roots: readonly string[]): string[] {
  const missing = roots.find((file) => !existsSync(file));
  if (missing !== undefined)
    throw new HarnessError(`source file ${missing} is missing; install formerbench again`);
  const seen = new Set<string>();
  const waiting = roots.map((file) => resolve(file));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    waiting.push(...relativeImports(file));
  }
  return [...seen];
}

/** `from './x.js'`, `import './x.js'` and `import('./x.js')`; what only imports types leaves no trace in a number. */
const importPattern =
  /(?:\b(?:import|export)\s+(?!type\b)[^'"`;()]*?\bfrom\s*|\bimport\s*|\bimport\s*\(\s*)['"](\.{1,2}\/[^'"]+)['"]/g;

function relativeImports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const specifiers = [...text.matchAll(importPattern)].map((match) => match[1] ?? '');
  return specifiers.flatMap((specifier) => onDisk(resolve(dirname(file), specifier)) ?? []);
}

/** A `.js` specifier is a `.ts` file here. A specifier in a comment may lead nowhere. */
function onDisk(path: string): string | null {
  const candidates = [path.replace(/\.js$/, '.ts'), path];
  return candidates.find((candidate) => existsSync(candidate)) ?? null;
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}
