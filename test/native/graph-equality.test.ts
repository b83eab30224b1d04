/** A graph gives what the step itself gives: every architecture, every value of every option. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../architectures/contract.js';
import type { EncoderOptions } from '../../architectures/encoder.js';
import { architectures } from '../../architectures/index.js';
import type { StateOptions } from '../../harness/backends/compile.js';
import { describeOptions, type OptionInfo, type OptionValue } from '../../harness/option-schema.js';
import { useBackend } from '../support/backend.js';
import {
  batchOf,
  createGraphModel,
  numberOf,
  relativeDifference,
  smallSizes,
} from '../support/graph-model.js';

type Options = Readonly<Record<string, OptionValue>>;

/** Every value but the default: choices, true and false, and both bounds of a number. */
function variantsOf(architecture: Architecture): [string, Architecture, Options][] {
  const values = ({ type, choices, minimum, maximum }: OptionInfo): readonly OptionValue[] =>
    choices ?? (type === 'boolean' ? [true, false] : [minimum, maximum]);
  const changed = describeOptions(architecture.options).flatMap((option) =>
    values(option)
      .filter((value) => value !== null && value !== option.default)
      .map((value) => ({ [option.name]: value })),
  );
  return [{}, ...changed].map((options) => [
    `${architecture.name} ${Object.entries(options).join(' ').replace(',', '=')}`.trim(),
    architecture,
    options,
  ]);
}

/** What an architecture refuses is no variant. */
function creates([, architecture, options]: [string, Architecture, Options]): boolean {
  const before = tf.memory().numTensors;
  try {
    createGraphModel(architecture, options, {}, smallSizes).dispose();
    return true;
  } catch {
    expect(tf.memory().numTensors - before).toBeLessThan(2);
    return false;
  }
}

const steps = 3;
const rows = 3;

/** Losses and parameters after three steps of gradient descent. */
function train(
  architecture: Architecture,
  options: Options,
  how: StateOptions,
  sizes: EncoderOptions,
): { losses: number[]; parameters: Map<string, tf.Tensor> } {
  const { step, evaluation, state, variables, dispose } = createGraphModel(architecture, options, how, sizes);
  const losses = Array.from({ length: steps }, (_, i) => {
    const batch = batchOf(rows, sizes.length, i + 1);
    const loss = numberOf(step.run(batch));
    const still = i === 1 ? [] : [numberOf(evaluation.run(batch))];
    tf.dispose(batch);
    return [loss, ...still];
  }).flat();
  expect(step.execution).toBe(how.execution);
  const values = state.snapshot([...variables.values()]);
  const parameters = new Map([...variables.keys()].map((name, i) => [name, values[i] as tf.Tensor]));
  dispose();
  return { losses, parameters };
}

function expectSame(architecture: Architecture, options: Options, sizes: EncoderOptions): void {
  const before = tf.memory().numTensors;
  const graph = train(architecture, options, { execution: 'graph' }, sizes);
  const eager = train(architecture, options, { execution: 'eager' }, sizes);
  graph.losses.forEach((loss, i) => {
    expect(Math.abs(loss / (eager.losses[i] ?? NaN) - 1)).toBeLessThan(1e-5);
  });
  const differences = [...graph.parameters].map(
    ([name, value]) =>
      [name, relativeDifference(value, eager.parameters.get(name) as tf.Tensor, 1e-2)] as const,
  );
  expect(differences.filter(([, difference]) => !(difference < 1e-5))).toEqual([]);
  tf.dispose([...graph.parameters.values(), ...eager.parameters.values()]);
  expect(tf.memory().numTensors).toBe(before);
}

describe('three steps as a graph and three eager ones give the same losses and parameters', () => {
  useBackend('tensorflow');

  it.each(architectures.flatMap(variantsOf))('%s', (name, architecture, options) => {
    if (!creates([name, architecture, options])) return;
    expectSame(architecture, options, smallSizes);
  });

  it('attention in several slices', () => {
    const transformer = architectures.find((each) => each.name === 'transformer') as Architecture;
    expectSame(transformer, {}, { ...smallSizes, length: 1600, layers: 1 });
  });

  it.each<[string, Partial<EncoderOptions>]>([
    ['norm before the mixer', { norm: 'pre' }],
    ['one set of weights for all layers', { shareLayers: true }],
    ['linear pooling, no positions', { pooling: 'linear', positions: false }],
    ['no dropout', { dropout: 0 }],
    ['length 1', { length: 1 }],
  ])('the encoder with %s', (_, change) => {
    const fastformer = architectures.find((each) => each.name === 'fastformer') as Architecture;
    expectSame(fastformer, {}, { ...smallSizes, ...change });
  });
});
