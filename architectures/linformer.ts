/**
 * Linformer: keys and values are projected along the sequence, from N tokens to k slots, and each token attends to those.
 *
 *     K' = E^T K,  V' = F^T V,   E, F: [N, k]
 *     head_h = softmax(Q_h K'_h^T / sqrt(d)) V'_h,   y = concat(head_1 .. head_H) W_O                (equation 7)
 *
 * Wang et al., section 4. The paper's ways to share the projections: headwise is sharing=heads, key-value is
 * sharing=heads with tieProjections, layerwise is sharing=layers with tieProjections.
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture, Sizes } from './contract.js';
import { addCosts, denseCost, productCost } from './layers/cost.js';
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
    const owners = given.sharing === 'none' ? heads : 1;
    // A projection that one head owns maps d features.
    const mapped = owners === 1 ? width : hidden / heads;
    const projected = tieProjections && tieValues ? 1 : 2;
    return addCosts(
      denseCost(length, hidden, hidden, outputProjection ? 2 : 1),
      denseCost(length, hidden, width, tieValues ? 1 : 2),
      { parameters: bias ? 0 : -hidden - (tieValues ? 1 : 2) * width },
      { parameters: (tieProjections ? 1 : 2) * owners * length * k },
      productCost(k, length, mapped, projected * owners),
      // Scores, where the bias of the keys rides along as one more feature, and weighted values.
      productCost(length, hidden / heads + 1, k, heads),
      productCost(length, k, hidden / heads, heads),
    );
  },

  create(scope, sizes, given) {
    const { hidden, heads } = sizes;
    const { bias, tieProjections, tieValues, outputProjection } = given;
    const width = keyWidth(sizes, given);
    const query = scope.dense('query', hidden, hidden, { bias });
    const key = scope.dense('key', hidden, width, { bias });
    const value = tieValues ? null : scope.dense('value', hidden, width, { bias });
    const output = outputProjection ? scope.dense('output', hidden, hidden) : null;
    const projectKeys = createProjection(scope, sizes, given, 'proj_key');
    const projectValues = tieProjections ? projectKeys : createProjection(scope, sizes, given, 'proj_value');

    return (x, { mask }) => {
      const keys = key(x); // [B, N, D], or [B, N, d] with one head
      const values = value === null ? keys : value(x);
      const slots = projectKeys(keys, mask); // [B * H, k, d]
      const contents = keys === values && tieProjections ? slots : projectValues(values, mask);
      const noBias: Tensor3D = tf.zeros([slots.shape[0], slots.shape[1], 1]);
      const y = mergeHeads(softmaxAttention(splitHeads(query(x), heads), slots, contents, noBias), heads);
      return output === null ? y : output(y);
    };
  },
} satisfies Architecture<typeof options>;

/** Features of a token's key, of all heads together. */
const keyWidth = ({ hidden, heads }: Sizes, { oneKeyValueHead }: Options): number =>
  oneKeyValueHead ? hidden / heads : hidden;

/** Real tokens to slots, of every head: [B, N, D], or [B, N, d] with one head of keys and values, -> [B * H, k, d]. */
type Projection = (x: Tensor3D, mask: Tensor2D) => Tensor3D;

/**
 * Names and shapes are those of the references: [N, k] for one projection of all heads; [H, k, N] for one a head, called
 * `proj` where keys and values share it.
 */
function createProjection(scope: Scope, { length, heads }: Sizes, given: Options, name: string): Projection {
  const { k, sharing, tieProjections, oneKeyValueHead } = given;
  const initial = { deviation: 1 / Math.sqrt(length) };
  if (sharing === 'none') {
    const owned = scope.parameter(tieProjections ? 'proj' : name, [heads, k, length], initial);
    return oneKeyValueHead
      ? (x, mask) => projectOneHead(x, owned, mask)
      : (x, mask) => projectEachHead(x, owned, mask);
  }
  const shared = (sharing === 'layers' ? scope.model : scope).parameter(name, [length, k], initial);
  return oneKeyValueHead
    ? (x, mask) => repeatForHeads(projectTogether(x, shared, mask), heads)
    : (x, mask) => splitHeads(projectTogether(x, shared, mask), heads);
}

/**
 * All features of a sequence in one product, [B, N, width] -> [B, k, width]. The mask is applied to the projection, which
 * is smaller than the tokens.
 */
function projectTogether(x: Tensor3D, projection: Tensor, mask: Tensor2D): Tensor3D {
  const [batch, length] = mask.shape;
  const rows = tf.slice(projection, [0, 0], [length, -1]);
  const masked = tf.mul<Tensor3D>(rows, tf.reshape(mask, [batch, length, 1])); // [B, N, k]
  return tf.matMul(masked, x, true, false);
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
