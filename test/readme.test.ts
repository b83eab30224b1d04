/** The README is complete. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProgram } from '../cli/program.js';

test('the README names every command that there is', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const { commands } = await createProgram();
  const names = commands.map((command) => command.name()).filter((name) => name !== 'help');
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(readme).toContain(`\`${name}`);
});
