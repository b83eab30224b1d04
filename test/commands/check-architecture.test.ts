/** `check-architecture` as a person and as a program meet it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { measures } from '../../harness/conformance/kit.js';
import { formerbench } from './formerbench.js';

const check = (...args: readonly string[]) => formerbench('check-architecture', ...args, '--backend', 'wasm');

const documentSchema = z.strictObject({
  name: z.string(),
  backend: z.string(),
  passed: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      passed: z.boolean(),
      measured: z.number().nullable(),
      allowed: z.number(),
      detail: z.string(),
    }),
  ),
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('check-architecture', () => {
  it('prints a line a check, and ends with 0 when all pass', async () => {
    const { code, stdout } = await check('none');
    const names = measures.flatMap((measure) => measure.names);
    const lines = stdout.trim().split('\n');
    expect(lines.slice(0, -1).map((line) => /^passed {2}(.+?) {2}/.exec(line)?.[1])).toEqual(names);
    expect(lines.at(-1)).toBe(`${names.length} passed, 0 failed`);
    expect(code).toBe(0);
  });

  it('checks with options, and prints one JSON document', async () => {
    const { code, stdout } = await check('fastformer', '--option', 'logits=head', '--json');
    const { name, backend, passed } = documentSchema.parse(JSON.parse(stdout));
    expect({ name, backend, passed, code }).toEqual({
      name: 'fastformer',
      backend: 'wasm',
      passed: true,
      code: 0,
    });
  });

  it('ends with 1 and names what fails', async () => {
    const file = join(folder, 'broken.js');
    await writeFile(file, brokenPlugin);
    const { code, stdout } = await check(file, '--json');
    const { passed, checks } = documentSchema.parse(JSON.parse(stdout));
    expect({ passed, code }).toEqual({ passed: false, code: 1 });
    expect(checks.filter((each) => !each.passed).map((each) => each.name)).toEqual([
      'batch rows are independent',
      'declared parameters are the counted',
    ]);
  });

  it.each([
    [['fastfomer'], "did you mean 'fastformer'?"],
    [['fastformer', '--option', 'logit=head'], "did you mean 'logits'?"],
    [['fastformer', '--option', 'logits=tail'], 'options of architecture fastformer: logits: '],
    [['none', '--golden', 'nowhere.json'], '--golden nowhere.json does not exist'],
    [
      ['none', '--golden', 'package.json'],
      '--golden package.json: package.json is not a file of golden vectors: ',
    ],
    [['none', '--golden', 'README.md'], '--golden README.md: README.md is not JSON: '],
  ])('refuses %j with one message', async (args, message) => {
    const { code, stdout, stderr } = await check(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('defect');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

/** Sees the other rows of its batch, and declares a parameter that it has not. */
const brokenPlugin = `
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

export default {
  name: 'row-mixer',
  title: 'Row mixer',
  citation: { authors: 'Nobody', title: 'None', year: 2024, url: 'https://example.org' },
  complexity: 'O(N·D²)',
  options: z.strictObject({}),
  supports: { causal: false, crossAttention: false, lengthBoundAtBuild: false, permutationEquivariant: true },
  deviations: [],
  cost: ({ length, hidden }) => ({
    parameters: hidden * (hidden + 1) + 1,
    multiplyAdds: length * hidden * hidden,
    activationBytes: 4 * length * hidden,
  }),
  create(scope, { hidden }) {
    const output = scope.dense('output', hidden, hidden);
    return (x, { mask }) => {
      const real = tf.mul(x, tf.expandDims(mask, 2));
      return tf.add(output(x), tf.mul(tf.mean(real, [0, 1], true), 0.1));
    };
  },
};
`;
