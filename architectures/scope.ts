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
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { normals, stream } from './random.js';

/** How a new parameter is filled: with one value, or from N(0, deviation). */
export type Initializer = { readonly fill: number } | { readonly deviation: number };

/** N(0, 0.02), as BERT and the official Fastformer. */
const smallNormal: Initializer = { deviation: 0.02 };

export interface Scope {
  /** Where the parameters of this scope are, for instance `layers.0`; empty at the top. */
  readonly path: string;
  child(name: string): Scope;
  /** The scope at the top of the model: what is asked for there is shared by all layers. */
  readonly model: Scope;
  /** @throws when the name exists with another shape */
  parameter(name: string, shape: readonly number[], initial?: Initializer): Variable;
  /**
   * Numbers that are drawn once and never trained, such as random features: no parameter, no gradient. As with
   * parameters, one name gives one tensor, and the values depend on seed and name only.
   *
   * @param draw - fills them, from a stream that seed and name determine
   * @throws when the name exists with another shape
   */
  constant(name: string, shape: readonly number[], draw: (random: RandomGenerator) => Float32Array): Tensor;
  /** y = x . kernel + bias, for x of [..., inputs]; parameters `NAME.kernel` [inputs, outputs] and `NAME.bias` [outputs]. */
  dense(
    name: string,
    inputs: number,
    outputs: number,
    options?: { bias?: boolean },
  ): <T extends Tensor>(x: T) => T;
  /** The parameters of `dense` alone, for what multiplies by them in its own way. */
  denseParameters(
    name: string,
    inputs: number,
    outputs: number,
  ): { readonly kernel: Variable; readonly bias: Variable };
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
  const constants = new Map<string, Tensor>();
  const store: Store = {
    parameter: (name, shape, initial) =>
      findOrCreate(variables, name, shape, () => {
        const size = tf.util.sizeFromShape([...shape]);
        const values =
          'fill' in initial
            ? new Float32Array(size).fill(initial.fill)
            : normals(size, initial.deviation, seed, 'parameters', name);
        return tf.tidy(() => tf.variable(tf.tensor(values, [...shape], 'float32'), true));
      }),
    constant: (name, shape, draw) =>
      findOrCreate(constants, name, shape, () =>
        tf.keep(tf.tensor(draw(stream(seed, 'constants', name)), [...shape], 'float32')),
      ),
  };
  return {
    scope: scopeAt('', store),
    variables,
    dispose: () => {
      for (const tensors of [variables, constants]) {
        for (const tensor of tensors.values()) tensor.dispose();
        tensors.clear();
      }
    },
  };
}

function findOrCreate<T extends Tensor>(
  known: Map<string, T>,
  name: string,
  shape: readonly number[],
  create: () => T,
): T {
  const found = known.get(name);
  if (found === undefined) {
    const made = create();
    known.set(name, made);
    return made;
  }
  if (!tf.util.arraysEqual(found.shape, [...shape])) {
    throw new Error(
      `parameter ${name} exists as [${found.shape.join(', ')}], asked for as [${shape.join(', ')}]`,
    );
  }
  return found;
}

/** Parameters and constants by full name. */
interface Store {
  parameter(name: string, shape: readonly number[], initial: Initializer): Variable;
  readonly constant: Scope['constant'];
}

function scopeAt(path: string, store: Store): Scope {
  const full = (name: string) => (path === '' ? name : `${path}.${name}`);
  const parameter: Scope['parameter'] = (name, shape, initial = smallNormal) =>
    store.parameter(full(name), shape, initial);
  const denseParameters: Scope['denseParameters'] = (name, inputs, outputs) => ({
    kernel: parameter(`${name}.kernel`, [inputs, outputs]),
    bias: parameter(`${name}.bias`, [outputs], { fill: 0 }),
  });
  return {
    path,
    parameter,
    denseParameters,
    child: (name) => scopeAt(full(name), store),
    get model() {
      return scopeAt('', store);
    },
    constant: (name, shape, draw) => store.constant(full(name), shape, draw),
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
