/** `formerbench new-architecture NAME`: a file to start an architecture of your own from, which works as it is. */
import { writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Command } from 'commander';
import { messageOf } from '../../harness/errors.js';
import { makeFolders } from '../../harness/make-folders.js';
import { architectureFile } from '../architecture-file.js';
import { CliError, UsageError } from '../errors.js';
import { note, print } from '../output.js';

interface NewOptions {
  readonly out: string;
  readonly js: boolean;
}

export function addNewArchitectureCommand(program: Command): void {
  program
    .command('new-architecture')
    .description('write a file to start an architecture of your own from, which works as it is')
    .argument('<name>', 'lower case letters, digits and dashes: what commands and records will call it')
    .option('--out <folder>', 'where the file goes', '.')
    .option('--js', 'JavaScript instead of TypeScript', false)
    .action(writeNew);
}

async function writeNew(name: string, { out, js }: NewOptions): Promise<void> {
  await checkName(name);
  const language = js ? 'js' : 'ts';
  const file = join(out, `${name}.${language}`);
  const text = await architectureFile(name, language);
  await makeFolders(out)
    .then(() => writeFile(file, text, { flag: 'wx' }))
    .catch((error: unknown) => explainFailure(error, file));
  print(file);
  const path = isAbsolute(file) ? file : `./${file}`;
  note('It works as it is. Change it, and check it after every change:');
  note(`  formerbench check-architecture ${path}`);
  note('Then put it beside the others:');
  note(`  formerbench reproduce-paper-tables --plugin ${path}`);
}

async function checkName(name: string): Promise<void> {
  const { namePattern, namePatternInWords, ownerOfName } = await import(
    '../../harness/architecture-names.js'
  );
  if (!namePattern.test(name)) {
    const near = nearestName(name);
    const hint = near === '' ? '' : `; did you mean '${near}'?`;
    throw new UsageError(`'${name}' is no name of an architecture: ${namePatternInWords}${hint}`);
  }
  const owner = ownerOfName(name);
  if (owner !== null) throw new UsageError(`the name '${name}' is taken by ${owner}; give another`);
}

/** `AFT_Simple.ts` -> `aft-simple`, accents left out; empty when no name is left. */
function nearestName(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/\.[jt]s$/i, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
}

function explainFailure(error: unknown, file: string): never {
  const exists = error instanceof Error && 'syscall' in error && 'code' in error && error.code === 'EEXIST';
  if (exists && error.syscall === 'open') {
    throw new CliError(
      `${file} exists and is left as it is; give another name, or another folder with --out`,
    );
  }
  throw new CliError(`cannot write ${file}: ${messageOf(error)}`);
}
