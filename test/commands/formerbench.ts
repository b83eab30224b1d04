/** Runs the program as a user does, in its own process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../harness/sources.js';

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr holds the text; rejects when the program ends without it. */
  readonly said: (text: string) => Promise<void>;
}

/**
 * Without data folders of this machine's user, unless given.
 * @param folder - where the user is
 */
export function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  folder: string = process.cwd(),
): Running {
  const child = spawn(process.execPath, [join(packageRoot, 'bin/formerbench.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORMERBENCH_DATA: '', ...env },
    cwd: folder,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (stderr.includes(text)) resolve();
      };
      look();
      child.stderr.on('data', look);
      child.once('close', () => {
        look();
        reject(new Error(`ended without saying '${text}': ${stderr}`));
      });
    });
  return { child, ended, said };
}

export function formerbench(...args: readonly string[]): Promise<Ended> {
  return start(args).ended;
}
