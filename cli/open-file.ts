/** Opens a file in the program that this machine's user has for it. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { CliError } from './errors.js';

/** What opens a file, by system: the program and the arguments before the file. */
export function opener(platform: NodeJS.Platform): readonly [program: string, ...before: string[]] {
  if (platform === 'darwin') return ['open'];
  return platform === 'win32' ? ['explorer.exe'] : ['xdg-open'];
}

/** Resolves as soon as the program has started. @throws CliError where there is none */
export async function openInBrowser(
  file: string,
  [program, ...before] = opener(process.platform),
): Promise<void> {
  const child = spawn(program, [...before, resolve(file)], { detached: true, stdio: 'ignore' });
  await new Promise<void>((done, fail) => {
    child.once('spawn', done);
    child.once('error', () => {
      fail(new CliError(`${program} is not here to open ${file}; open it in any browser`));
    });
  });
  child.unref();
}
