/**
 * Big Bird: sparse attention of blocks. A block of queries sees the global blocks, its neighbours and a few random ones.
 *
 *     head_h = softmax(Q_h K_h(i)^T / sqrt(d)) V_h(i),   y = concat(head_1 .. head_H) W_O
 *
 * where K_h(i) are the keys that block i sees: of blocks 0, n - 1, i - 1, i, i + 1, and of r random blocks of head h.
 * Blocks 0 and n - 1 see everything. Zaheer et al., section 2 and appendix D.
 */
import { z } from 'zod';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture, Given, Sizes } from './contract.js';
import { addCosts, attentionCost, denseCost } from './layers/cost.js';
import { blockAttention } from './layers/block-attention.js';
import type { BlockLists } from './layers/block-attention.js';
import {
  chooseRandomBlocks,
  fewestSparseBlocks,
  fixedBias,
  fixedPlaces,
  randomPlaces,
} from './layers/block-lists.js';
import type { RandomBlocks } from './layers/block-lists.js';
import { maskTokens } from './layers/global-tokens.js';
import { mergeHeads, splitHeads } from './layers/heads.js';
import { biasOfKeys } from './layers/masks.js';
import { padTokens } from './layers/pad-tokens.js';
import { sliceAxis } from './layers/slices.js';
import { softmaxAttention } from './layers/softmax-attention.js';
import { uniform } from './random.js';
import type { Scope } from './scope.js';

const options = z.strictObject({
  blockSize: z.number().int().min(1).max(512).default(8).describe('tokens of a block'),
  randomBlocks: z
    .number()
    .int()
    .min(0)
    .max(16)
    .default(2)
    .describe('how many random blocks a block sees, beside the global ones and its neighbours'),
  outputProjection: z.boolean().default(true).describe('a dense layer W_O after the heads are joined'),
});

export const bigbird = {
  name: 'bigbird',
  title: 'BigBird',
  citation: {
    authors: 'Zaheer et al.',
    title: 'Big Bird: Transformers for Longer Sequences',
    year: 2020,
    url: 'https://arxiv.org/abs/2007.14062',
  },
  complexity: 'O(N·K·D)',
  options,
  supports: {
    causal: false,
    crossAttention: false,
    lengthBoundAtBuild: false,
    permutationEquivariant: false,
  },
  deviations: [
    'random blocks are drawn once, uniformly among all blocks that a block does not see anyway; public implementations draw them from the first tokens of a text only, and some of these count twice',
    'the same random blocks while training and afterwards; later versions of a public implementation put block 0 in their place outside training',
    'the last global block is the last of the padded batch, as in public implementations: a short text beside a long one has no global block at its end',
    'with fewer than five blocks every block sees every block, each once, which is what its lists say',
    'global tokens are blocks of the text itself (internal transformer construction), no extra tokens',
    'no dropout on the attention weights: the same dropout places for every architecture',
  ],

  cost({ length, hidden, heads }, { blockSize, randomBlocks, outputProjection }) {
    const blocks = Math.ceil(length / blockSize);
    const padded = blocks * blockSize;
    const inner = blocks - 2;
    const listed = (fixedPlaces + randomPlaces(blocks, randomBlocks)) * blockSize;
    return addCosts(
      denseCost(length, hidden, hidden, outputProjection ? 4 : 3),
      ...(blocks < fewestSparseBlocks
        ? [attentionCost(padded, padded, hidden, heads)]
        : [
            attentionCost(2 * blockSize, padded, hidden, heads),
            attentionCost(inner * blockSize, listed, hidden, heads),
          ]),
    );
  },

  create(scope, sizes, { blockSize, randomBlocks, outputProjection }) {
    const { hidden, heads } = sizes;
    const query = scope.dense('query', hidden, hidden);
    const key = scope.dense('key', hidden, hidden);
    const value = scope.dense('value', hidden, hidden);
    const output = outputProjection ? scope.dense('output', hidden, hidden) : null;
    const randomOf = createRandomBlocks(scope, sizes, blockSize, randomBlocks);

    return (x, { mask, given }) => {
      const length = x.shape[1];
      const blocks = Math.ceil(length / blockSize);
      const lists = listsOf(given, blocks, heads, randomOf);
      const padded = (tokens: Tensor3D): Tensor3D => splitHeads(padTokens(tokens, blocks * blockSize), heads); // [B * H, n * b, d]
      const [q, k, v] = [padded(query(x)), padded(key(x)), padded(value(x))];
      const bias = biasOfKeys(padTokens(mask, blocks * blockSize), heads);
      const context =
        lists === null ? softmaxAttention(q, k, v, bias) : blockAttention(q, k, v, bias, blockSize, lists);
      const merged = maskTokens(sliceAxis(mergeHeads(context, heads), 1, 0, length), mask);
      return output === null ? merged : output(merged);
    };
  },
} satisfies Architecture<typeof options>;

/** The random blocks of an input of n blocks. */
type RandomOf = (blocks: number) => RandomBlocks;

/** Drawn once for the longest input; shorter ones use the first of the same draws. */
function createRandomBlocks(scope: Scope, { length, heads }: Sizes, block: number, places: number): RandomOf {
  const rows = Math.max(1, Math.ceil(length / block) - 2);
  const drawn = scope.constant('random_blocks', [heads, rows, places], (random) =>
    Float32Array.from({ length: heads * rows * places }, () => uniform(random)),
  );
  const values = drawn.dataSync();
  const known = new Map<number, RandomBlocks>();
  return (blocks) => {
    const found = known.get(blocks) ?? chooseRandomBlocks({ values, heads, rows, places }, blocks);
    known.set(blocks, found);
    return found;
  };
}

/** Null where every block sees every block. */
function listsOf(
  given: Given | undefined,
  blocks: number,
  heads: number,
  randomOf: RandomOf,
): BlockLists | null {
  const fixed = given?.['rand_blocks'] as Tensor3D | undefined;
  if (blocks < (fixed === undefined ? fewestSparseBlocks : 3)) return null;
  const inner = blocks - 2;
  const { random, bias } =
    fixed === undefined ? drawnLists(randomOf(blocks), heads, inner) : givenLists(fixed);
  const places = tf.tile(tf.tensor2d(fixedBias(blocks), [inner, fixedPlaces]), [heads, 1]);
  return { random, bias: tf.concat([places, bias], 1) };
}

interface RandomPart {
  readonly random: Tensor3D;
  readonly bias: Tensor2D;
}

function drawnLists({ chosen, bias }: RandomBlocks, heads: number, inner: number): RandomPart {
  const places = chosen.length / (heads * inner);
  return {
    random: tf.tensor3d(chosen, [heads, inner, places], 'int32'),
    bias: tf.tensor2d(bias, [heads * inner, places]),
  };
}

/** What is listed twice counts twice, as in the implementation that the lists are from. */
function givenLists(random: Tensor3D): RandomPart {
  const [heads, inner, places] = random.shape;
  return { random, bias: tf.zeros([heads * inner, places]) };
}
