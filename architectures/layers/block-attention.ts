/**
 * Attention of blocks of queries to lists of blocks of keys (Big Bird; the lists are in block-lists.ts).
 *
 * The first and the last block attend to all keys. For the inner blocks the listed blocks of keys are put side by side,
 * so that all of them are one batch of small dense attentions:
 *
 *     [rows, n, b, d] -> [rows * (n - 2), (5 + r) b, d]
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { fixedPlaces } from './block-lists.js';
import { withGradient } from './custom-gradient.js';
import { addToRows, takeRows } from './select-rows.js';
import { softmaxAttention } from './softmax-attention.js';

/** The lists of one input's inner blocks, for each head. */
export interface BlockLists {
  /** Random blocks, int32 [heads, n - 2, r]. */
  readonly random: Tensor3D;
  /** Added to the scores of each place, [heads * (n - 2), 5 + r]. */
  readonly bias: Tensor2D;
}

/**
 * @param query - [rows, N, d], a row is one head of one sequence, heads of a sequence beside each other; N a multiple of
 *   the block
 * @param key - [rows, N, d]
 * @param value - [rows, N, d]
 * @param keyBias - added to the scores of each key, [rows, N, 1]; a constant
 * @param block - tokens a block; at least three blocks
 * @returns [rows, N, d]
 */
export function blockAttention(
  query: Tensor3D,
  key: Tensor3D,
  value: Tensor3D,
  keyBias: Tensor3D,
  block: number,
  lists: BlockLists,
): Tensor3D {
  const [rows, length, size] = query.shape;
  const innerLength = length - 2 * block;
  const part = (x: Tensor3D, start: number, count: number): Tensor3D =>
    tf.slice(x, [0, start, 0], [rows, count, size]);
  const edges = tf.concat([part(query, 0, block), part(query, length - block, block)], 1);
  const ofEdges = softmaxAttention(edges, key, value, keyBias);
  const index = randomIndex(lists.random, rows, length / block);
  const ofInner = softmaxAttention(
    tf.reshape(part(query, block, innerLength), [innerLength * (rows / block), block, size]),
    listedBlocks(key, block, index),
    listedBlocks(value, block, index),
    addListBias(listedBlocks(keyBias, block, index), lists.bias),
  );
  return tf.concat(
    [part(ofEdges, 0, block), tf.reshape(ofInner, [rows, innerLength, size]), part(ofEdges, block, block)],
    1,
  );
}

/** The rows, among all blocks of all heads and sequences, of the random blocks: int32 [rows * (n - 2) * r, 1]. */
function randomIndex(random: Tensor3D, rows: number, blocks: number): Tensor2D {
  const [heads] = random.shape;
  const start = Int32Array.from({ length: rows }, (_, row) => row * blocks);
  const shifted = tf.add(
    tf.reshape(random, [1, heads, random.size / heads]),
    tf.tensor3d(start, [rows / heads, heads, 1], 'int32'),
  );
  return tf.reshape(shifted, [-1, 1]);
}

/** Adds a number to each listed block: x of [rows * (n - 2), (5 + r) b, 1], bias of [heads * (n - 2), 5 + r]. */
function addListBias(x: Tensor3D, bias: Tensor2D): Tensor3D {
  const [lists, places] = bias.shape;
  const perPlace = tf.reshape(x, [-1, lists * places, x.size / ((x.shape[0] / lists) * lists * places)]);
  return tf.reshape(tf.add(perPlace, tf.reshape(bias, [1, lists * places, 1])), x.shape);
}

/**
 * The listed blocks of each inner block side by side, first block, last block, the three of the window, random ones.
 *
 * @param x - [rows, N, width]
 * @param index - of the random blocks, [rows * (n - 2) * r, 1]
 * @returns [rows * (n - 2), (5 + r) * block, width]
 */
function listedBlocks(x: Tensor3D, block: number, index: Tensor2D): Tensor3D {
  const [rows, length, width] = x.shape;
  const [blocks, numbers] = [length / block, block * width];
  const inner = blocks - 2;
  const places = fixedPlaces + index.shape[0] / (rows * inner);
  const shape: Shape = { rows, blocks, numbers, places };
  return withGradient<Tensor3D>(
    [x],
    () => {
      const listed = list(tf.reshape(x, [rows, blocks, numbers]), index, shape);
      return { value: tf.reshape(listed, [rows * inner, places * block, width]), saved: [index] };
    },
    (dy, saved) => {
      const listed = tf.reshape<tf.Rank.R3>(dy, [rows, inner, places * numbers]);
      return [tf.reshape(listAdjoint(listed, saved[0] as Tensor2D, shape), x.shape)];
    },
  );
}

interface Shape {
  readonly rows: number;
  readonly blocks: number;
  /** Of a block. */
  readonly numbers: number;
  /** Of a list. */
  readonly places: number;
}

/** [rows, n, numbers] -> [rows, n - 2, places * numbers] */
function list(x: Tensor3D, index: Tensor2D, { rows, blocks, numbers, places }: Shape): Tensor3D {
  const inner = blocks - 2;
  const from = (start: number, count: number) => tf.slice(x, [0, start, 0], [rows, count, numbers]);
  const parts: Tensor[] = [
    tf.tile(from(0, 1), [1, inner, 1]),
    tf.tile(from(blocks - 1, 1), [1, inner, 1]),
    from(0, inner),
    from(1, inner),
    from(2, inner),
  ];
  if (places > fixedPlaces) {
    const random = takeRows(tf.reshape(x, [rows * blocks, numbers]), index);
    parts.push(tf.reshape(random, [rows, inner, (places - fixedPlaces) * numbers]));
  }
  return tf.concat(parts, 2) as Tensor3D;
}

/** [rows, n - 2, places * numbers] -> [rows, n, numbers]: each block's sum over the places where it was listed. */
function listAdjoint(dy: Tensor3D, index: Tensor2D, { rows, blocks, numbers, places }: Shape): Tensor3D {
  const inner = blocks - 2;
  const at = (place: number, count = 1): Tensor3D =>
    tf.slice(dy, [0, 0, place * numbers], [rows, inner, count * numbers]);
  const ones = tf.ones<tf.Rank.R3>([rows, 1, inner]);
  const globals = tf.matMul<Tensor3D>(ones, at(0, 2)); // [rows, 1, 2 * numbers]
  const global = (which: number) => tf.slice(globals, [0, 0, which * numbers], [rows, 1, numbers]);
  const moved = [0, 1, 2].map((start) =>
    tf.pad(at(2 + start), [
      [0, 0],
      [start, 2 - start],
      [0, 0],
    ]),
  );
  const parts: Tensor[] = [tf.concat([global(0), tf.zeros([rows, inner, numbers]), global(1)], 1), ...moved];
  if (places > fixedPlaces) {
    const random = tf.reshape(at(fixedPlaces, places - fixedPlaces), [index.shape[0], numbers]);
    parts.push(tf.reshape(addToRows(random as Tensor2D, index, rows * blocks), [rows, blocks, numbers]));
  }
  return tf.addN(parts) as Tensor3D;
}
