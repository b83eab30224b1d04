/**
 * Linformer: keys and values are projected along the sequence, from N tokens to k slots, and each token attends to those.
 *
 *     K' = E^T K,  V' = F^T V,   E, F: [N, k]
 *     head_h = softmax(Q_h K'_h^T / sqrt(d)) V'_h,   y = concat(head_1 .. head_H) W_O                (equation 7)
 *
 * Wang et al., section 4. The paper's ways to share the projections: headwise is sharing=heads, key-value is
 * sharing=heads with tieProjections, layerwise is sharing=layers with tieProjections.
 *
 * Where heads share a projection, tokens are projected before the dense layers, as in the authors' code, so that these run on
 * k slots in place of N tokens: E^T (X W + 1 b^T) = (E^T X) W + (E^T 1) b^T.
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture, Sizes } from './contract.js';
import { addCosts, denseCost, productCost } from './layers/cost.js';
import { dense } from './layers/dense.js';
import { mergeHeads, splitHeads } from './layers/heads.js';
import { softmaxAttention } from './layers/softmax-attention.js';
import type { Scope } from './scope.js';

const options = z.strictObject({
  k: z.int().min(1).max(4096).default(16).describe('slots that the sequence is projected to'),
  sharing: z
    .enum(['none', 'heads', 'layers'])
    .default('heads')
    .describe(
      'who shares a projection: none = each head has its own, heads = those of a layer, layers = all',
    ),
  tieProjections: z.boolean().default(false).describe('one projection for keys and values: E = F'),
  tieValues: z.boolean().default(false).describe('values are the keys: one dense layer for both'),
  oneKeyValueHead: z.boolean().default(false).describe('all heads look at one head of keys and values'),
  bias: z.boolean().default(true).describe('query, key and value have a bias'),
  outputProjection: z.boolean().default(true).describe('a dense layer W_O after the heads are joined'),
});

type Options = z.infer<typeof options>;

export const linformer = {
  name: 'linformer',
  title: 'Linformer',
  citation: {
    authors: 'Wang, Li, Khabsa, Fang and Ma',
    title: 'Linformer: Self-Attention with Linear Complexity',
    year: 2020,
    url: 'https://arxiv.org/abs/2006.04768',
  },
  complexity: 'O(N·k·D)',
  options,
  supports: {
    causal: false,
    crossAttention: false,
    lengthBoundAtBuild: true,
    permutationEquivariant: false,
  },
  deviations: [
    'padding is zeroed before the projection, so that it never reaches a token; the paper does not treat padding, and the slots themselves are never masked',
    'a sequence shorter than the model was built for takes the first rows of the projections, as in the authors’ code',
    'E and F start at N(0, 1/N), so that a projected key is as large as a key; the paper does not say',
    'no dropout on the attention weights: the same dropout places for every architecture',
  ],

  cost(sizes, given) {
    const { length, hidden, heads } = sizes;
    const { k, tieProjections, tieValues, bias, outputProjection } = given;
    const width = keyWidth(sizes, given);
    const layers = tieValues ? 1 : 2;
    const projections = tieProjections ? 1 : 2;
    const slots = tieProjections && tieValues ? 1 : 2;
    const shared = given.sharing !== 'none';
    return addCosts(
      denseCost(length, hidden, hidden, outputProjection ? 2 : 1),
      { parameters: layers * (hidden + (bias ? 1 : 0)) * width - (bias ? 0 : hidden) },
      { parameters: projections * (shared ? 1 : heads) * length * k },
      shared
        ? addCosts(productCost(k, length, hidden, projections), productCost(k, hidden, width, slots))
        : addCosts(
            productCost(length, hidden, width, layers),
            // A projection that one head owns maps d features.
            productCost(k, length, hidden / heads, slots * heads),
          ),
      // Scores, where the bias of the keys rides along as one more feature, and weighted values.
      productCost(length, hidden / heads + 1, k, heads),
      productCost(length, k, hidden / heads, heads),
    );
  },

  create(scope, sizes, given) {
    const { hidden, heads } = sizes;
    const { bias, tieValues, outputProjection } = given;
    const width = keyWidth(sizes, given);
    const query = scope.dense('query', hidden, hidden, { bias });
    const layer = (name: string): Dense =>
      bias
        ? scope.denseParameters(name, hidden, width)
        : { kernel: scope.parameter(`${name}.kernel`, [hidden, width]), bias: null };
    const key = layer('key');
    const value = tieValues ? key : layer('value');
    const output = outputProjection ? scope.dense('output', hidden, hidden) : null;
    const slotsOf =
      given.sharing === 'none' ? slotsOfEachHead(scope, sizes, given) : slotsOfAllHeads(scope, sizes, given);

    return (x, { mask }) => {
      const [slots, contents] = slotsOf(x, mask, key, value); // [B * H, k, d]
      const noBias: Tensor3D = tf.zeros([slots.shape[0], slots.shape[1], 1]);
      const y = mergeHeads(softmaxAttention(splitHeads(query(x), heads), slots, contents, noBias), heads);
      return output === null ? y : output(y);
    };
  },
} satisfies Architecture<typeof options>;

/** Features of a token's key, of all heads together. */
const keyWidth = ({ hidden, heads }: Sizes, { oneKeyValueHead }: Options): number =>
  oneKeyValueHead ? hidden / heads : hidden;

