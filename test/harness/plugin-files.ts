/** Plugins as a user would write them, in a folder of their own. */
import { join } from 'node:path';
import { tree } from './folders.js';

/** A plugin that keeps every token as it is; each part can be replaced. */
export function pluginSource(change: Readonly<Record<string, string>> = {}): string {
  const fields = {
    name: "'identity'",
    title: "'Identity'",
    citation: "{ authors: 'A', title: 'T', year: 2020, url: 'https://example.org' }",
    complexity: "'O(1)'",
    options: 'z.strictObject({ scale: z.number().default(1) })',
    supports:
      '{ causal: true, crossAttention: false, lengthBoundAtBuild: false, permutationEquivariant: true }',
    deviations: '[]',
    cost: '() => ({ parameters: 0, multiplyAdds: 0, activationBytes: 0 })',
    create: '(scope, sizes, options) => (x) => tf.mul(x, options.scale)',
    ...change,
  };
  const lines = Object.entries(fields).flatMap(([name, code]) =>
    code === '' ? [] : [`  ${name}: ${code},`],
  );
  return [
    "import * as tf from '@tensorflow/tfjs-core';",
    "import { z } from 'zod';",
    'export default {',
    ...lines,
    '};\n',
  ].join('\n');
}

export function pluginFile(change: Readonly<Record<string, string>> = {}, name = 'plugin.ts'): string {
  return join(tree({ [name]: pluginSource(change) }), name);
}
