import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../../architectures/contract.js';
import { fastformer } from '../../../architectures/fastformer.js';
import { headSelector, splitHeads } from '../../../architectures/layers/heads.js';
import { paddingBias } from '../../../architectures/layers/masks.js';
import { checkGolden, readGolden } from '../../../harness/conformance/golden.js';
import { checkArchitecture } from '../../../harness/conformance/kit.js';
import { architectureSuite, failing, goldenFolder } from '../../support/architecture-suite.js';
import { useBackend } from '../../support/backend.js';

architectureSuite('cpu');
architectureSuite('wasm');

/** Fastformer with something wrong in what its mixer does. */
const broken = (create: Architecture['create']): Architecture => ({
  ...(fastformer as unknown as Architecture),
  create,
});
const correct = (fastformer as unknown as Architecture).create.bind(fastformer);

describe('a broken copy is caught by the check that names it', () => {
  useBackend('wasm');

  it('a forgotten mask', () => {
    const forgetful = broken((scope, sizes, options) => {
      const mixer = correct(scope, sizes, options);
      return (x, context) => mixer(x, { ...context, mask: tf.onesLike(context.mask) });
    });
    expect(failing(forgetful)).toContain('padding never reaches a real token');
  });

  it('rows of a batch that see each other', () => {
    const leaky = broken((scope, sizes, options) => {
      const mixer = correct(scope, sizes, options);
      return (x, context) => tf.add<Tensor3D>(mixer(x, context), tf.mul(tf.mean(x, 0, true), 0.1));
    });
    expect(failing(leaky)).toContain('batch rows are independent');
  });

  it('a wrong shape', () => {
    const split = broken(
      (_scope, { heads }) =>
        (x) =>
          splitHeads(x, heads),
    );
    expect(failing(split)).toContain('shapes over odd sizes');
  });

  it('a tensor left behind', () => {
    const hoarding = broken((scope, sizes, options) => {
      const mixer = correct(scope, sizes, options);
      return (x, context) => tf.keep(mixer(x, context));
    });
    expect(failing(hoarding)).toContain('no tensor leaks');
  });

  it('a wrong gradient', () => {
    const wrong = broken((scope, sizes, options) => {
      const mixer = correct(scope, sizes, options);
      const scale = tf.customGrad((x) => ({
        value: (x as tf.Tensor).clone(),
        gradFunc: (dy) => tf.mul(dy, 1.5),
      }));
      return (x, context) => mixer(scale(x) as Tensor3D, context);
    });
    expect(failing(wrong)).toContain('gradients agree with finite differences');
  });

  it('wrong counts', () => {
    const cheap: Architecture = {
      ...(fastformer as unknown as Architecture),
      cost: () => ({ parameters: 1, multiplyAdds: 1, activationBytes: 1 }),
    };
    expect(failing(cheap)).toEqual([
      'declared parameters are the counted',
      'declared multiply-adds are the counted',
    ]);
  });

  it('values that are not finite', () => {
    const dividing = broken((scope, sizes, options) => {
      const mixer = correct(scope, sizes, options);
      return (x, context) => {
        const real = tf.sum(context.mask, 1, true);
        return tf.div<Tensor3D>(mixer(x, context), tf.reshape(real, [-1, 1, 1]));
      };
    });
    expect(failing(dividing)).toEqual(['a fully padded row stays finite']);
  });

  it('a mixer that throws', () => {
    const throwing = broken(() => () => {
      throw new Error('cannot mix');
    });
    const checks = checkArchitecture(throwing, []);
    expect(checks.filter(({ detail }) => detail === 'cannot mix').length).toBeGreaterThan(5);
    expect(checks.some(({ name, passed }) => name === 'shapes' && !passed)).toBe(true);
  });

  describe.runIf(existsSync(goldenFolder('fastformer')))('and by the golden vectors', () => {
    it.each([
      ['softmax over heads', { axis: 2, pooled: 'p' }],
      ['k used where p belongs', { axis: 1, pooled: 'k' }],
    ] as const)('%s', async (_, fault) => {
      const golden = (await readGolden(goldenFolder('fastformer'))).filter(
        ({ config }) => config.block === 'attention',
      );
      const outputs = (architecture: Architecture) =>
        golden
          .flatMap((each) => checkGolden(architecture, each))
          .filter(({ name }) => name.startsWith('golden outputs'));
      expect(outputs(plainFastformer({ axis: 1, pooled: 'p' })).every(({ passed }) => passed)).toBe(true);
      expect(outputs(plainFastformer(fault)).some(({ passed }) => !passed)).toBe(true);
    });
  });
});

/** The official form in plain operations, with a place for each fault that public versions have had. */
function plainFastformer({ axis, pooled }: { axis: 1 | 2; pooled: 'p' | 'k' }): Architecture {
  return broken((scope, { hidden, heads }) => {
    const dense = (name: string, outputs = hidden) => scope.dense(name, hidden, outputs);
    const [query, queryScore, key, keyScore] = [
      dense('query'),
      dense('query_att', heads),
      dense('key'),
      dense('key_att', heads),
    ];
    const transform = dense('transform');
    return (x, { mask }) => {
      const bias = tf.expandDims(paddingBias(mask), 2);
      const pool = (scores: Tensor3D, tokens: Tensor3D) => {
        const scaled = tf.add(tf.div(scores, Math.sqrt(hidden / heads)), bias);
        const exponents = tf.exp(tf.sub(scaled, tf.max(scaled, axis, true)));
        const weights = tf.div(exponents, tf.sum(exponents, axis, true));
        return tf.sum(
          tf.mul(
            tf.matMul(
              weights as Tensor3D,
              tf.tile<Tensor3D>(tf.expandDims(headSelector(hidden, heads), 0), [x.shape[0], 1, 1]),
            ),
            tokens,
          ),
          1,
          true,
        );
      };
      const [q, k] = [query(x), key(x)];
      const p = tf.mul<Tensor3D>(k, pool(queryScore(q), q));
      return tf.add<Tensor3D>(transform(tf.mul<Tensor3D>(q, pool(keyScore(p), pooled === 'p' ? p : k))), q);
    };
  });
}
