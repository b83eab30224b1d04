/** The README's example of an architecture, by the command that it is shown with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../harness/sources.js';
import { tree } from '../harness/folders.js';
import { formerbench } from './formerbench.js';

test('the README shows an architecture that passes the conformance kit as it stands', async () => {
  const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const file = join(tree({ 'mean-mixer.ts': code }), 'mean-mixer.ts');
  const { code: exitCode, stdout } = await formerbench(
    ...['check-architecture', file, '--backend', 'wasm', '--json'],
  );
  const result = JSON.parse(stdout) as { name: string; passed: boolean; checks: { passed: boolean }[] };
  expect(result.checks.filter(({ passed }) => !passed)).toEqual([]);
  expect(result).toMatchObject({ name: 'mean-mixer', passed: true });
  expect(result.checks.length).toBeGreaterThan(10);
  expect(exitCode).toBe(0);
});
