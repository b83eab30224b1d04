/**
 * Sorted tokens in chunks, of which each is to attend to itself and to the one before it (Kitaev et al., arXiv
 * 2001.04451, section 2).
 *
 * The chunks of all rounds of a sequence stand in one long list: the first of a round follows the last of the round
 * before, and the very first the very last.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { never } from './masks.js';
import { sliceAxis } from './slices.js';

/** A token attends to itself only where there is nothing else: its query and its key are one vector. */
const selfBias = -5e4;

/**
 * Each chunk, and behind it the one before.
 *
 * @param x - [rows, all chunks of a sequence, numbers of a chunk]
 * @returns [rows, chunks, 2 * numbers]
 */
export function withPrevious(x: Tensor3D): Tensor3D {
  const last = x.shape[1] - 1;
  return tf.concat([x, tf.concat([sliceAxis(x, 1, last, 1), sliceAxis(x, 1, 0, last)], 1)], 2);
}

/** The adjoint of `withPrevious`. */
export function withPreviousAdjoint(dy: Tensor3D): Tensor3D {
  const [last, numbers] = [dy.shape[1] - 1, dy.shape[2] / 2];
  const previous = sliceAxis(dy, 2, numbers, numbers);
  const moved = tf.concat([sliceAxis(previous, 1, 1, last), sliceAxis(previous, 1, 0, 1)], 1);
  return tf.add(sliceAxis(dy, 2, 0, numbers), moved);
}

/** Some chunks of each round, and how it is known which keys are the query's own token. */
export interface ChunkPart {
  readonly start: number;
  readonly count: number;
  /** By comparing places; else by the place within the chunk, where no token stands in both chunks. */
  readonly compare: boolean;
}

/**
 * A token stands in both chunks only where these are of two rounds: at the first chunk of each round.
 *
 * @param chunks - of one round, at least two
 */
export function chunkParts(rounds: number, chunks: number, causal: boolean): readonly ChunkPart[] {
  if (causal || rounds === 1) return [{ start: 0, count: chunks, compare: causal }];
  return [
    { start: 0, count: 1, compare: true },
    { start: 1, count: chunks - 1, compare: false },
  ];
}

/**
 * What is added to the score of a query and a key at these places: the query's own token comes last, and with `causal`
 * no later token comes at all.
 *
 * @param queries - int32 [k, n, 1]
 * @param keys - int32 [k, m, 1]
 * @returns [k, n, m]
 */
export function placeBias(queries: Tensor3D, keys: Tensor3D, causal: boolean): Tensor3D {
  const across = tf.reshape(keys, [keys.shape[0], 1, keys.shape[1]]);
  const self = tf.mul<Tensor3D>(tf.cast(tf.equal(queries, across), 'float32'), selfBias);
  return causal ? tf.add(self, tf.mul(tf.cast(tf.greater(across, queries), 'float32'), never)) : self;
}

/** The same where no token stands twice: [1, chunk, 2 * chunk]. */
export function ownChunkBias(chunk: number): Tensor3D {
  const values = new Float32Array(chunk * 2 * chunk);
  for (let i = 0; i < chunk; i++) values[i * 2 * chunk + i] = selfBias;
  return tf.tensor3d(values, [1, chunk, 2 * chunk]);
}
