/**
 * Agreement with golden vectors.
 *
 * An architecture agrees when it loads the weights by name, runs the inputs, and every output and every gradient is as
 * recorded, within float32.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Scalar, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Architecture, Given } from '../../architectures/contract.js';
import { createEncoder, createEncoderLayer } from '../../architectures/encoder.js';
import type { EncoderOptions } from '../../architectures/encoder.js';
import { createTokenPooling } from '../../architectures/layers/token-pooling.js';
import { createParameters } from '../../architectures/scope.js';
import type { Scope } from '../../architectures/scope.js';
import { limit, worstOf } from './check.js';
import type { Check } from './check.js';
import type { Golden, GoldenTensor } from './golden-file.js';
import { goldenOptions } from './golden-options.js';

/** Two checks: every output within 1e-5, every gradient within 1e-4, of max(1, the largest magnitude). */
export function checkGolden(architecture: Architecture, golden: Golden): Check[] {
  const checks: Check[] = [];
  const loosening = golden.edge ? 100 : 1;
  const parameters = createParameters(1);
  try {
    tf.tidy(() => {
      const { outputs, gradients } = run(architecture, golden, parameters.scope, parameters.variables);
      const expected = { ...golden.grads.weights, ...golden.grads.inputs };
      const allowed = Math.max(1e-4, 1e-5 * loosening);
      checks.push(
        compare(`golden outputs: ${golden.case}`, outputs, golden.outputs, 1e-5 * loosening),
        compare(`golden gradients: ${golden.case}`, gradients, expected, allowed),
      );
    });
  } finally {
    parameters.dispose();
  }
  return checks;
}

/** Runs the case, and differentiates sum(output * probe) by every input and weight. */
function run(
  architecture: Architecture,
  golden: Golden,
  scope: Scope,
  variables: ReadonlyMap<string, Variable>,
): { outputs: NamedTensorMap; gradients: NamedTensorMap } {
  const inputs = mapTensors(golden.inputs, (tensor) => tf.variable(toTensor(tensor)));
  const extra = mapTensors(golden.extra, toTensor);
  const { batch, length, block } = golden.config;
  const mask = (
    golden.mask === null ? tf.ones([batch, length]) : toTensor(golden.mask, 'float32')
  ) as Tensor2D;
  const forward = blocks[block](architecture, golden, scope, { ...inputs, ...extra }, mask);
  loadWeights(golden.weights, variables);
  const objective = (): Scalar => {
    const terms = Object.entries(forward()).map(([name, value]) =>
      tf.sum(tf.mul(value, toTensor(golden.probes[name] ?? missing(name)))),
    );
    return tf.sum<Scalar>(tf.stack(terms));
  };
  const { grads } = tf.variableGrads(objective, [...variables.values(), ...Object.values(inputs)]);
  const gradients: NamedTensorMap = {};
  for (const [name, variable] of [...variables, ...Object.entries(inputs)]) {
    gradients[name] = grads[variable.name] ?? missing(name);
  }
  const outputs = forward();
  for (const input of Object.values(inputs)) input.dispose();
  return { outputs, gradients };
}

/** Creates the part of a model that a case is about; what it returns runs it and gives its outputs by name. */
type Block = (
  architecture: Architecture,
  golden: Golden,
  scope: Scope,
  given: Given,
  mask: Tensor2D,
) => () => NamedTensorMap;

const still = () => ({ training: false, seed: tf.tensor1d([1], 'int32') });

const tokensOf = (given: Given): Tensor3D => (given['x'] ?? missing('x')) as Tensor3D;

