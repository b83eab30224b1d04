/** Deliberately broken mixers, each caught by the check that names what is wrong, and where possible by no other. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../../architectures/contract.js';
import { fastformer } from '../../../architectures/fastformer.js';
import { splitHeads } from '../../../architectures/layers/heads.js';
import { transformer } from '../../../architectures/transformer.js';
import { checkArchitecture } from '../../../harness/conformance/kit.js';
import { useBackend } from '../../support/backend.js';
import { changed, quicklyFailing, wrapped } from '../../support/broken.js';

useBackend('wasm');

const equivariant = { ...fastformer.supports, permutationEquivariant: true };

describe('a broken copy is caught by the check that names it', () => {
  it('a correct one by none', async () => {
    expect(await quicklyFailing(changed({}))).toEqual([]);
  });

  it('a wrong shape', async () => {
    const split = changed({
      create:
        (_scope, { heads }) =>
        (x) =>
          splitHeads(x, heads),
    });
    expect(await quicklyFailing(split)).toContain('shapes over odd sizes');
  });

  it('a length that must be a multiple of a block', async () => {
    const blocks = wrapped((mixer) => (x, context) => {
      const [batch, length, hidden] = x.shape;
      const cut = length > 8 ? tf.reshape(x, [batch, Math.ceil(length / 8), 8, hidden]) : x;
      return mixer(tf.reshape(cut, x.shape), context);
    });
    const failures = await quicklyFailing(blocks);
    expect(failures).toContain('lengths that are no multiple of a block');
    expect(failures).not.toContain('unknown options are refused, defaults accepted');
  });

  it('a forgotten mask', async () => {
    const forgetful = wrapped(
      (mixer) => (x, context) => mixer(x, { ...context, mask: tf.onesLike(context.mask) }),
    );
    expect(await quicklyFailing(forgetful)).toEqual([
      'padding never reaches a real token',
      'padding never reaches a gradient',
    ]);
  });

  it('a mask that is forgotten beyond the first tokens', async () => {
    const forgetful = wrapped((mixer) => (x, context) => {
      const [batch, length] = context.mask.shape;
      const near = Math.min(length, 64);
      const mask = tf.concat(
        [tf.slice(context.mask, [0, 0], [batch, near]), tf.ones<tf.Rank.R2>([batch, length - near])],
        1,
      );
      return mixer(x, { ...context, mask });
    });
    expect(await quicklyFailing(forgetful)).toContain('padding never reaches a real token');
  });

  it('a fully padded row that divides by 0', async () => {
    const dividing = wrapped((mixer) => (x, context) => {
      const real = tf.sum(context.mask, 1, true);
      return tf.div<Tensor3D>(mixer(x, context), tf.reshape(real, [-1, 1, 1]));
    });
    expect(await quicklyFailing(dividing)).toEqual([
      'a fully padded row stays finite',
      'batch rows are independent',
    ]);
  });

  it('rows of a batch that see each other', async () => {
    const mixing = wrapped(
      (mixer) => (x, context) => tf.add<Tensor3D>(mixer(x, context), tf.mul(tf.mean(x, 0, true), 0.1)),
    );
    expect(await quicklyFailing(mixing)).toContain('batch rows are independent');
  });

  it('causality that is declared and not kept', async () => {
    const causal = changed({ supports: { ...fastformer.supports, causal: true } });
    expect(await quicklyFailing(causal)).toEqual(['causal where declared']);
  });

  it('a place that counts although order is declared not to', async () => {
    const placed = wrapped((mixer) => (x, context) => {
      const ramp = tf.reshape(tf.linspace(0, 1, x.shape[1]), [1, -1, 1]);
      return mixer(tf.add<Tensor3D>(x, ramp), context);
    });
    expect(equivariant).toEqual(fastformer.supports);
    expect(await quicklyFailing(placed)).toEqual(['permutation behaviour is as declared']);
  });

  it('order that is declared to count and does not', async () => {
    const ordered = changed({ supports: { ...fastformer.supports, permutationEquivariant: false } });
    expect(await quicklyFailing(ordered)).toEqual(['permutation behaviour is as declared']);
  });

  it.each([
    ['half as large again', 1.5],
    ['a twentieth too large', 1.05],
    ['of the wrong sign', -1],
  ])('a gradient that is %s', async (_, factor) => {
    const wrong = wrapped((mixer) => (x, context) => mixer(withWrongGradient(x, factor), context));
    expect(await quicklyFailing(wrong)).toEqual(['gradients agree with finite differences']);
  });

  it('a tensor that each pass leaves behind', async () => {
    const hoarding = wrapped((mixer) => (x, context) => tf.keep(mixer(x, context)));
    expect(await quicklyFailing(hoarding)).toEqual(['no tensor leaks']);
  });

  it('a tensor that each mixer leaves behind', async () => {
    const hoarding = wrapped((mixer) => {
      tf.keep(tf.ones([3]));
      return mixer;
    });
    expect(await quicklyFailing(hoarding)).toEqual(['no tensor leaks']);
  });

  it('parameters that the seed does not determine', async () => {
    expect(await quicklyFailing(filledWith(() => Math.random()))).toEqual(['same seed, same parameters']);
  });

  it('parameters that are the same for every seed', async () => {
    expect(await quicklyFailing(filledWith((i) => Math.sin(i)))).toEqual(['another seed, other parameters']);
  });

  it('something else that is drawn without the seed', async () => {
    const restless = wrapped((mixer) => {
      const scale = 1 + Math.random();
      return (x, context) => tf.mul(mixer(x, context), scale);
    });
    expect(await quicklyFailing(restless)).toContain('same seed, same parameters');
  });

  it.each([
    ['parameters', 'declared parameters are the counted'],
    ['multiplyAdds', 'declared multiply-adds are the counted'],
    ['activationBytes', 'declared activation bytes are the counted'],
  ] as const)('a wrong count of %s', async (quantity, name) => {
    const cost: Architecture['cost'] = (sizes, options) => {
      const right = (fastformer as unknown as Architecture).cost(sizes, options);
      return { ...right, [quantity]: right[quantity] + 4 };
    };
    expect(await quicklyFailing(changed({ cost }))).toEqual([name]);
  });

  it('a quadratic cost that is declared linear', async () => {
    const understated = { ...(transformer as unknown as Architecture), complexity: 'O(N·D)' };
    expect(await quicklyFailing(understated)).toEqual([
      'multiply-adds grow as the complexity says',
      'peak tensor bytes grow as the complexity says',
      'bytes written grow as the complexity says',
    ]);
  });

  it('an N x N mask beside a linear cost', async () => {
    const wasteful = wrapped((mixer) => (x, context) => {
      const pairs = tf.mul(tf.expandDims(context.mask, 1), tf.expandDims(context.mask, 2)); // [B, N, N]
      return mixer(tf.mul<Tensor3D>(x, tf.max(pairs)), context);
    });
    expect(await quicklyFailing(wasteful)).toEqual([
      'batch rows are independent',
      'peak tensor bytes grow as the complexity says',
      'bytes written grow as the complexity says',
    ]);
  });

  it('a mixer that throws, by every check that runs it', async () => {
    const throwing = wrapped(() => () => {
      throw new Error('cannot mix');
    });
    const checks = await checkArchitecture(throwing, []);
    const thrown = checks.filter(({ detail }) => detail === 'cannot mix').map(({ name }) => name);
    expect(thrown).toHaveLength(checks.length - 3);
    expect(thrown).toContain('shapes over odd sizes');
    expect(thrown).toContain('bytes written grow as the complexity says');
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  });
});

/** x, with a gradient that is some other multiple of the right one. */
function withWrongGradient(x: Tensor3D, factor: number): Tensor3D {
  const scale = tf.customGrad((value) => ({
    value: (value as tf.Tensor).clone(),
    gradFunc: (dy) => tf.mul(dy, factor),
  }));
  return scale(x) as Tensor3D;
}

/** Parameters filled by their place in a tensor, whatever the seed. */
function filledWith(valueAt: (i: number) => number): Architecture {
  return changed({
    create: (scope, sizes, options) => {
      const mixer = (fastformer as unknown as Architecture).create(scope, sizes, options);
      const kernel = scope.parameter('query.kernel', [sizes.hidden, sizes.hidden]);
      const values = Float32Array.from({ length: kernel.size }, (_, i) => valueAt(i));
      tf.tidy(() => {
        kernel.assign(tf.tensor(values, kernel.shape));
      });
      return mixer;
    },
  });
}
