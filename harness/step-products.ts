/**
 * Multiply-adds of one whole step of a speed cell: projections, mixers, feed-forward, head, and in training the backward
 * pass. The optimizer multiplies no matrices.
 *
 * Every product either has the batch in it or is one of parameters alone, so the count is a straight line in the size of
 * the batch: two small batches give it exactly, whatever the cell's own would need. They run op by op, which makes the
 * same products as a graph.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Parameters } from '../architectures/scope.js';
import type { BatchTensors, Model } from '../tasks/contract.js';
import type { SpeedCell } from './cell.js';
import { countMultiplyAdds } from './count-products.js';

export function countStepMultiplyAdds(
  model: Model,
  parameters: Parameters,
  { batch, encoder: { length }, mode }: Pick<SpeedCell, 'batch' | 'encoder' | 'mode'>,
): number {
  const countAt = (size: number) =>
    countMultiplyAdds(() => {
      tf.tidy(() => {
        stepOf(model, parameters, mode, emptyBatch(size, length));
      });
    });
  const one = countAt(1);
  return batch === 1 ? one : one + (batch - 1) * (countAt(2) - one);
}

function stepOf(model: Model, parameters: Parameters, mode: SpeedCell['mode'], batch: BatchTensors): void {
  const seed = tf.tensor1d([1], 'int32');
  const training = mode === 'training';
  const loss = () => model.loss(batch, { training, seed });
  if (training) tf.variableGrads(loss, [...parameters.variables.values()]);
  else loss();
}

/** Which tokens they are makes no difference to a count. */
const emptyBatch = (size: number, length: number): BatchTensors => ({
  ids: tf.zeros([size, length], 'int32'),
  mask: tf.ones([size, length]),
  labels: tf.zeros([size], 'int32'),
});