/** Parameters of a dense layer: kernel [D, width] and bias [width]. */
interface Dense {
  readonly kernel: Tensor;
  readonly bias: Tensor | null;
}

/** Real tokens to the slots of keys and of values, of every head: [B, N, D] -> [B * H, k, d] each. */
type Slots = (x: Tensor3D, mask: Tensor2D, key: Dense, value: Dense) => readonly [Tensor3D, Tensor3D];

/** One projection of all heads, [N, k]. */
function slotsOfAllHeads(scope: Scope, { length, heads }: Sizes, given: Options): Slots {
  const { k, sharing, tieProjections, oneKeyValueHead } = given;
  const owner = sharing === 'layers' ? scope.model : scope;
  const create = (name: string) => owner.parameter(name, [length, k], { deviation: 1 / Math.sqrt(length) });
  const forKeys = create('proj_key');
  const forValues = tieProjections ? forKeys : create('proj_value');
  const toHeads = oneKeyValueHead ? repeatForHeads : splitHeads;

  return (x, mask, key, value) => {
    const ofKeys = projectTokens(x, forKeys, mask);
    const ofValues = forKeys === forValues ? ofKeys : projectTokens(x, forValues, mask);
    const keys = toHeads(slotsThrough(ofKeys, key), heads);
    return [
      keys,
      ofKeys === ofValues && key === value ? keys : toHeads(slotsThrough(ofValues, value), heads),
    ];
  };
}

/** What a projection makes of the tokens and of a column of ones: E^T X, [B, k, D], and E^T 1, [B, k, 1]. */
interface Projected {
  readonly tokens: Tensor3D;
  readonly ones: Tensor3D;
}

/** The mask is applied to the projection, which is smaller than the tokens. */
function projectTokens(x: Tensor3D, projection: Tensor, mask: Tensor2D): Projected {
  const [batch, length] = mask.shape;
  const rows = tf.slice(projection, [0, 0], [length, -1]);
  const masked = tf.mul<Tensor3D>(rows, tf.reshape(mask, [batch, length, 1])); // [B, N, k]
  return {
    tokens: tf.matMul(masked, x, true, false),
    ones: tf.reshape(tf.sum(masked, 1), [batch, -1, 1]),
  };
}

/** The dense layer of projected tokens: [B, k, D] -> [B, k, width]. */
function slotsThrough({ tokens, ones }: Projected, { kernel, bias }: Dense): Tensor3D {
  const slots = dense(tokens, kernel, null);
  return bias === null ? slots : tf.add(slots, tf.mul(ones, bias));
}

/** A projection a head, [H, k, N], of its own features; called `proj` where keys and values share it. */
function slotsOfEachHead(scope: Scope, { length, heads }: Sizes, given: Options): Slots {
  const { k, tieProjections, oneKeyValueHead } = given;
  const create = (name: string) =>
    scope.parameter(name, [heads, k, length], { deviation: 1 / Math.sqrt(length) });
  const forKeys = create(tieProjections ? 'proj' : 'proj_key');
  const forValues = tieProjections ? forKeys : create('proj_value');
  const project = oneKeyValueHead ? projectOneHead : projectEachHead;

  return (x, mask, key, value) => {
    const keys = dense(x, key.kernel, key.bias);
    const values = key === value ? keys : dense(x, value.kernel, value.bias);
    const slots = project(keys, forKeys, mask);
    return [slots, keys === values && forKeys === forValues ? slots : project(values, forValues, mask)];
  };
}

/** Each head's own projection of its own features: [B, N, D] -> [B * H, k, d]. */
function projectEachHead(x: Tensor3D, projection: Tensor, mask: Tensor2D): Tensor3D {
  const masked = maskedByHead(projection, mask); // [B, H, k, N]
  const [batch = 0, heads = 0, k = 0, length = 0] = masked.shape;
  return tf.matMul(tf.reshape(masked, [batch * heads, k, length]), splitHeads(x, heads));
}

/** Each head's own projection of the one head that all share: [B, N, d] -> [B * H, k, d]. */
function projectOneHead(x: Tensor3D, projection: Tensor, mask: Tensor2D): Tensor3D {
  const masked = maskedByHead(projection, mask);
  const [batch = 0, heads = 0, k = 0, length = 0] = masked.shape;
  const slots = tf.matMul(tf.reshape(masked, [batch, heads * k, length]), x);
  return tf.reshape(slots, [batch * heads, k, x.shape[2]]);
}

/** The projections, [H, k, N], with the columns of padding at 0: [B, H, k, N]. */
function maskedByHead(projection: Tensor, mask: Tensor2D): Tensor {
  const [batch, length] = mask.shape;
  const columns = tf.slice(projection, [0, 0, 0], [-1, -1, length]);
  return tf.mul(columns, tf.reshape(mask, [batch, 1, 1, length]));
}

/** [B, k, d] -> [B * H, k, d] */
function repeatForHeads(slots: Tensor3D, heads: number): Tensor3D {
  const [batch, k, size] = slots.shape;
  const repeated = tf.broadcastTo(tf.reshape(slots, [batch, 1, k, size]), [batch, heads, k, size]);
  return tf.reshape(repeated, [batch * heads, k, size]);
}
