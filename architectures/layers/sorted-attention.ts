/**
 * Attention within chunks of sorted tokens (Kitaev et al., arXiv 2001.04451, section 2, "LSH attention").
 *
 * In each round the tokens stand in an order of their own, cut in chunks of s; a chunk attends to itself and to the chunk
 * before it (sorted-chunks.ts). Queries and keys are the same vectors, the keys at length one:
 *
 *     S_ij = q_i . q_j / |q_j| / sqrt(d),   -50,000 for i = j
 *     y_i = sum over rounds r of softmax_r(L_i) Y_i,   with Y and L as in attention-with-log-sum.ts
 *
 * Sorted copies, pairs of chunks and scores exist for a slice of the sequences at a time, and are made again in the
 * backward pass: together they are some ten times the rounds as large as the tokens.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { attendWithLogSum, attendWithLogSumGradient } from './attention-with-log-sum.js';
import type { AttentionInputs } from './attention-with-log-sum.js';
import { combineRounds, combineRoundsGradient } from './combine-rounds.js';
import { withGradient } from './custom-gradient.js';
import { inversePlaces, takeTokens } from './select-rows.js';
import { overSlices, sliceAxis, sliceElements } from './slices.js';
import { softmaxAttention } from './softmax-attention.js';
import { chunkParts, ownChunkBias, placeBias, withPrevious, withPreviousAdjoint } from './sorted-chunks.js';
import type { ChunkPart } from './sorted-chunks.js';
import { unitLength } from './unit-length.js';

/**
 * @param vectors - queries and, at length one, keys: [rows, N, d]; N a multiple of the chunk, two chunks at least
 * @param value - [rows, N, d]
 * @param keyBias - added to the scores of each key, [rows, N, 1]; a constant
 * @param places - the order of each round: where its first, second, ... token stands, int32 [rows, rounds, N]
 * @param chunk - s
 * @param causal - a token sees none after it
 * @returns [rows, N, d]
 */
export function sortedAttention(
  vectors: Tensor3D,
  value: Tensor3D,
  keyBias: Tensor3D,
  places: Tensor3D,
  chunk: number,
  causal: boolean,
): Tensor3D {
  const [, rounds, length] = places.shape;
  const key = unitLength(vectors);
  const inverse = inversePlaces(places);
  const step = Math.max(1, Math.floor(sliceElements / (rounds * length * 2 * chunk)));
  return withGradient<Tensor3D>(
    [vectors, key, value],
    () => {
      const inputs = [vectors, key, value, keyBias, places, inverse];
      const [y, out] = overSlices(inputs, 0, step, (slices) => ({
        joined: forward(slices as Inputs, chunk, causal),
      })) as [Tensor3D, Tensor4D];
      return { value: y, saved: [...inputs, out] };
    },
    (dy, saved) =>
      overSlices([...saved, dy], 0, step, (slices) => {
        const [out, slope] = slices.slice(6) as [Tensor4D, Tensor3D];
        return { joined: backward(slices.slice(0, 6) as Inputs, out, slope, chunk, causal) };
      }),
  );
}

/** The same attention where all tokens fit in one chunk: every token to every other, once. */
export function unsortedAttention(
  vectors: Tensor3D,
  value: Tensor3D,
  keyBias: Tensor3D,
  causal: boolean,
): Tensor3D {
  const places = tf.reshape<tf.Rank.R3>(tf.range(0, vectors.shape[1], 1, 'int32'), [1, -1, 1]);
  const bias = placeBias(places, places, causal);
  return softmaxAttention(vectors, unitLength(vectors), value, keyBias, bias);
}

/** Vectors, keys, values, key bias, places and inverse places of some rows. */
type Inputs = [Tensor3D, Tensor3D, Tensor3D, Tensor3D, Tensor3D, Tensor3D];

/** y, [rows, N, d], and Y and L of each round, [rows, rounds, N, d + 1]. */
function forward(inputs: Inputs, chunk: number, causal: boolean): [Tensor3D, Tensor4D] {
  const [rows, rounds, length] = inputs[4].shape;
  const { parts, attention } = inChunks(inputs, chunk, causal);
  const attended = parts.map((part): Tensor => {
    const out = attendWithLogSum(attention(part));
    return tf.reshape(out, [rows * rounds, part.count, -1]);
  });
  const sorted = tf.reshape<tf.Rank.R3>(tf.concat(attended, 1), [rows * rounds, length, -1]);
  const unsorted = takeTokens(sorted, oneOrder(inputs[5]));
  const out = tf.reshape<tf.Rank.R4>(unsorted, [rows, rounds, length, sorted.shape[2]]);
  return [combineRounds(out), out];
}

