/**
 * Messages of plugins that cannot be used. Files are `.mjs`, without imports, where the test runner loads them itself;
 * the command line tests load `.ts` plugins that share packages.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { architectures } from '../../architectures/index.js';
import { allArchitectures, loadPlugins, pluginFiles } from '../../harness/plugins.js';
import { packageRoot } from '../../harness/sources.js';
import { tree } from './folders.js';
import { pluginSource } from './plugin-files.js';

/** The packages by their files, since the test runner does not resolve for files outside the project. */
const resolvable = (source: string) =>
  source
    .replace(
      "'@tensorflow/tfjs-core'",
      JSON.stringify(join(packageRoot, 'node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js')),
    )
    .replace("'zod'", JSON.stringify(join(packageRoot, 'node_modules/zod/index.js')));

let count = 0;
function file(source: string): string {
  count += 1;
  return join(tree({ [`plugin-${count}.mjs`]: resolvable(source) }), `plugin-${count}.mjs`);
}

test('a plugin is an architecture beside the built-in ones', async () => {
  const path = file(pluginSource());
  const plugins = await loadPlugins([path]);
  expect(allArchitectures(plugins).map(({ name }) => name)).toEqual([
    ...architectures.map(({ name }) => name),
    'identity',
  ]);
  expect(pluginFiles(plugins)).toEqual(new Map([['identity', path]]));
});

test.each([
  ['without a default export', 'export const mine = 1;', 'does not export an architecture as its default'],
  ['with a field missing', pluginSource({ title: '' }), 'title: '],
  ['with several fields wrong', pluginSource({ complexity: '7', deviations: "'none'" }), 'complexity: '],
  ['whose create is no function', pluginSource({ create: "'later'" }), 'create: expected a function'],
  [
    'whose options are no schema',
    pluginSource({ options: '{ scale: 1 }' }),
    'options: expected z.object({ ... }) of zod',
  ],
  ['whose name has blanks', pluginSource({ name: "'My Mixer'" }), 'name: expected lower case letters'],
  [
    'that takes a name',
    pluginSource({ name: "'transformer'" }),
    "the name 'transformer' is taken by a built-in architecture",
  ],
  ['that throws when loaded', "throw new Error('not today');", 'cannot be loaded: not today'],
  ['that does not parse', 'export default {', 'cannot be loaded: '],
])('a plugin %s is refused by name and reason', async (_what, source, reason) => {
  const path = file(source);
  const message = await loadPlugins([path]).then(
    () => 'loaded',
    (error: unknown) => String(error),
  );
  expect(message).toContain(`plugin ${path}`);
  expect(message).toContain(reason);
});

test('a file that is not there is named', async () => {
  await expect(loadPlugins(['nowhere/mine.ts'])).rejects.toThrow(/nowhere\/mine\.ts does not exist/);
});

test('two plugins of one name are refused', async () => {
  const [first, second] = [file(pluginSource()), file(pluginSource())];
  await expect(loadPlugins([first, second])).rejects.toThrow(`the name 'identity' is taken by ${first}`);
});
