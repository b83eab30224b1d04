/**
 * Transformer-XL: each segment attends to itself and to its memory, with scores that know distances.
 *
 *     q = W_q x,   [k, v] = W_kv [memory, x]           no gradient flows into the memory
 *     S_ij = ((q_i + u) . k_j + (q_i + w) . r_(i - j)) / sqrt(d),   r_p = W_r pe(p),   0 <= i - j
 *     y = W_O softmax(S) v
 *
 * Dai et al., sections 3.2 and 3.3. A sequence is cut into segments that run side by side; the memory of one is the
 * layer's input of the one before.
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Architecture } from './contract.js';
import { addVector } from './layers/add-vector.js';
import { addCosts, denseCost, productCost } from './layers/cost.js';
import { dense } from './layers/dense.js';
import { detachedProduct } from './layers/detached.js';
import { mergeHeadsFirst, splitHeadsFirst } from './layers/heads.js';
import { paddingBias } from './layers/masks.js';
import { relativeAttention } from './layers/relative-attention.js';
import { fromSegments, intoSegments, planSegments, withMemory } from './layers/segments.js';
import type { Segments } from './layers/segments.js';
import { sinusoids } from './layers/sinusoids.js';
import { sliceAxis } from './layers/slices.js';

const options = z.strictObject({
  segment: z.int().min(4).max(4_096).default(128).describe('L: tokens that are attended to together'),
  memory: z.int().min(0).max(4_096).default(128).describe('M: tokens before its segment that a token sees'),
  causal: z
    .boolean()
    .default(true)
    .describe('a token sees no later one; false lets it see all of its segment'),
  sameLength: z
    .boolean()
    .default(false)
    .describe('a token sees itself and the memory - 1 tokens before it, wherever in its segment it is'),
  stopGradient: z.boolean().default(true).describe('no gradient flows into the tokens of the memory'),
  norm: z
    .boolean()
    .default(false)
    .describe('residual and layer norm inside the mixer, as in the reference, beside those of the encoder'),
  outputProjection: z.boolean().default(true).describe('a dense layer W_O after the heads are joined'),
});
type Options = z.infer<typeof options>;

export const transformerXl = {
  name: 'transformer-xl',
  title: 'Transformer-XL',
  citation: {
    authors: 'Dai et al.',
    title: 'Transformer-XL: Attentive Language Models Beyond a Fixed-Length Context',
    year: 2019,
    url: 'https://arxiv.org/abs/1901.02860',
  },
  complexity: 'O(N·(L+M)·D)',
  options,
  supports: {
    causal: true,
    crossAttention: false,
    lengthBoundAtBuild: false,
    permutationEquivariant: false,
  },
  deviations: [
    'segments of one sequence run side by side, not one after the other: the same numbers, as a memory is the input of the same layer',
    'padded keys are shut out and padded tokens attend to nothing; the reference has no padding',
    'residual and norm are those of the encoder; the reference has them inside (norm)',
    'no dropout on the attention weights: the same dropout places for every architecture',
  ],

  cost({ length, hidden, heads }, settings) {
    const plan = planSegments(length, settings.segment, settings.memory);
    const tokens = plan.size * plan.count;
    const keys = plan.memory + plan.size;
    const size = hidden / heads;
    const distances = distancesOf(plan, settings.causal).length;
    return addCosts(
      withoutBias(length, hidden, settings.outputProjection ? 4 : 3),
      withoutBias(distances, hidden, 1),
      // The padding bias rides along with the content as one more feature.
      productCost(tokens, size + 1, keys, heads),
      productCost(tokens, size, distances, heads),
      productCost(tokens, keys, size, heads),
      { parameters: 2 * hidden + (settings.norm ? 2 * hidden : 0) },
    );
  },

  create(scope, { hidden, heads }, settings) {
    const { segment, memory, causal, stopGradient } = settings;
    if (settings.sameLength && memory === 0)
      throw new Error('transformer-xl: sameLength needs a memory of 1 or more: a token would see nothing');
    const kernel = scope.parameter('qkv.kernel', [hidden, 3 * hidden]);
    const relative = scope.dense('r', hidden, hidden, { bias: false });
    const perHead = [heads, hidden / heads];
    const contentBias = scope.model.parameter('r_w_bias', perHead);
    const positionBias = scope.model.parameter('r_r_bias', perHead);
    const output = settings.outputProjection ? scope.dense('output', hidden, hidden, { bias: false }) : null;
    const norm = settings.norm ? scope.layerNorm('norm', hidden, 1e-5) : null;

    return (x, { mask, given }) => {
      const before = (given?.['mems'] ?? null) as Tensor3D | null;
      const plan = planSegments(x.shape[1], segment, memory, before?.shape[1]);
      const product = dense(x, kernel, null); // [B, N, 3D]
      const remembered = stopGradient ? detachedProduct(product, x, kernel) : product;
      const earlier = before === null ? null : dense(before, kernel, null);
      const part = (from: Tensor3D, index: number) =>
        splitHeadsFirst(sliceAxis(from, 2, index * hidden, hidden), heads); // [H * B, N, d]
      const window = (index: number) =>
        byHead(
          withMemory(
            part(product, index),
            part(remembered, index),
            earlier === null ? null : part(earlier, index),
            plan,
          ),
          heads,
        );
      const query = sliceAxis(product, 2, 0, hidden);
      const biased = (bias: Tensor) =>
        byHead(intoSegments(splitHeadsFirst(addVector(query, bias), heads), plan), heads);
      const distances = sinusoids(distancesOf(plan, causal), hidden);
      const context = relativeAttention({
        content: biased(contentBias), // [H, B * S, L, d]
        position: biased(positionBias),
        key: window(1), // [H, B * S, M + L, d]
        value: window(2),
        distances: splitHeadsFirst(tf.expandDims(relative(distances), 0), heads), // [H, W, d]
        keyBias: biasOfKeys(mask, before, plan, heads),
        pairBias: visible(plan, settings),
      });
      const [, rows, length, size] = context.shape;
      const joined = fromSegments(tf.reshape(context, [heads * rows, length, size]), plan, x.shape[1]);
      // Padding may see nothing but padding: what it attends to is no function of the scores.
      const merged = tf.mul<Tensor3D>(mergeHeadsFirst(joined, heads), tf.expandDims(mask, 2)); // [B, N, D]
      const y = output === null ? merged : output(merged);
      return norm === null ? y : norm(tf.add<Tensor3D>(x, y));
    };
  },
} satisfies Architecture<typeof options>;

const withoutBias = (rows: number, hidden: number, count: number) => ({
  ...denseCost(rows, hidden, hidden, count),
  parameters: count * hidden * hidden,
});

/** [H * R, N, d] -> [H, R, N, d] */
const byHead = (x: Tensor3D, heads: number): Tensor4D =>
  tf.reshape(x, [heads, x.shape[0] / heads, x.shape[1], x.shape[2]]);

