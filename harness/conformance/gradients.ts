/** Gradients against finite differences, for the input and every parameter, in float32. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Architecture, Sizes } from '../../architectures/contract.js';
import { normals } from '../../architectures/random.js';
import type { Check } from './check.js';
import { createSubject, maskOf, objective, randomTokens } from './subject.js';

const sizes: Sizes = { length: 9, hidden: 12, heads: 3 };
const step = 1e-2;

/**
 * Along a random direction v of unit length: (f(p + hv) - f(p - hv)) / 2h against grad . v. With h = 0.01 and float32
 * the two differ by a few 1e-3 of the gradient's length; 2 % of it is allowed.
 */
export function checkGradients(architecture: Architecture): Check[] {
  const subject = createSubject(architecture, sizes);
  const input = tf.tidy(() => tf.variable(randomTokens(2, sizes)));
  const mask = maskOf([sizes.length, 6], sizes.length);
  const loss = (): Scalar => objective(subject.mix(input, mask));
  const places = new Map<string, Variable>([...subject.parameters, ['x', input]]);
  let worst = { name: '', error: 0 };
  tf.tidy(() => {
    const { grads } = tf.variableGrads(loss, [...places.values()]);
    for (const [name, variable] of places) {
      const gradient = grads[variable.name];
      const error = gradient === undefined ? NaN : differenceAlong(variable, gradient, loss, name);
      if (Number.isNaN(error) || error > worst.error) worst = { name, error };
    }
  });
  subject.dispose();
  tf.dispose([input, mask]);
  const passed = worst.error <= 0.02;
  const detail = `${places.size} tensors; worst: ${worst.name}`;
  return [
    { name: 'gradients agree with finite differences', passed, measured: worst.error, allowed: 0.02, detail },
  ];
}

function differenceAlong(variable: Variable, gradient: Tensor, loss: () => Scalar, name: string): number {
  const random = tf.tensor(normals(variable.size, 1, 1, 'direction', name), variable.shape);
  const direction = tf.div(random, tf.norm(random));
  const middle = tf.clone(variable);
  const at = (distance: number): number => {
    variable.assign(tf.add(middle, tf.mul(direction, distance)));
    const [value] = loss().dataSync();
    return value ?? NaN;
  };
  const numeric = (at(step) - at(-step)) / (2 * step);
  variable.assign(middle);
  const [analytic] = tf.sum(tf.mul(gradient, direction)).dataSync();
  const [length] = tf.norm(gradient).dataSync();
  return Math.abs(numeric - (analytic ?? NaN)) / Math.max(1, length ?? NaN);
}
