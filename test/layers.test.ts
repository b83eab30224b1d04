/** The one way that data flows: a file imports from its own folder or from folders to the left, never to the right. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

const layers = ['architectures', 'tasks', 'harness', 'reports', 'cli'];
const packageRoot = resolve(import.meta.dirname, '..');

/** Every kind of import, of types too: what a type depends on is a dependency. */
const importPattern = /(?:\bfrom\s*|\bimport\s*\(?\s*)['"](\.{1,2}\/[^'"]+)['"]/g;

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

const layerOf = (root: string, file: string) => layers.indexOf(relative(root, file).split(sep)[0] ?? '');

/** `harness/a.ts -> cli/b.js` for each import that goes right, or out of the layers. */
function violations(root: string): string[] {
  return layers.flatMap((layer, index) =>
    sourceFiles(join(root, layer)).flatMap((file) => {
      const targets = [...readFileSync(file, 'utf8').matchAll(importPattern)].map(([, to = '']) =>
        resolve(dirname(file), to),
      );
      const wrong = targets.filter((target) => layerOf(root, target) < 0 || layerOf(root, target) > index);
      return wrong.map((target) => `${relative(root, file)} -> ${relative(root, target)}`);
    }),
  );
}

test('imports go only left: architectures, tasks, harness, reports, cli', () => {
  expect(layers.flatMap((layer) => sourceFiles(join(packageRoot, layer))).length).toBeGreaterThan(50);
  expect(violations(packageRoot)).toEqual([]);
});

test('an import to the right is found, in every form', () => {
  const root = mkdtempSync(join(tmpdir(), 'formerbench-layers-'));
  try {
    for (const layer of layers) mkdirSync(join(root, layer, 'inner'), { recursive: true });
    const files = {
      'architectures/a.ts': "import { b } from '../tasks/b.js';",
      'architectures/fine.ts': "import { c } from './inner/c.js';",
      'tasks/b.ts': "import type { C } from '../harness/c.js';\nimport '../architectures/a.js';",
      'harness/inner/c.ts':
        "export { d } from '../../reports/d.js';\nimport {\n  b,\n} from '../../tasks/b.js';",
      'reports/d.ts': "const e = await import('../cli/e.js');",
      'cli/e.ts': "import '../reports/d.js';\nimport '../test/helper.js';",
    };
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
    expect(violations(root)).toEqual([
      'architectures/a.ts -> tasks/b.js',
      'tasks/b.ts -> harness/c.js',
      'harness/inner/c.ts -> reports/d.js',
      'reports/d.ts -> cli/e.js',
      'cli/e.ts -> test/helper.js',
    ]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
