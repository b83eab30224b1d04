/**
 * Softmax attention of every token to the keys in a window round it, and to a few keys that all tokens share.
 *
 *     y_i = sum_j P_ij v_j,   P_i = softmax over { j in the window of i } u { shared j } of q_i . k_j / sqrt(d)
 *
 * Beltagy et al., arXiv 2004.05150, section 3.1. Blocks of queries meet the keys that their windows cover together
 * (`windows.ts`), and a band takes out the pairs that are too far apart. Queries, keys and values are kept for the
 * backward pass; their blocks and the weights are made again there, for a slice of the heads at a time.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Cost, Sizes } from '../contract.js';
import { attentionCost } from './cost.js';
import { withGradient } from './custom-gradient.js';
import { never } from './masks.js';
import { overSlices, sliceElements } from './slices.js';
import { attentionWeights, sliceGradient } from './softmax-attention.js';
import { addWindows, bandOf, cutWindows, keysAtHand, layOut } from './windows.js';
import type { Blocks, Window } from './windows.js';

/** Keys, and what is read where they are attended to. */
export interface Keys {
  /** [B * H, M, d] */
  readonly key: Tensor3D;
  /** [B * H, M, d] */
  readonly value: Tensor3D;
  /** 1 = may be attended to, 0 = may not: [B, M]. A constant. */
  readonly open: Tensor2D;
}

/**
 * A query without any open key within sight gets a mean of what it sees: finite, to be masked by the caller.
 *
 * @param query - [B * H, N, d]
 * @param keys - one for each place of the window, see `keysOf`
 * @param shared - keys that every query sees; null for none
 * @returns [B * H, N, d]
 */
export function windowAttention(query: Tensor3D, keys: Keys, shared: Keys | null, window: Window): Tensor3D {
  const length = query.shape[1];
  const blocks = layOut(length, window);
  const common = shared === null ? [] : [shared.key, shared.value];
  const tensors = [query, keys.key, keys.value, ...common];
  const bias = biasOfBlocks(keys.open, shared?.open ?? null, blocks, query.shape[0]);
  const band = bandOf(blocks, window, shared?.open.shape[1] ?? 0);
  const step = Math.max(1, Math.floor(sliceElements / (blocks.count * band.size)));
  const scale = 1 / Math.sqrt(query.shape[2]);
  return withGradient<Tensor3D>(
    tensors,
    () => {
      const [y] = overSlices([bias, ...tensors], 0, step, (slices) => {
        const [q, k, v, own] = toBlocks(slices as Inputs, blocks);
        const attended = tf.matMul<Tensor3D>(attentionWeights(q, k, own, band, scale), v);
        return { joined: [toTokens(attended, blocks, length)] };
      }) as [Tensor3D];
      return { value: y, saved: [y, bias, band, ...tensors] };
    },
    (dy, [y, keptBias, keptBand, ...kept]) =>
      overSlices([dy, y, keptBias, ...kept] as Tensor3D[], 0, step, ([dySlice, ySlice, ...slices]) => {
        const [q, k, v, own] = toBlocks(slices as Inputs, blocks);
        const [yBlocks, dyBlocks] = [ySlice, dySlice].map((x) => cutQueries(x as Tensor3D, blocks)) as Pair;
        const { joined, summed } = sliceGradient(
          [q, yBlocks, dyBlocks],
          [k, v, own],
          keptBand as Tensor3D,
          scale,
        );
        const [dq, dk, dv] = [...joined, ...(summed ?? [])] as [Tensor3D, Tensor3D, Tensor3D];
        return { joined: fromBlocks(dq, dk, dv, slices as Inputs, blocks) };
      }),
  );
}

type Pair = [Tensor3D, Tensor3D];
/** Of a slice: the bias of each block's keys, query, key, value, and key and value that are shared, if any. */
type Inputs = [Tensor3D, Tensor3D, Tensor3D, Tensor3D, Tensor3D?, Tensor3D?];