const blocks: Record<Golden['config']['block'], Block> = {
  attention: (architecture, golden, scope, given, mask) => {
    const mixer = architecture.create(scope, sizesOf(golden), optionsOf(architecture, golden, ''));
    return () => ({ y: mixer(tokensOf(given), { mask, given, ...still() }) });
  },
  core: (architecture, golden, _scope, given, mask) => {
    const options = optionsOf(architecture, golden, '');
    return () => ({
      y:
        architecture.core?.(given, options, { mask, given, ...still() }) ??
        missing(`core of ${architecture.name}`),
    });
  },
  layer: (architecture, golden, scope, given, mask) => {
    const options = optionsOf(architecture, golden, '');
    const layer = createEncoderLayer(scope, architecture, options, sizesOf(golden));
    return () => ({ y: layer(tokensOf(given), { mask, given, ...still() }, 'layer') });
  },
  pooling: (_architecture, golden, scope, given, mask) => {
    const pool = createTokenPooling(scope, golden.config.hidden, 'additive');
    return () => ({ y: pool(tokensOf(given), mask) });
  },
  model: (architecture, golden, scope, given, mask) => {
    const options = optionsOf(architecture, golden, 'layers.0.');
    const encoder = createEncoder(scope, architecture, options, sizesOf(golden), 0);
    const head = scope.dense('head', golden.config.hidden, golden.config.classes);
    const labels = toTensor(golden.extra['labels'] ?? missing('labels'));
    return () => {
      const tokens = encoder.layers(encoder.embedVectors(tokensOf(given), still()), mask, still());
      const pooled = encoder.pool(tokens, mask);
      const logits = head(pooled);
      const truth = tf.oneHot(tf.cast(labels, 'int32'), golden.config.classes);
      const loss = tf.neg(tf.mean(tf.sum(tf.mul(truth, tf.logSoftmax(logits)), 1)));
      return { pooled, logits, loss: tf.reshape(loss, [1]) };
    };
  },
};

function sizesOf({ config }: Golden): EncoderOptions {
  return {
    length: config.max_positions ?? config.max_length ?? config.length,
    hidden: config.hidden,
    heads: config.heads,
    layers: config.layers,
    feedForward: config.ffn,
    dropout: 0,
    norm: 'post',
    positions: true,
    shareLayers: false,
    pooling: 'additive',
  };
}

/** The case's settings as options of the architecture; an output projection only where there are weights for it. */
function optionsOf(architecture: Architecture, golden: Golden, prefix: string): Record<string, unknown> {
  const has = (name: string) => golden.weights[prefix + name] !== undefined;
  const projected = 'outputProjection' in architecture.options.shape;
  return architecture.options.parse({
    ...goldenOptions(architecture.name, golden.config, has),
    ...(projected ? { outputProjection: has('output.kernel') } : {}),
  });
}

function loadWeights(weights: Golden['weights'], variables: ReadonlyMap<string, Variable>): void {
  const surplus = Object.keys(weights).filter((name) => !variables.has(name));
  const lacking = [...variables.keys()].filter((name) => weights[name] === undefined);
  if (surplus.length + lacking.length > 0) {
    throw new Error(
      `the golden weights do not fit: not in the architecture: ${list(surplus)}; not in the file: ${list(lacking)}`,
    );
  }
  for (const [name, variable] of variables) variable.assign(toTensor(weights[name] ?? missing(name)));
}

function compare(
  name: string,
  actual: NamedTensorMap,
  expected: Record<string, GoldenTensor>,
  allowed: number,
): Check {
  const { where, error } = worstOf(
    Object.entries(expected).map(([key, tensor]) => ({
      where: key,
      error: errorOf(actual[key] ?? missing(key), tensor),
    })),
  );
  return limit(name, error, allowed, `worst: ${where}`);
}

/** The largest difference, as a share of max(1, the largest magnitude); NaN where there is one, or another shape. */
function errorOf(actual: Tensor, { shape, data }: GoldenTensor): number {
  if (!tf.util.arraysEqual(actual.shape, shape)) return NaN;
  const values = actual.dataSync();
  const magnitude = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return data.reduce((most, value, i) => worse(most, Math.abs((values[i] ?? NaN) - value)), 0) / magnitude;
}

/** The larger error, where NaN is larger than everything. */
const worse = (a: number, b: number): number => (Number.isNaN(a) || a >= b ? a : b);

const toTensor = ({ shape, data, dtype }: GoldenTensor, as?: 'float32'): Tensor =>
  tf.tensor(data, shape, as ?? (dtype === 'int32' ? 'int32' : 'float32'));

const mapTensors = <T extends Tensor>(
  from: Record<string, GoldenTensor>,
  make: (tensor: GoldenTensor) => T,
) => Object.fromEntries(Object.entries(from).map(([name, tensor]) => [name, make(tensor)]));

const list = (names: string[]): string => (names.length === 0 ? 'none' : names.join(', '));

function missing(name: string): never {
  throw new Error(`the golden vectors have no ${name}, or the architecture does not`);
}