/** The gradients of vectors as queries, of keys and of values, [rows, N, d] each. */
function backward(
  inputs: Inputs,
  out: Tensor4D,
  dy: Tensor3D,
  chunk: number,
  causal: boolean,
): [Tensor3D, Tensor3D, Tensor3D] {
  const [rows, rounds, length] = inputs[4].shape;
  const chunks = length / chunk;
  const { parts, attention, cut } = inChunks(inputs, chunk, causal);
  const sorted = (x: Tensor4D): Tensor3D =>
    takeTokens(tf.reshape(x, [rows * rounds, length, x.shape[3]]), oneOrder(inputs[4]));
  const [outs, slopes] = [sorted(out), sorted(combineRoundsGradient(out, dy))];
  const gradients = parts.map((part) =>
    attendWithLogSumGradient(attention(part), cut(outs, part), cut(slopes, part)),
  );
  const joined = (which: 0 | 1 | 2): Tensor =>
    tf.concat(
      parts.map((part, i) =>
        tf.reshape((gradients[i] as readonly Tensor[])[which] as Tensor, [rows * rounds, part.count, -1]),
      ),
      1,
    );
  const unpaired = (x: Tensor): Tensor =>
    withPreviousAdjoint(tf.reshape(x, [rows, rounds * chunks, x.size / (rows * rounds * chunks)]));
  const unsorted = (x: Tensor): Tensor3D => {
    const perRound = tf.reshape<tf.Rank.R3>(x, [rows * rounds, length, -1]);
    return sumOfRounds(takeTokens(perRound, oneOrder(inputs[5])), rounds);
  };
  return [unsorted(joined(0)), unsorted(unpaired(joined(1))), unsorted(unpaired(joined(2)))];
}

/** Orders of sequences as orders of rounds, which take a sequence each: [rows * rounds, 1, N]. */
const oneOrder = (places: Tensor3D): Tensor3D => {
  const [rows, rounds, length] = places.shape;
  return tf.reshape(places, [rows * rounds, 1, length]);
};

/** [rows * rounds, N, width] -> [rows, N, width]; a sum of slices is faster than `sum` over a middle axis. */
function sumOfRounds(x: Tensor3D, rounds: number): Tensor3D {
  const [all, length, width] = x.shape;
  const apart = tf.reshape<tf.Rank.R4>(x, [all / rounds, rounds, length, width]);
  const parts = Array.from({ length: rounds }, (_, r) => sliceAxis(apart, 1, r, 1));
  return tf.reshape(tf.addN(parts), [all / rounds, length, width]);
}

interface Chunks {
  readonly parts: readonly ChunkPart[];
  /** What the chunks of a part attend with. */
  readonly attention: (part: ChunkPart) => AttentionInputs;
  /** Sorted tokens, [rows * rounds, N, width], of the chunks of a part: [chunks, s, width]. */
  readonly cut: (x: Tensor3D, part: ChunkPart) => Tensor3D;
}

/** Sorts everything and cuts it in chunks. */
function inChunks([vectors, key, value, keyBias, places]: Inputs, chunk: number, causal: boolean): Chunks {
  const [rows, rounds, length] = places.shape;
  const chunks = length / chunk;
  const sorted = (x: Tensor3D): Tensor3D => takeTokens(x, places);
  const cutInto =
    (size: number) =>
    (x: Tensor3D, { start, count }: ChunkPart) => {
      const numbers = x.size / (rows * rounds * chunks);
      const taken = sliceAxis(tf.reshape(x, [rows * rounds, chunks, numbers]), 1, start, count);
      return tf.reshape<tf.Rank.R3>(taken, [rows * rounds * count, size, numbers / size]);
    };
  const [cut, cutPair] = [cutInto(chunk), cutInto(2 * chunk)];
  const pairs = (x: Tensor3D): Tensor3D =>
    withPrevious(tf.reshape(x, [rows, rounds * chunks, x.size / (rows * rounds * chunks)]));
  const ordered = tf.reshape<tf.Rank.R3>(places, [rows * rounds, length, 1]);
  const [queries, keys, values] = [sorted(vectors), pairs(sorted(key)), pairs(sorted(value))];
  const [biases, pairPlaces] = [pairs(sorted(keyBias)), pairs(ordered)];
  return {
    parts: chunkParts(rounds, chunks, causal),
    cut,
    attention: (part) => ({
      query: cut(queries, part),
      key: cutPair(keys, part),
      value: cutPair(values, part),
      keyBias: cutPair(biases, part),
      pairBias: part.compare
        ? placeBias(cut(ordered, part), cutPair(pairPlaces, part), causal)
        : ownChunkBias(chunk),
    }),
  };
}
