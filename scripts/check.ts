/**
 * What to run before a commit: `npm run check`. Format, lint with the compiler's errors, unused exports and unit tests, all at once, since
 * none needs another. Each prints when it ends; the exit code is 1 when any failed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const parts = ['lint', 'knip', 'test'];

const begin = performance.now();
const passed = await Promise.all(parts.map(runPart));
process.exitCode = passed.every(Boolean) ? 0 : 1;

/** Runs an npm script to its end and prints all that it said. @returns whether it passed */
async function runPart(name: string): Promise<boolean> {
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  console.log(`=== ${name}: ${code === 0 ? 'passed' : 'failed'} after ${seconds} s\n${said.trim()}`);
  return code === 0;
}
