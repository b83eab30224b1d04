/** The README's promises that can be run. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createProgram } from '../cli/program.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const program = fileURLToPath(new URL('../bin/formerbench.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'formerbench-test-readme-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the README', () => {
  it('shows an architecture that passes the conformance kit as it stands', () => {
    const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const file = join(folder, 'mean-mixer.ts');
    writeFileSync(file, code);
    const arguments_ = [program, 'check-architecture', file, '--backend', 'wasm', '--json'];
    const result = JSON.parse(
      execFileSync(process.execPath, arguments_, { encoding: 'utf8', stdio: 'pipe' }),
    ) as {
      name: string;
      passed: boolean;
      checks: unknown[];
    };
    expect(result).toMatchObject({ name: 'mean-mixer', passed: true });
    expect(result.checks.length).toBeGreaterThan(10);
  });

  it('names every command that there is', async () => {
    const { commands } = await createProgram();
    const names = commands.map((command) => command.name()).filter((name) => name !== 'help');
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(readme).toContain(`\`${name}`);
  });
});
