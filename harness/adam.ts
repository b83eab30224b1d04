/**
 * Adam (Kingma and Ba, arXiv 1412.6980, algorithm 1) with clipping by global norm and decoupled weight decay.
 *
 * Written for steps: the learning rate is a tensor, and the powers of beta are state, so that nothing of a step is a
 * number of JavaScript. The bias corrections are folded into the step size and epsilon, which is the same:
 * m' / (sqrt(v') + e) = r m / (sqrt(v) + e s), with s = sqrt(1 - beta2^t), r = s / (1 - beta1^t).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { adamOperations, adamUpdate } from './backends/adam-update.js';

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

export interface AdamOptions {
  /** Gradients are scaled down to this global norm; null = not clipped. */
  readonly clipNorm: number | null;
  /** Each step shrinks kernels (not biases, norms or tables) by learning rate x this. */
  readonly weightDecay: number;
}

export interface Adam {
  /** Moments and powers: what a step assigns beside the parameters. */
  readonly state: readonly Variable[];
  /** @param gradients - by parameter name; a parameter without one stays as it is */
  apply(gradients: ReadonlyMap<string, Tensor>, learningRate: Scalar): void;
  dispose(): void;
}

interface Moments {
  readonly parameter: Variable;
  readonly first: Variable;
  readonly second: Variable;
  readonly decayed: boolean;
}

export function createAdam(parameters: ReadonlyMap<string, Variable>, options: AdamOptions): Adam {
  const zeros = (like: Variable) => tf.tidy(() => tf.variable(tf.zerosLike(like), false));
  const moments = new Map<string, Moments>();
  for (const [name, parameter] of parameters) {
    const decayed = options.weightDecay > 0 && name.endsWith('.kernel');
    moments.set(name, { parameter, first: zeros(parameter), second: zeros(parameter), decayed });
  }
  const power1 = tf.tidy(() => tf.variable(tf.scalar(1), false));
  const power2 = tf.tidy(() => tf.variable(tf.scalar(1), false));
  const state = [power1, power2, ...[...moments.values()].flatMap(({ first, second }) => [first, second])];

  return {
    state,
    apply: (gradients, learningRate) => {
      tf.tidy(() => {
        power1.assign(tf.mul(power1, beta1));
        power2.assign(tf.mul(power2, beta2));
        const spread = tf.sqrt(tf.sub(1, power2));
        const size = tf.div(tf.mul(learningRate, spread), tf.sub(1, power1));
        const floor = tf.mul(spread, epsilon);
        const shrink = clipFactor([...gradients.values()], options.clipNorm);
        for (const [name, gradient] of gradients) {
          const moment = moments.get(name);
          if (moment === undefined) throw new Error(`no parameter ${name} for this gradient`);
          const clipped = shrink === null ? gradient : tf.mul(gradient, shrink);
          const decay = moment.decayed ? tf.mul(learningRate, options.weightDecay) : null;
          update(moment, clipped, size, floor, decay);
        }
      });
    },
    dispose: () => {
      for (const variable of state) variable.dispose();
    },
  };
}

function update(moment: Moments, gradient: Tensor, size: Tensor, floor: Tensor, decay: Tensor | null): void {
  const { parameter, first, second } = moment;
  const take = decay === null ? adamUpdate : adamOperations;
  const given = { parameter, first, second, gradient, size, floor };
  const [stepped, newFirst, newSecond] = take(given, { beta1, beta2 });
  first.assign(newFirst);
  second.assign(newSecond);
  parameter.assign(decay === null ? stepped : tf.sub(stepped, tf.mul(parameter, decay)));
}

/** min(1, limit / global norm), or null where nothing is clipped. */
function clipFactor(gradients: readonly Tensor[], limit: number | null): Tensor | null {
  if (limit === null || gradients.length === 0) return null;
  const norm = tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
  return tf.minimum(1, tf.div(limit, tf.maximum(norm, 1e-12)));
}
