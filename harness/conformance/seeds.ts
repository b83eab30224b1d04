/** A seed determines a model: its parameters, and what it draws beside them; another seed gives another model. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Architecture } from '../../architectures/contract.js';
import { createParameters } from '../../architectures/scope.js';
import type { Parameters } from '../../architectures/scope.js';
import { limit } from './check.js';
import type { Check } from './check.js';
import { largestDifference, longSizes, randomTokens } from './subject.js';

export function checkSeeds(architecture: Architecture): Check[] {
  const [first, again, other] = [7, 7, 8].map((seed) => drawModel(architecture, seed)) as [
    Model,
    Model,
    Model,
  ];
  try {
    const apart = [...first.values].map(([name, value]) => differenceOf(value, again.values.get(name)));
    const fixed = [...first.values].filter(
      ([name, value]) => !isFilled(value) && differenceOf(value, other.values.get(name)) === 0,
    );
    const unmoved = fixed.map(([name]) => name).join(', ');
    return [
      limit(
        'same seed, same parameters',
        Math.max(0, ...apart),
        0,
        'two models with seed 7: parameters and outputs',
      ),
      limit(
        'another seed, other parameters',
        fixed.length,
        0,
        unmoved === '' ? 'seeds 7 and 8' : `same: ${unmoved}`,
      ),
    ];
  } finally {
    for (const model of [first, again, other]) model.dispose();
  }
}

interface Model {
  /** Initial parameters, and the outputs for the same tokens, in training too: they show what else was drawn. */
  readonly values: ReadonlyMap<string, Tensor>;
  readonly dispose: () => void;
}

function drawModel(architecture: Architecture, seed: number): Model {
  const parameters = createParameters(seed);
  const outputs: Tensor[] = [];
  const values = new Map<string, Tensor>(parameters.variables);
  const dispose = () => {
    tf.dispose(outputs);
    parameters.dispose();
  };
  try {
    outputs.push(...outputsOf(architecture, parameters));
  } catch (error) {
    dispose();
    throw error;
  }
  for (const [name, variable] of parameters.variables) values.set(name, variable);
  outputs.forEach((output, i) => values.set(i === 0 ? 'output' : 'output in training', output));
  return { values, dispose };
}

function outputsOf(architecture: Architecture, parameters: Parameters): Tensor[] {
  const mixer = architecture.create(parameters.scope, longSizes, architecture.options.parse({}));
  return [false, true].map((training) =>
    tf.tidy(() =>
      mixer(randomTokens(1, longSizes), {
        mask: tf.ones([1, longSizes.length]),
        training,
        seed: tf.tensor1d([1], 'int32'),
      }),
    ),
  );
}

const differenceOf = (a: Tensor, b: Tensor | undefined): number =>
  b === undefined ? NaN : largestDifference(a, b);

/** One number everywhere, such as a bias of 0: no seed is in it. */
function isFilled(value: Tensor): boolean {
  const values = value.dataSync();
  return values.every((each) => each === values[0]);
}
