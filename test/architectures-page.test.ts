/** `docs/architectures.md` says what the catalogue and the counts say. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { architectures } from '../architectures/index.js';
import { architecturesPage, pagePath } from '../scripts/architecture-table.js';
import { useBackend } from './support/backend.js';

useBackend('wasm');

test('the page of architectures is as the script writes it (npm run docs:architectures)', async () => {
  const page = readFileSync(pagePath, 'utf8');
  expect(page.match(/^\| [^|]+ \| `[a-z-]+` \|.*N\^/gm)).toHaveLength(architectures.length);
  expect(page).toBe(await architecturesPage());
});
