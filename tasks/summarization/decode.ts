/** Summaries of a batch of documents: the encoder once, then beam search over the decoder's steps. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { type Advance, beamSearch, type Decoding } from './beam-search.js';
import type { Named } from './model.js';

/** The model's two steps, compiled or as they are. */
export interface DecodeSteps {
  /** `source` to what every step reads. The caller disposes inputs and outputs, as below. */
  encode(inputs: { readonly source: Tensor2D }): Named;
  step(inputs: Named): Named;
  emptyCache(rows: number): Named;
}

export interface Documents {
  readonly size: number;
  readonly sourceLength: number;
  /** int32, padded with 0, [size, sourceLength] */
  readonly source: Int32Array;
}

/** @returns of each document the ids of its summary, without start and end */
export async function decode(
  steps: DecodeSteps,
  documents: Documents,
  decoding: Decoding,
  longestTarget: number,
): Promise<number[][]> {
  const { size, sourceLength, source } = documents;
  const rows = size * decoding.beams;
  const ids = tf.tensor2d(source, [size, sourceLength], 'int32');
  const memory = steps.encode({ source: ids });
  ids.dispose();
  let cache = steps.emptyCache(rows);
  const advance: Advance = async (last, parents, place) => {
    const given = {
      ids: tf.tensor2d(last, [rows, 1], 'int32'),
      parents: tf.tensor2d(parents, [rows, 1], 'int32'),
      place: tf.tensor1d(Float32Array.from({ length: longestTarget }, (_, at) => (at === place ? 1 : 0))),
    };
    const { scores, gate, pointer, ...next } = steps.step({ ...given, ...memory, ...cache });
    tf.dispose([given, cache]);
    cache = next;
    const likely = (await (scores as Tensor2D).data<'float32'>()).slice();
    if (gate !== undefined && pointer !== undefined)
      mixPointer(likely, await gate.data<'float32'>(), await pointer.data<'float32'>(), documents, rows);
    tf.dispose([scores, gate, pointer].filter((each) => each !== undefined));
    return likely;
  };
  const summaries = await beamSearch(
    size,
    { ...decoding, maxLength: Math.min(decoding.maxLength, longestTarget) },
    advance,
  );
  tf.dispose([memory, cache]);
  return summaries;
}

/** `likely` becomes log(gate P_vocabulary + (1 - gate) pointer), for each row of [rows, vocabulary]. */
function mixPointer(
  likely: Float32Array,
  gate: Float32Array,
  pointer: Float32Array,
  { size, sourceLength, source }: Documents,
  rows: number,
): void {
  const vocabulary = likely.length / rows;
  for (let row = 0; row < rows; row++) {
    const document = Math.floor(row / (rows / size)) * sourceLength;
    const share = gate[row] as number;
    const copied = new Map<number, number>();
    for (let place = 0; place < sourceLength; place++) {
      const id = source[document + place] as number;
      if (id !== 0) copied.set(id, (copied.get(id) ?? 0) + (pointer[row * sourceLength + place] as number));
    }
    const own = likely.subarray(row * vocabulary, (row + 1) * vocabulary);
    const logShare = Math.log(share);
    for (let id = 0; id < vocabulary; id++) own[id] = (own[id] as number) + logShare;
    for (const [id, weight] of copied) own[id] = Math.log(Math.exp(own[id] as number) + (1 - share) * weight);
  }
}