/** From the farthest memory down, to those that `relativeAttention` asks for. */
function distancesOf({ size, memory }: Segments, causal: boolean): number[] {
  const keys = memory + size;
  return Array.from({ length: keys + (causal ? 1 : size) }, (_, i) => keys - 1 - i);
}

const never = -1e30;

/** 0 where a key may be seen, by distance i + M - j alone: [1, L, M + L]. */
function visible({ size, memory: remembered }: Segments, { causal, sameLength, memory }: Options): Tensor3D {
  const keys = remembered + size;
  const values = Float32Array.from({ length: size * keys }, (_, n) => {
    const distance = Math.floor(n / keys) + remembered - (n % keys);
    return (causal && distance < 0) || (sameLength && distance >= memory) ? never : 0;
  });
  return tf.tensor3d(values, [1, size, keys]);
}

/** Padding, and what lies before the beginning or after the end, is shut out: [H, B * S, M + L, 1]. */
function biasOfKeys(mask: Tensor2D, before: Tensor3D | null, plan: Segments, heads: number): Tensor4D {
  const own = tf.expandDims<Tensor3D>(paddingBias(mask), 2);
  const earlier = before === null ? null : tf.zeros<tf.Rank.R3>([before.shape[0], before.shape[1], 1]);
  const bias = withMemory(own, own, earlier, plan, never);
  return tf.tile(tf.expandDims<Tensor4D>(bias, 0), [heads, 1, 1, 1]);
}
