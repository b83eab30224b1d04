/**
 * The conformance kit: what every architecture has to satisfy, as named checks with what was measured and allowed.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture, Sizes } from '../../architectures/contract.js';
import { messageOf } from '../errors.js';
import type { Check } from './check.js';
import { checkCounts } from './counts.js';
import { checkGolden } from './golden.js';
import type { Golden } from './golden.js';
import { checkGradients } from './gradients.js';
import { checkLearning } from './learning.js';
import { createSubject, largestDifference, maskOf, objective, randomTokens } from './subject.js';

/** Odd on purpose. */
const usual: Sizes = { length: 13, hidden: 24, heads: 4 };

type Measure = (architecture: Architecture) => Check[];

/** All checks, in order; a check that throws has failed, with its message. */
export function checkArchitecture(architecture: Architecture, golden: readonly Golden[]): Check[] {
  const checks: Measure[] = [
    checkShapes,
    checkPadding,
    checkFullyPadded,
    checkRows,
    checkGradients,
    checkLeaks,
    checkSeeds,
    checkCounts,
    checkOptions,
    checkLearning,
    ...golden.map(
      (each): Measure =>
        (subject) =>
          checkGolden(subject, each),
    ),
  ];
  return checks.flatMap((measure) => {
    try {
      return measure(architecture);
    } catch (error) {
      return [{ name: titleOf(measure), passed: false, measured: NaN, allowed: 0, detail: messageOf(error) }];
    }
  });
}

/** `checkShapes` -> `shapes`, for a check that could not finish. */
const titleOf = (measure: Measure): string =>
  measure.name.replace(/^check/, '').toLowerCase() || 'golden vectors';

export const limit = (name: string, measured: number, allowed: number, detail: string): Check => ({
  name,
  passed: measured <= allowed,
  measured,
  allowed,
  detail,
});

/** Output and input have one shape, for odd sizes and length 1. */
function checkShapes(architecture: Architecture): Check[] {
  const cases: [number, Sizes][] = [
    [1, { length: 1, hidden: 8, heads: 1 }],
    [3, { length: 1, hidden: 24, heads: 4 }],
    [2, { length: 7, hidden: 12, heads: 3 }],
    [3, { length: 33, hidden: 16, heads: 2 }],
  ];
  const wrong = cases.filter(([batch, sizes]) => {
    const shape = tf.tidy(() => {
      const subject = createSubject(architecture, sizes);
      const y = subject.mix(randomTokens(batch, sizes));
      subject.dispose();
      return y;
    });
    const fits = tf.util.arraysEqual(shape.shape, [batch, sizes.length, sizes.hidden]) && isFinite(shape);
    shape.dispose();
    return !fits;
  });
  return [limit('shapes over odd sizes', wrong.length, 0, `${cases.length} shapes, length 1 among them`)];
}

const isFinite = (y: tf.Tensor): boolean => y.dataSync().every(Number.isFinite);

/** What stands in padding, however large, changes no real token. */
function checkPadding(architecture: Architecture): Check[] {
  const difference = measured(architecture, (mix) => {
    const real = [13, 5, 1];
    const mask = maskOf(real, usual.length);
    const x = randomTokens(3, usual);
    const poison = tf.mul(tf.reshape(tf.sub(1, mask), [3, usual.length, 1]), 1e9);
    const keep = tf.reshape(mask, [3, usual.length, 1]);
    const clean = tf.mul(mix(x, mask), keep);
    const poisoned = tf.mul(mix(tf.add(x, poison), mask), keep);
    return largestDifference(clean, poisoned);
  });
  return [limit('padding never reaches a real token', difference, 1e-5, 'padding poisoned with 1e9')];
}

/** A row without a real token gives finite numbers, and finite gradients. */
function checkFullyPadded(architecture: Architecture): Check[] {
  const bad = measured(architecture, (mix) => {
    const x = randomTokens(2, usual);
    const mask = maskOf([0, 4], usual.length);
    const [dx] = tf.grads((tokens) => objective(mix(tokens as Tensor3D, mask)))([x]);
    return (isFinite(mix(x, mask)) ? 0 : 1) + (dx !== undefined && isFinite(dx) ? 0 : 1);
  });
  return [limit('a fully padded row stays finite', bad, 0, 'output and gradient')];
}

/** A sequence gives the same alone and beside others. */
function checkRows(architecture: Architecture): Check[] {
  const difference = measured(architecture, (mix) => {
    const x = randomTokens(3, usual);
    const together = mix(x);
    const alone = [0, 1, 2].map((row) => mix(tf.slice(x, [row, 0, 0], [1, -1, -1])));
    return largestDifference(together, tf.concat(alone, 0));
  });
  return [limit('batch rows are independent', difference, 1e-5, '3 rows together and alone')];
}

/** Forward and backward leave no tensor behind. */
function checkLeaks(architecture: Architecture): Check[] {
  const subject = createSubject(architecture, usual);
  const x = randomTokens(2, usual);
  const once = () => {
    tf.tidy(() => {
      tf.variableGrads(() => objective(subject.mix(x)), [...subject.parameters.values()]);
    });
  };
  once();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) once();
  const leaked = tf.memory().numTensors - before;
  subject.dispose();
  x.dispose();
  return [limit('no tensor leaks', leaked, 0, '3 forward and backward passes')];
}

/** One seed, one set of initial parameters. */
function checkSeeds(architecture: Architecture): Check[] {
  const difference = tf.tidy(() => {
    const [first, second] = [createSubject(architecture, usual, 7), createSubject(architecture, usual, 7)];
    const differences = [...first.parameters].map(([name, value]) => {
      const other = second.parameters.get(name);
      return other === undefined ? NaN : largestDifference(value, other);
    });
    first.dispose();
    second.dispose();
    return tf.scalar(Math.max(0, ...differences));
  });
  const [most] = difference.dataSync();
  difference.dispose();
  return [limit('same seed, same parameters', most ?? NaN, 0, 'two models with seed 7')];
}

/** Defaults are valid, and an option that does not exist is refused. */
function checkOptions(architecture: Architecture): Check[] {
  const accepted = architecture.options.safeParse({}).success;
  const refused = !architecture.options.safeParse({ 'no such option': 1 }).success;
  const wrong = (accepted ? 0 : 1) + (refused ? 0 : 1);
  return [
    limit('unknown options are refused, defaults accepted', wrong, 0, 'use z.strictObject with defaults'),
  ];
}

/** Runs `measure` on the usual sizes and disposes everything. */
function measured(
  architecture: Architecture,
  measure: (mix: ReturnType<typeof createSubject>['mix']) => number,
): number {
  let result = NaN;
  const subject = createSubject(architecture, usual);
  tf.tidy(() => {
    result = measure((x, mask) => subject.mix(x, mask));
  });
  subject.dispose();
  return result;
}
