/** The checks of options: what breaks at a bound is named, a clear refusal is no fault. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Architecture, Mixer, Sizes } from '../../../architectures/contract.js';
import { fastformer } from '../../../architectures/fastformer.js';
import { checkOptionNames, checkOptionValues } from '../../../harness/conformance/options.js';
import { preset } from '../../../harness/conformance/preset.js';
import { useBackend } from '../../support/backend.js';

useBackend('wasm');

const whole = fastformer as unknown as Architecture;

/** Fastformer with one more option, and something that it does to the mixer when it is created. */
function withOption(option: z.ZodType, apply: (mixer: Mixer, value: number) => Mixer): Architecture {
  return {
    ...whole,
    options: z.strictObject({ extra: option }),
    cost: (sizes) => whole.cost(sizes, fastformer.options.parse({})),
    create: (scope, sizes, { extra }) =>
      apply(whole.create(scope, sizes, fastformer.options.parse({})), extra as number),
  };
}

const window = z.int().min(1).max(64).default(16);

const resultOf = (architecture: Architecture) => {
  const [check] = checkOptionValues(architecture);
  return { measured: check?.measured, passed: check?.passed, detail: check?.detail };
};

it('values that work pass, and are counted', () => {
  expect(resultOf(withOption(window, (mixer) => mixer))).toEqual({
    measured: 0,
    passed: true,
    detail: '2 values',
  });
});

it('every choice and both booleans are tried', () => {
  const tried: unknown[] = [];
  const note = (mixer: Mixer, value: unknown) => {
    tried.push(value);
    return mixer;
  };
  checkOptionValues(withOption(z.enum(['a', 'b', 'c']).default('b'), note));
  checkOptionValues(withOption(z.boolean().default(false), note));
  checkOptionValues(withOption(z.int().min(2).max(9).nullable().default(null), note));
  expect([...new Set(tried)]).toEqual(['a', 'c', true, 2, 9]);
});

it('a bound at which the mixer breaks is named', () => {
  const broken = withOption(window, (mixer, value) => (x, context) => {
    const cut = tf.slice(x, [0, 0, 0], [-1, Math.max(x.shape[1], value), -1]);
    return mixer(cut, context);
  });
  const { measured, detail } = resultOf(broken);
  expect(measured).toBe(1);
  expect(detail).toMatch(/^extra=64: length 13: /);
});

it.each([
  ['a wrong gradient', 'gradients agree', (x: Tensor3D) => doubledBackwards(x)],
  ['a number that is not finite', 'a fully padded row stays finite', (x: Tensor3D) => tf.div<Tensor3D>(x, 0)],
  [
    'a cost that is not declared',
    'declared multiply-adds',
    (x: Tensor3D) => tf.matMul<Tensor3D>(x, identity(x)),
  ],
])('%s at a bound is named', (_, name, apply) => {
  const { detail } = resultOf(
    withOption(window, (mixer, value) => (x, context) => mixer(value === 1 ? apply(x) : x, context)),
  );
  expect(detail).toMatch(/^extra=1: length 13: /);
  expect(detail).toContain(name);
});

it('padding that gets in at a choice is named, unless the option is about padding', () => {
  const forget: Mixer = (x) => tf.add<Tensor3D>(x, tf.mul(tf.mean(x, 1, true), 0.1));
  const leaky = (name: string): Architecture => {
    const options = z.strictObject({ [name]: z.boolean().default(false) });
    const cost = (sizes: Sizes) => ({ ...whole.cost(sizes, fastformer.options.parse({})) });
    const create: Architecture['create'] = (scope, sizes, given) => {
      const mixer = whole.create(scope, sizes, fastformer.options.parse({}));
      return given[name] === true ? (x, context) => mixer(forget(x, context), context) : mixer;
    };
    return { ...whole, options, cost, create };
  };
  expect(resultOf(leaky('forget')).detail).toMatch(/forget=true.*padding never reaches/);
  expect(resultOf(leaky('padding')).passed).toBe(true);
});

it('a clear refusal is no fault, and is told', () => {
  const picky = withOption(window, (mixer, value) => {
    if (value > 32) throw new Error('extra: at most 32 here');
    return mixer;
  });
  expect(resultOf(picky)).toEqual({ measured: 0, passed: true, detail: '2 values, refused: extra=64' });
});

it.each([
  ['that does not name the option', () => new Error('no')],
  ['of the language', () => new TypeError('extra is not a function')],
])('a refusal %s is a fault', (_, refusal) => {
  const picky = withOption(window, (mixer, value) => {
    if (value > 32) throw refusal();
    return mixer;
  });
  expect(resultOf(picky).detail).toMatch(/^extra=64: refused without saying that it is extra/);
});

it('an option that does not exist must be refused, and defaults must do', () => {
  const loose = { ...whole, options: z.object({ extra: window }) };
  const lacking = { ...whole, options: z.strictObject({ extra: z.int() }) };
  expect(checkOptionNames(loose)[0]?.measured).toBe(1);
  expect(checkOptionNames(lacking)[0]?.measured).toBe(1);
  expect(checkOptionNames(whole)[0]?.measured).toBe(0);
});

it('a preset is an architecture with other defaults, and refuses what the architecture refuses', () => {
  expect(preset(whole, { outputProjection: false }).options.parse({})).toEqual({
    ...fastformer.options.parse({}),
    outputProjection: false,
  });
  expect(() => preset(whole, { logits: 'none' })).toThrow();
  expect(() => preset(whole, { logit: 'head' })).toThrow();
  expect(preset(whole, { logits: 'head' }).options.safeParse({ logit: 'head' }).success).toBe(false);
});

function doubledBackwards(x: Tensor3D): Tensor3D {
  const double = tf.customGrad((value) => ({
    value: (value as tf.Tensor).clone(),
    gradFunc: (dy) => tf.mul(dy, 2),
  }));
  return double(x) as Tensor3D;
}

/** [B, D, D] */
const identity = (x: Tensor3D): Tensor3D => tf.tile(tf.expandDims(tf.eye(x.shape[2]), 0), [x.shape[0], 1, 1]);
