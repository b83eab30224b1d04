/** Golden vectors: what they catch, and what is said of a file that is none. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Architecture } from '../../../architectures/contract.js';
import { headSelector } from '../../../architectures/layers/heads.js';
import { paddingBias } from '../../../architectures/layers/masks.js';
import { readGolden } from '../../../harness/conformance/golden-file.js';
import type { Golden } from '../../../harness/conformance/golden-file.js';
import { checkArchitecture } from '../../../harness/conformance/kit.js';
import { goldenFolder, goldenSuite } from '../../support/architecture-suite.js';
import { useBackend } from '../../support/backend.js';
import { changed, wrapped } from '../../support/broken.js';

useBackend('wasm');
goldenSuite('wasm');

const checksOf = (architecture: Architecture, golden: readonly Golden[]) =>
  checkArchitecture(architecture, golden, []);

/** One number in, the same out. */
const tensor = (data: readonly number[], shape: readonly number[] = [1, data.length, 1]) => ({
  shape: [...shape],
  dtype: 'float64' as const,
  data: [...data],
});
const made: Golden = {
  arch: 'made-up',
  case: 'doubles',
  config: { batch: 1, length: 2, hidden: 1, heads: 1, block: 'attention', ffn: 1, layers: 1, classes: 1 },
  weights: {},
  inputs: { x: tensor([1, 2]) },
  extra: {},
  mask: null,
  outputs: { y: tensor([2, 4]) },
  probes: { y: tensor([1, 3]) },
  grads: { inputs: { x: tensor([2, 6]) }, weights: {} },
  compare: 'all',
  edge: false,
};
const doubling = changed({ create: () => (x) => tf.mul(x, 2) });
const failing = async (architecture: Architecture, golden: Golden = made) =>
  (await checksOf(architecture, [golden])).filter(({ passed }) => !passed).map(({ name }) => name);

describe('golden vectors', () => {
  it('pass what agrees', async () => {
    expect(await failing(doubling)).toEqual([]);
  });

  it.each([
    ['another output', (x: Tensor3D) => tf.mul<Tensor3D>(x, 2.001)],
    ['no number, beside right ones', (x: Tensor3D) => tf.mul<Tensor3D>(x, tf.tensor([2, NaN], [1, 2, 1]))],
    ['another shape', (x: Tensor3D) => tf.reshape<tf.Rank.R3>(tf.mul(x, 2), [1, 1, 2])],
  ])('catch %s', async (_, mix) => {
    expect(await failing(changed({ create: () => mix }))).toContain('golden outputs: doubles');
  });

  it('fail under their own names where weights do not fit', async () => {
    const checks = await checksOf(doubling, [{ ...made, weights: { 'query.kernel': tensor([1], [1, 1]) } }]);
    expect(checks.map(({ name, passed }) => [name, passed])).toEqual([
      ['golden outputs: doubles', false],
      ['golden gradients: doubles', false],
    ]);
    expect(checks[0]?.detail).toContain('not in the architecture: query.kernel');
  });
});

describe('files of golden vectors', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'golden-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are read one by one or by the folder, in the order of their names', async () => {
    await writeFile(join(folder, 'b.json'), JSON.stringify({ ...made, case: 'second' }));
    await writeFile(join(folder, 'a.json'), JSON.stringify(made));
    expect((await readGolden(folder)).map((each) => each.case)).toEqual(['doubles', 'second']);
    expect(await readGolden(join(folder, 'a.json'))).toEqual([made]);
  });

  it.each([
    ['{"arch": ', /bad\.json is not JSON: /],
    ['{"arch": "x"}', /bad\.json is not a file of golden vectors: /],
  ])('are refused as %s, with the file and the reason', async (text, message) => {
    await writeFile(join(folder, 'bad.json'), text);
    await expect(readGolden(join(folder, 'bad.json'))).rejects.toThrow(message);
    await rm(join(folder, 'bad.json'));
  });

  it('must be there', async () => {
    const empty = await mkdtemp(join(folder, 'empty-'));
    await expect(readGolden(empty)).rejects.toThrow('no golden vectors');
  });
});

describe.runIf(existsSync(goldenFolder('fastformer')))('the vectors of Fastformer catch', () => {
  it.each([
    ['softmax over heads', { axis: 2, pooled: 'p' }],
    ['k used where p belongs', { axis: 1, pooled: 'k' }],
  ] as const)('%s', async (_, fault) => {
    const all = await readGolden(goldenFolder('fastformer'));
    const golden = all.filter(({ config }) => config.block === 'attention');
    const outputs = async (architecture: Architecture) =>
      (await checksOf(architecture, golden)).filter(({ name }) => name.startsWith('golden outputs'));
    const right = await outputs(plainFastformer({ axis: 1, pooled: 'p' }));
    expect(right.every(({ passed }) => passed)).toBe(true);
    expect((await outputs(plainFastformer(fault))).some(({ passed }) => !passed)).toBe(true);
  });

  it('a mixer that is not there', async () => {
    const golden = await readGolden(goldenFolder('fastformer'));
    const throwing = wrapped(() => () => {
      throw new Error('cannot mix');
    });
    const checks = await checksOf(throwing, golden);
    expect(checks.filter(({ passed }) => passed).map(({ name }) => name)).toEqual(
      golden
        .filter(({ config }) => config.block === 'pooling')
        .flatMap((each) => [`golden outputs: ${each.case}`, `golden gradients: ${each.case}`]),
    );
  });
});

/** The official form in plain operations, with a place for each fault that public versions have had. */
function plainFastformer({ axis, pooled }: { axis: 1 | 2; pooled: 'p' | 'k' }): Architecture {
  return changed({
    create: (scope, { hidden, heads }) => {
      const dense = (name: string, outputs = hidden) => scope.dense(name, hidden, outputs);
      const [query, queryScore] = [dense('query'), dense('query_att', heads)];
      const [key, keyScore] = [dense('key'), dense('key_att', heads)];
      const transform = dense('transform');
      return (x, { mask }) => {
        const bias = tf.expandDims(paddingBias(mask), 2);
        const spread = tf.tile<Tensor3D>(tf.expandDims(headSelector(hidden, heads), 0), [x.shape[0], 1, 1]);
        const pool = (scores: Tensor3D, tokens: Tensor3D) => {
          const scaled = tf.add(tf.div(scores, Math.sqrt(hidden / heads)), bias);
          const exponents = tf.exp(tf.sub(scaled, tf.max(scaled, axis, true)));
          const weights = tf.div<Tensor3D>(exponents, tf.sum(exponents, axis, true));
          return tf.sum(tf.mul(tf.matMul(weights, spread), tokens), 1, true);
        };
        const [q, k] = [query(x), key(x)];
        const p = tf.mul<Tensor3D>(k, pool(queryScore(q), q));
        const u = tf.mul<Tensor3D>(q, pool(keyScore(p), pooled === 'p' ? p : k));
        return tf.add<Tensor3D>(transform(u), q);
      };
    },
  });
}
