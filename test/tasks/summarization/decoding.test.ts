/** The decoder a token at a time equals the decoder at once, and batched cached beam search a plain uncached one. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CausalAttentionName, causalAttentionNames } from '../../../architectures/causal/contract.js';
import { architectures } from '../../../architectures/index.js';
import { createParameters } from '../../../architectures/scope.js';
import { beamSearch, type Decoding } from '../../../tasks/summarization/beam-search.js';
import { decode } from '../../../tasks/summarization/decode.js';
import { createSummarizer, type Summarizer } from '../../../tasks/summarization/model.js';
import { endId, startId } from '../../../tasks/summarization/subwords.js';
import { useBackend } from '../../support/backend.js';

useBackend('wasm');

const vocabulary = 9;
const longest = 5;

interface Setting {
  readonly seed: number;
  readonly architecture: 'transformer' | 'fastformer' | 'none';
  readonly attention: CausalAttentionName;
  readonly copy: boolean;
  readonly norm: 'pre' | 'post';
  readonly layers: number;
  readonly documents: readonly (readonly number[])[];
  readonly decoding: Decoding;
}

const settings: fc.Arbitrary<Setting> = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  architecture: fc.constantFrom('transformer', 'fastformer', 'none'),
  attention: fc.constantFrom(...causalAttentionNames),
  copy: fc.boolean(),
  norm: fc.constantFrom('pre', 'post'),
  layers: fc.integer({ min: 1, max: 2 }),
  documents: fc.array(fc.array(fc.integer({ min: 1, max: vocabulary - 1 }), { minLength: 0, maxLength: 5 }), {
    minLength: 1,
    maxLength: 2,
  }),
  decoding: fc.record({
    beams: fc.integer({ min: 1, max: 3 }),
    lengthPenalty: fc.constantFrom(0, 0.8, 2),
    minLength: fc.integer({ min: 0, max: 3 }),
    maxLength: fc.integer({ min: 1, max: longest }),
    blockTrigrams: fc.boolean(),
  }),
});

/** A model whose weights are large enough that it prefers one subword to another. */
function modelOf({ seed, architecture, attention, copy, norm, layers }: Setting) {
  const parameters = createParameters(seed);
  const found = architectures.find(({ name }) => name === architecture);
  if (found === undefined) throw new Error(`no architecture ${architecture}`);
  const shell = { heads: 2, hidden: 4, feedForward: 6, dropout: 0, positions: true, shareLayers: false };
  const model = createSummarizer(parameters.scope, found, found.options.parse({}), {
    encoder: { ...shell, norm, length: 5, layers: 1 },
    decoder: { layers, length: longest, attention },
    copy,
    vocabulary,
    labelSmoothing: 0.1,
  });
  for (const variable of parameters.variables.values())
    tf.tidy(() => {
      if (variable.shape.length > 1) variable.assign(tf.mul(variable, 30));
    });
  return { model, parameters };
}

const pad = (documents: readonly (readonly number[])[]) => {
  const length = Math.max(1, ...documents.map((each) => each.length));
  return {
    size: documents.length,
    sourceLength: length,
    source: Int32Array.from(
      documents.flatMap((each) => [...each, ...new Array<number>(length - each.length).fill(0)]),
    ),
  };
};

/** log P of all continuations of a prefix, by the model over whole targets. */
async function continuations(model: Summarizer, source: readonly number[], prefix: readonly number[]) {
  const width = prefix.length + 1;
  const rows = Array.from({ length: vocabulary }, (_, id) => id);
  const batch = {
    source: tf.tensor2d(
      rows.map(() => [...source]),
      undefined,
      'int32',
    ),
    before: tf.tensor2d(
      rows.map(() => [startId, ...prefix]),
      undefined,
      'int32',
    ),
    target: tf.tensor2d(
      rows.map((id) => [...prefix, id]),
      undefined,
      'int32',
    ),
  };
  const out = tf.tidy(() => model.logLikelihood(batch));
  const values = await out.data();
  tf.dispose([batch, out]);
  return rows.map((id) => values[id * width + width - 1] as number);
}

