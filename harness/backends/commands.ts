/** Runs the programs that an installation needs: pip, g++, node. */
import { spawn } from 'node:child_process';
import { BackendError } from './names.js';

export interface CommandOptions {
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * @returns what the program printed on standard output
 * @throws BackendError with the end of what it printed, when it fails, is not there, or takes too long
 */
export function runCommand(
  program: string,
  args: readonly string[],
  { cwd, timeoutMs = 600_000, env = process.env }: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env,
      ...(cwd === undefined ? {} : { cwd }),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let output = '';
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      printed = lastPart(printed + chunk.toString());
    });
    child.stderr.on('data', (chunk: Buffer) => {
      printed = lastPart(printed + chunk.toString());
    });
    child.on('error', (error) => {
      reject(new BackendError(`${program} cannot be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else
        reject(
          new BackendError(`${program} failed (${signal ?? `exit ${code ?? '?'}`}):\n${printed.trim()}`),
        );
    });
  });
}

const lastPart = (text: string): string => text.slice(-2_000);

/** What must be there to install, and how it is called in Debian and Ubuntu. */
const tools = [
  { title: 'Python 3', program: 'python3', args: ['--version'], systemPackage: 'python3' },
  { title: 'pip', program: 'python3', args: ['-m', 'pip', '--version'], systemPackage: 'python3-pip' },
  { title: 'g++', program: 'g++', args: ['--version'], systemPackage: 'g++' },
] as const;

/** @throws BackendError that names every missing tool */
export async function assertTools(): Promise<void> {
  const missing: (typeof tools)[number][] = [];
  for (const tool of tools) {
    await runCommand(tool.program, tool.args, { timeoutMs: 30_000 }).catch(() => missing.push(tool));
  }
  if (missing.length === 0) return;
  const names = missing.map((tool) => tool.title).join(', ');
  const packages = missing.map((tool) => tool.systemPackage).join(' ');
  throw new BackendError(`the installation needs ${names}; on Debian or Ubuntu: apt-get install ${packages}`);
}
