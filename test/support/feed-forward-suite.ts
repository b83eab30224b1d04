/** The promises of the feed-forward network, to be held on every backend. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dense } from '../../architectures/layers/dense.js';
import { createFeedForward } from '../../architectures/layers/feed-forward.js';
import { gelu } from '../../architectures/layers/gelu.js';
import { normals } from '../../architectures/random.js';
import { createParameters } from '../../architectures/scope.js';
import type { BackendName } from '../../harness/backends/index.js';
import { useBackend } from './backend.js';

const hidden = 6;

/** The network and all its gradients, for a sum in which every number counts differently. */
function gradientsOf(network: (x: Tensor) => Tensor, x: Tensor, variables: readonly Variable[]): Tensor[] {
  const weights = tf.tensor(normals(x.size, 1, 1, 'weights'), x.shape);
  const { value, grads } = tf.variableGrads(() => tf.sum(tf.mul(network(x), weights)), [...variables]);
  return [value, ...variables.map(({ name }) => grads[name] as Tensor)];
}

/** @param width - of the middle, a multiple of 1,024 or not */
function check(width: number): void {
  const parameters = createParameters(1);
  const network = createFeedForward(parameters.scope, hidden, width);
  const variables = [...parameters.variables.values()];
  variables.forEach((variable, i) => {
    variable.assign(tf.tensor(normals(variable.size, 0.3, 1, `parameter ${i}`), variable.shape));
  });
  const [kernel1, bias1, kernel2, bias2] = variables as [Variable, Variable, Variable, Variable];
  expect(variables.map(({ shape }) => shape)).toEqual([[hidden, width], [width], [width, hidden], [hidden]]);
  const x = tf.tensor(normals(2 * 3 * hidden, 1, 1, 'x'), [2, 3, hidden]);
  const plain = (y: Tensor) => dense(gelu(dense(y, kernel1, bias1)), kernel2, bias2);
  const expected = gradientsOf(plain, x, variables);
  gradientsOf(network, x, variables).forEach((actual, i) => {
    expect(actual.shape).toEqual(expected[i]?.shape);
    const distance = tf.max(tf.abs(tf.sub(actual, expected[i] as Tensor))).dataSync()[0] ?? NaN;
    expect(distance, `result ${i}`).toBeLessThan(2e-4);
  });
  parameters.dispose();
}

export function feedForwardSuite(backend: BackendName): void {
  describe(`the feed-forward network on ${backend}`, () => {
    useBackend(backend);
    beforeEach(() => {
      tf.engine().startScope();
    });
    afterEach(() => {
      tf.engine().endScope();
    });

    it.each([1, 7, 1024, 2048])('is two dense layers with gelu between them, %i wide', check);
  });
}