/** Beam search as its definition reads, one document, nothing kept between steps. */
async function plainSearch(
  model: Summarizer,
  source: readonly number[],
  decoding: Decoding,
): Promise<number[]> {
  const { beams, lengthPenalty, minLength, maxLength, blockTrigrams } = decoding;
  const penalty = (length: number) => ((5 + length) / 6) ** lengthPenalty;
  let live: { ids: number[]; score: number }[] = [{ ids: [], score: 0 }];
  const done: { ids: number[]; value: number }[] = [];
  for (let place = 0; place < maxLength && live.length > 0; place++) {
    const all: { ids: number[]; score: number }[] = [];
    for (const { ids, score } of live)
      for (const [id, likely] of (await continuations(model, source, ids)).entries()) {
        const next = [...ids, id];
        const grams = next.map((_, i) => next.slice(i, i + 3).join()).slice(0, Math.max(0, next.length - 2));
        if (id <= startId || (id === endId && ids.length < minLength)) continue;
        if (blockTrigrams && grams.slice(0, -1).includes(grams.at(-1) ?? '')) continue;
        all.push({ ids: next, score: score + likely });
      }
    const top = all.toSorted((a, b) => b.score - a.score).slice(0, 2 * beams);
    const next: typeof live = [];
    for (const [rank, each] of top.entries()) {
      if (each.ids.at(-1) !== endId) next.push(each);
      else if (rank < beams)
        done.push({ ids: each.ids.slice(0, -1), value: each.score / penalty(each.ids.length) });
      if (next.length === beams) break;
    }
    live = done.length >= beams ? [] : next;
  }
  const all = [...done, ...live.map(({ ids, score }) => ({ ids, value: score / penalty(ids.length) }))];
  return all.reduce((best, each) => (each.value > best.value ? each : best), {
    ids: [] as number[],
    value: -Infinity,
  }).ids;
}

describe('beam search', () => {
  test('batched and cached, it gives what a plain uncached one gives, for 200 random models', async () => {
    const before = tf.memory().numTensors;
    let [ended, long] = [0, 0];
    await fc.assert(
      fc.asyncProperty(settings, async (setting) => {
        const { model, parameters } = modelOf(setting);
        const steps = {
          encode: ({ source }: { source: tf.Tensor2D }) => tf.tidy(() => model.encode(source)),
          step: (inputs: Parameters<Summarizer['step']>[0]) => tf.tidy(() => model.step(inputs)),
          emptyCache: (rows: number) => model.emptyCache(rows),
        };
        const found = await decode(steps, pad(setting.documents), setting.decoding, longest);
        const blank = new Array<number>(pad(setting.documents).sourceLength).fill(0);
        const expected: number[][] = [];
        // A document of padding alone attends to its padding: there it must be as long as in the batch.
        for (const source of setting.documents)
          expected.push(await plainSearch(model, source.length > 0 ? source : blank, setting.decoding));
        parameters.dispose();
        expect(found).toEqual(expected);
        ended += found.filter((ids) => ids.length < setting.decoding.maxLength).length;
        long += found.filter((ids) => ids.length > 2).length;
      }),
      { numRuns: 200, seed: 7 },
    );
    // Neither summaries that end by themselves nor long ones are missing from what was compared.
    expect(ended).toBeGreaterThan(20);
    expect(long).toBeGreaterThan(50);
    expect(tf.memory().numTensors).toBe(before);
  }, 120_000);

  test('finds a summary that greedy search misses', async () => {
    // After the start 4 looks better than 5, but what follows 5 is certain.
    const table: Record<string, readonly number[]> = { '': [4, 5], 4: [6, 7], 5: [8] };
    const likely: Record<string, number> = { '4': 0.55, '5': 0.45, '4,6': 0.5, '4,7': 0.5, '5,8': 1 };
    const search = (beams: number) => {
      let rows: number[][] = Array.from({ length: beams }, () => []);
      return beamSearch(
        1,
        { beams, lengthPenalty: 0, minLength: 0, maxLength: 3, blockTrigrams: false },
        (ids, parents, place) => {
          rows = Array.from(ids, (id, row) =>
            place === 0 ? [] : [...(rows[parents[row] as number] ?? []), id],
          );
          const scores = new Float32Array(beams * 9).fill(-100);
          for (const [row, prefix] of rows.entries()) {
            for (const next of table[prefix.join()] ?? [])
              scores[row * 9 + next] = Math.log(likely[[...prefix, next].join()] ?? 0);
            if (prefix.length === 2) scores[row * 9 + endId] = 0;
          }
          return Promise.resolve(scores);
        },
      );
    };
    expect(await search(1)).toEqual([[4, 6]]);
    expect(await search(2)).toEqual([[5, 8]]);
  });
});