/** What blocks attend with: [rows * count, queries, d], twice [rows * count, keys, d], and [rows * count, keys, 1]. */
function toBlocks([bias, query, key, value, sharedKey, sharedValue]: Inputs, blocks: Blocks) {
  return [
    cutQueries(query, blocks),
    withShared(cutWindows(key, blocks), sharedKey, blocks),
    withShared(cutWindows(value, blocks), sharedValue, blocks),
    tf.reshape(bias, [bias.shape[0] * blocks.count, bias.shape[2], 1]),
  ] as [Tensor3D, Tensor3D, Tensor3D, Tensor3D];
}

/** The gradients of query, key, value and, where there are, of the shared key and value. */
function fromBlocks(dq: Tensor3D, dk: Tensor3D, dv: Tensor3D, inputs: Inputs, blocks: Blocks): Tensor3D[] {
  const [, query, key, , sharedKey] = inputs;
  const atHand = keysAtHand(blocks);
  const windowed = [dk, dv].map((x) => addWindows(sliceKeys(x, 0, atHand), blocks, key.shape[1]));
  const own = [toTokens(dq, blocks, query.shape[1]), ...windowed];
  if (sharedKey === undefined) return own;
  const [rows, shared, size] = sharedKey.shape;
  const ones: Tensor = tf.ones([rows, 1, blocks.count]);
  const common = [dk, dv].map((x) => {
    const copies = tf.reshape(sliceKeys(x, atHand, shared), [rows, blocks.count, shared * size]);
    return tf.reshape<tf.Rank.R3>(tf.matMul(ones, copies), [rows, shared, size]);
  });
  return [...own, ...common];
}

const sliceKeys = (x: Tensor3D, start: number, taken: number): Tensor3D =>
  start === 0 && taken === x.shape[1] ? x : tf.slice(x, [0, start, 0], [-1, taken, -1]);

/** [rows, N, d] -> [rows * count, queries, d], zeros behind the last token. */
const cutQueries = (x: Tensor3D, { count, queries }: Blocks): Tensor3D =>
  cutWindows(x, { count, queries, own: queries, before: 0, after: 0 });

/** The inverse of `cutQueries`. */
const toTokens = (x: Tensor3D, { count, queries }: Blocks, length: number): Tensor3D =>
  addWindows(x, { count, queries, own: queries, before: 0, after: 0 }, length);

/** The keys of each block followed by the shared ones. */
function withShared(windows: Tensor3D, shared: Tensor3D | undefined, { count }: Blocks): Tensor3D {
  if (shared === undefined) return windows;
  const [rows, keys, size] = shared.shape;
  const copies = tf.tile(tf.reshape(shared, [rows, 1, keys * size]), [1, count, 1]);
  return tf.concat([windows, tf.reshape<tf.Rank.R3>(copies, [rows * count, keys, size])], 1);
}

/** 0 for open keys, else -1e30, of each block and the same for all heads: [rows, count, keys]. */
function biasOfBlocks(open: Tensor2D, sharedOpen: Tensor2D | null, blocks: Blocks, rows: number): Tensor3D {
  const asKeys = (x: Tensor2D): Tensor3D => tf.reshape(x, [...x.shape, 1]);
  const windows = cutWindows(asKeys(open), blocks);
  const all = withShared(windows, sharedOpen === null ? undefined : asKeys(sharedOpen), blocks);
  const batch = open.shape[0];
  const bias = tf.mul(tf.sub(1, all), never);
  const tiled = tf.tile(tf.reshape(bias, [batch, 1, -1]), [1, rows / batch, 1]);
  return tf.reshape(tiled, [rows, blocks.count, all.shape[1]]);
}

/** Of one sequence; @param shared - number of shared keys */
export function windowAttentionCost({ length, hidden, heads }: Sizes, window: Window, shared: number): Cost {
  const blocks = layOut(length, window);
  const queries = blocks.count * blocks.queries;
  return attentionCost(queries, keysAtHand(blocks) + shared, hidden, heads);
}
