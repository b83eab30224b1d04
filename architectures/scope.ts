/**
 * Parameters by name.
 *
 * A scope hands out the parameters below one path, such as `layers.0.query.kernel`. Asking twice for one name gives the
 * same variable: handing one scope to two layers shares their weights. Names and orientation ([in, out]) are those of
 * the golden vectors. Initial values depend on seed and name only, not on the order of creation.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { dense } from './layers/dense.js';
import { layerNorm } from './layers/layer-norm.js';
import { normals } from './random.js';

/** How a new parameter is filled: with one value, or from N(0, deviation). */
export type Initializer = { readonly fill: number } | { readonly deviation: number };

/** N(0, 0.02), as BERT and the official Fastformer. */
const smallNormal: Initializer = { deviation: 0.02 };

export interface Scope {
  /** Where the parameters of this scope are, for instance `layers.0`; empty at the top. */
  readonly path: string;
  child(name: string): Scope;
  /** @throws when the name exists with another shape */
  parameter(name: string, shape: readonly number[], initial?: Initializer): Variable;
  /** y = x . kernel + bias, for x of [..., inputs]; parameters `NAME.kernel` [inputs, outputs] and `NAME.bias` [outputs]. */
  dense(
    name: string,
    inputs: number,
    outputs: number,
    options?: { bias?: boolean },
  ): <T extends Tensor>(x: T) => T;
  /** Layer normalisation over the last axis; parameters `NAME.gamma` and `NAME.beta`, [size]. */
  layerNorm(name: string, size: number, epsilon: number): <T extends Tensor>(x: T) => T;
}

/** All parameters of one model. */
export interface Parameters {
  readonly scope: Scope;
  /** By full name, in order of creation. */
  readonly variables: ReadonlyMap<string, Variable>;
  readonly dispose: () => void;
}

/** @param seed - at least 1; the same seed and name give the same initial values on every backend */
export function createParameters(seed: number): Parameters {
  const variables = new Map<string, Variable>();
  const create = (name: string, shape: readonly number[], initial: Initializer): Variable => {
    const size = tf.util.sizeFromShape([...shape]);
    const values =
      'fill' in initial
        ? new Float32Array(size).fill(initial.fill)
        : normals(size, initial.deviation, seed, 'parameters', name);
    return tf.tidy(() => tf.variable(tf.tensor(values, [...shape], 'float32'), true));
  };
  const find = (name: string, shape: readonly number[], initial: Initializer): Variable => {
    const known = variables.get(name);
    if (known === undefined) {
      const made = create(name, shape, initial);
      variables.set(name, made);
      return made;
    }
    if (!tf.util.arraysEqual(known.shape, [...shape])) {
      throw new Error(
        `parameter ${name} exists as [${known.shape.join(', ')}], asked for as [${shape.join(', ')}]`,
      );
    }
    return known;
  };
  return {
    scope: scopeAt('', find),
    variables,
    dispose: () => {
      for (const variable of variables.values()) variable.dispose();
      variables.clear();
    },
  };
}

type Find = (name: string, shape: readonly number[], initial: Initializer) => Variable;

function scopeAt(path: string, find: Find): Scope {
  const full = (name: string) => (path === '' ? name : `${path}.${name}`);
  const parameter: Scope['parameter'] = (name, shape, initial = smallNormal) =>
    find(full(name), shape, initial);
  return {
    path,
    parameter,
    child: (name) => scopeAt(full(name), find),
    dense: (name, inputs, outputs, { bias = true } = {}) => {
      const kernel = parameter(`${name}.kernel`, [inputs, outputs]);
      const offset = bias ? parameter(`${name}.bias`, [outputs], { fill: 0 }) : null;
      return (x) => dense(x, kernel, offset);
    },
    layerNorm: (name, size, epsilon) => {
      const gamma = parameter(`${name}.gamma`, [size], { fill: 1 });
      const beta = parameter(`${name}.beta`, [size], { fill: 0 });
      return (x) => layerNorm(x, gamma, beta, epsilon);
    },
  };
}
