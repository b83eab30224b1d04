/** An encoder with a dense head: tokens to the logits of the classes. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Encoder, EncoderContext } from '../../architectures/encoder.js';
import { withGradient } from '../../architectures/layers/custom-gradient.js';
import type { Scope } from '../../architectures/scope.js';
import type { BatchTensors, Model } from '../contract.js';

/** Parameters: the encoder's and `head.kernel` [D, classes], `head.bias`. */
export function createClassifier(scope: Scope, encoder: Encoder, classes: number): Model {
  const head = scope.dense('head', encoder.hidden, classes);
  const logits = ({ ids, mask }: BatchTensors, context: EncoderContext): Tensor2D =>
    head(encoder.pool(encoder.layers(encoder.embed(ids, context), mask, context), mask));
  return {
    loss: (batch, context) => crossEntropy(logits(batch, context), batch.labels),
    predict: (batch) => {
      const still = { training: false, seed: tf.tensor1d([1], 'int32') };
      return tf.argMax(logits(batch, still), -1);
    },
  };
}

/**
 * The mean over the batch of -log softmax(logits)[label]; its gradient is (softmax(logits) - one-hot(label)) / B.
 *
 * @param logits - [B, classes]
 * @param labels - int32 [B]
 */
export function crossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar {
  const [batch, classes] = logits.shape;
  return withGradient<Scalar>(
    [logits],
    () => {
      const truth = tf.oneHot(labels, classes);
      const chosen = tf.sum(tf.mul(tf.logSoftmax(logits), truth));
      return { value: tf.div<Scalar>(chosen, -batch), saved: [logits, truth] };
    },
    (dy, saved) => {
      const [savedLogits, truth] = saved as [Tensor2D, Tensor2D];
      return [tf.mul(tf.sub(tf.softmax(savedLogits), truth), tf.div(dy, batch))];
    },
  );
}
