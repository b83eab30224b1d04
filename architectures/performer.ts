/**
 * Performer: the softmax kernel is approximated by random features, so that keys and values are summed once.
 *
 *     y_n = phi(q_n) (sum_m phi(k_m) v_m^T) / (phi(q_n) . sum_m phi(k_m)),   E phi(q) . phi(k) ~ exp(q . k / sqrt(d))
 *
 * per head, with f positive features of an orthogonal random projection that all heads share. Choromanski et al.,
 * section 2 (FAVOR+). The features are in `layers/random-features.ts`.
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture, Given, MixerContext, Sizes } from './contract.js';
import { addCosts, denseCost, productCost } from './layers/cost.js';
import { mergeHeads, splitHeads } from './layers/heads.js';
import {
  countedByHead,
  linearAttention,
  linearAttentionCost,
  zeroPadding,
} from './layers/linear-attention.js';
import { keyPeak, queryPeak, reluFeatures, softmaxFeatures } from './layers/random-features.js';
import { drawProjection, redrawProjection } from './layers/random-projection.js';
import type { Scope } from './scope.js';

const options = z.strictObject({
  features: z
    .int()
    .min(1)
    .max(4096)
    .nullable()
    .default(null)
    .describe('random features f; null: d ln d, rounded down, and at least d'),
  kernel: z
    .enum(['softmax', 'relu'])
    .default('softmax')
    .describe('what the features approximate: the softmax, or a rectifier'),
  redraw: z
    .enum(['never', 'step'])
    .default('never')
    .describe('when the random projection is drawn anew: never, or in each training step'),
  padding: z
    .enum(['left out', 'counted'])
    .default('left out')
    .describe('padded keys in the denominator: left out, or counted as in performer-pytorch'),
  bias: z.boolean().default(true).describe('query, key and value have a bias'),
  outputProjection: z.boolean().default(true).describe('a dense layer after the heads are joined'),
});

type Options = z.infer<typeof options>;

export const performer = {
  name: 'performer',
  title: 'Performer',
  citation: {
    authors: 'Choromanski et al.',
    title: 'Rethinking Attention with Performers',
    year: 2021,
    url: 'https://arxiv.org/abs/2009.14794',
  },
  complexity: 'O(N·D·f)',
  options,
  supports: {
    causal: false,
    crossAttention: false,
    lengthBoundAtBuild: false,
    permutationEquivariant: true,
  },
  deviations: [
    'the random features are drawn once; the paper draws them anew at intervals (redraw=step does so in every training step, and evaluation keeps the first draw)',
    '1e-4 is added to each feature, and the largest exponent is subtracted as a constant, as in the published implementations; the paper’s equations have neither',
    'not causal: the paper is about both forms, this is the one of an encoder; a summarizer’s decoder may have the other (decoderAttention)',
  ],

  cost({ length, hidden, heads }, given) {
    const size = hidden / heads;
    const features = given.features ?? usualFeatures(size);
    return addCosts(
      denseCost(length, hidden, hidden, given.outputProjection ? 4 : 3),
      { parameters: given.bias ? 0 : -3 * hidden },
      productCost(length, size, features, 2 * heads),
      linearAttentionCost(length, heads, features, size),
    );
  },

  create(scope, sizes, given) {
    const { hidden, heads } = sizes;
    const { bias, outputProjection } = given;
    const query = scope.dense('query', hidden, hidden, { bias });
    const key = scope.dense('key', hidden, hidden, { bias });
    const value = scope.dense('value', hidden, hidden, { bias });
    const output = outputProjection ? scope.dense('output', hidden, hidden) : null;
    const projectionFor = createProjection(scope, sizes, given);

    return (x, context) => {
      const y = attend(
        splitHeads(query(x), heads), // [B * H, N, d]
        splitHeads(key(x), heads),
        splitHeads(zeroPadding(value(x), context.mask), heads),
        countedByHead(countedKeys(context.mask, given), heads),
        projectionFor(context),
        given,
      );
      const merged = mergeHeads(y, heads); // [B, N, D]
      return output === null ? merged : output(merged);
    };
  },

  core(inputs, given, { mask }) {
    const q = named(inputs, 'q');
    const [batch = 0, heads = 0, length = 0, size = 0] = q.shape;
    const rows = (x: Tensor): Tensor3D => tf.reshape(x, [batch * heads, length, size]);
    const counted = countedByHead(countedKeys(mask, given), heads);
    const values = tf.mul<Tensor3D>(rows(named(inputs, 'v')), countedByHead(mask, heads));
    const projection = named(inputs, 'projection') as Tensor2D;
    return tf.reshape(attend(rows(q), rows(named(inputs, 'k')), values, counted, projection, given), q.shape);
  },
} satisfies Architecture<typeof options>;

/**
 * @param q - [rows, N, d], as k and v; v is 0 on padding
 * @param counted - keys in the denominator: 1, others 0, [rows, N, 1]
 * @param projection - [f, d]
 */
function attend(
  q: Tensor3D,
  k: Tensor3D,
  v: Tensor3D,
  counted: Tensor3D,
  projection: Tensor2D,
  { kernel }: Options,
): Tensor3D {
  const [queries, keys] =
    kernel === 'relu'
      ? [reluFeatures(q, projection), reluFeatures(k, projection)]
      : [softmaxFeatures(q, projection, queryPeak), softmaxFeatures(k, projection, keyPeak(counted))];
  return linearAttention(queries, keys, v, counted);
}

/** Which keys are in the denominator, [B, N]. In a row of padding alone all are: it has none of 0. */
function countedKeys(mask: Tensor2D, { padding }: Options): Tensor2D {
  if (padding === 'counted') return tf.onesLike(mask);
  return tf.add(mask, tf.sub(1, tf.max(mask, 1, true)));
}

/** As in performer-pytorch, but never fewer than d, which heads of one or two features would have. */
export const usualFeatures = (size: number): number => Math.max(size, Math.floor(size * Math.log(size)));

/** The projection of a step, [f, d]: what is given, a fresh draw while training if asked for, else the first draw. */
function createProjection(
  scope: Scope,
  { hidden, heads }: Sizes,
  { features, redraw }: Options,
): (context: MixerContext) => Tensor2D {
  const size = hidden / heads;
  const count = features ?? usualFeatures(size);
  const first = scope.constant('projection', [count, size], (random) => drawProjection(random, count, size));
  return ({ given, training, seed }) => {
    const projection = given?.['projection'];
    if (projection !== undefined) return projection as Tensor2D;
    if (redraw === 'never' || !training) return first as Tensor2D;
    return redrawProjection(seed, `${scope.path}.projection`, count, size);
  };
}

function named(inputs: Given, name: string): Tensor {
  const found = inputs[name];
  if (found === undefined) throw new Error(`the core of performer needs ${name}`);
  return found;
}
