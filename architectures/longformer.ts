/**
 * Longformer: every token attends to a window round it and to a few global tokens; those attend to all.
 *
 *     y_i = softmax over { j : |i - j| <= w, or j global } of (q_i . k_j / sqrt(d)) . v_j        i not global
 *     y_i = softmax over all j of (q^g_i . k^g_j / sqrt(d)) . v^g_j                              i global
 *
 * all per head; q^g, k^g and v^g have their own projections. Beltagy, Peters and Cohan, section 3.1.
 */
import { z } from 'zod';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Architecture, Given } from './contract.js';
import { addCosts, attentionCost, denseCost } from './layers/cost.js';
import { firstTokens, markedTokens, maskTokens, otherTokens, placeGlobal } from './layers/global-tokens.js';
import type { GlobalTokens } from './layers/global-tokens.js';
import { mergeHeads, splitHeads } from './layers/heads.js';
import { biasOfKeys } from './layers/masks.js';
import { sliceAxis } from './layers/slices.js';
import { softmaxAttention } from './layers/softmax-attention.js';
import { windowAttention, windowAttentionCost } from './layers/window-attention.js';
import type { Keys } from './layers/window-attention.js';
import type { Window } from './layers/windows.js';
import type { Scope } from './scope.js';

const options = z.strictObject({
  window: z
    .number()
    .int()
    .min(2)
    .max(4096)
    .multipleOf(2)
    .default(16)
    .describe('tokens of the window, both sides together and without the token itself: even'),
  globalTokens: z
    .number()
    .int()
    .min(0)
    .max(512)
    .default(16)
    .describe('how many tokens at the start of a text are global'),
  outputProjection: z.boolean().default(true).describe('a dense layer after the heads are joined'),
});

export const longformer = {
  name: 'longformer',
  title: 'Longformer',
  citation: {
    authors: 'Beltagy, Peters and Cohan',
    title: 'Longformer: The Long-Document Transformer',
    year: 2020,
    url: 'https://arxiv.org/abs/2004.05150',
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
    'global tokens are the first of a text, as many as the Fastformer paper gives; the paper chooses them by task',
    'no dilated windows: the paper has them in character models only',
    'one window for all layers; the paper widens it from layer to layer in character models',
    'projections start from N(0, 0.02); the paper copies the global ones from the others of a trained model',
    'no dropout on the attention weights: the same dropout places for every architecture',
  ],

  cost(sizes, { window, globalTokens, outputProjection }) {
    const { length, hidden, heads } = sizes;
    const candidates = Math.min(globalTokens, length);
    const projection = (rows: number, count: number) => denseCost(rows, hidden, hidden, count);
    const local = windowAttentionCost(sizes, windowOf(window), candidates);
    const global = [projection(candidates, 1), projection(length, 2)];
    return addCosts(
      projection(length, outputProjection ? 4 : 3),
      local,
      ...(globalTokens === 0 ? [] : [...global, attentionCost(candidates, length, hidden, heads)]),
    );
  },

  create(scope, { hidden, heads }, { window, globalTokens, outputProjection }) {
    const project = projections(scope, '', hidden, heads);
    const attendGlobally = globalTokens > 0 ? createGlobalAttention(scope, hidden, heads) : null;
    const output = outputProjection ? scope.dense('output', hidden, hidden) : null;

    return (x, { mask, given }) => {
      const tokens = attendGlobally === null ? null : globalTokensOf(mask, given, globalTokens);
      const key = project.key(x); // [B * H, N, d]
      const value = project.value(x);
      const near: Keys = { key, value, open: tokens === null ? mask : otherTokens(mask, tokens) };
      const shared = tokens === null ? null : sharedKeys(key, value, tokens);
      const local = windowAttention(project.query(x), near, shared, windowOf(window));
      const merged = mergeHeads(local, heads); // [B, N, D]
      const mixed =
        attendGlobally === null || tokens === null
          ? maskTokens(merged, mask)
          : placeGlobal(attendGlobally(x, mask, tokens), merged, mask, tokens);
      return output === null ? mixed : output(mixed);
    };
  },
} satisfies Architecture<typeof options>;

const windowOf = (window: number): Window => ({ reach: window / 2, kernel: 1, stride: 1 });

const globalTokensOf = (mask: Tensor2D, given: Given | undefined, count: number): GlobalTokens => {
  const marks = given?.['global_mask'];
  return marks === undefined ? firstTokens(mask, count) : markedTokens(mask, marks);
};

/** The candidates' ordinary keys and values, seen by every token. */
const sharedKeys = (key: Tensor3D, value: Tensor3D, { candidates, chosen }: GlobalTokens): Keys => ({
  key: sliceAxis(key, 1, 0, candidates),
  value: sliceAxis(value, 1, 0, candidates),
  open: chosen,
});

/** Dense layers `query`, `key` and `value` with the heads apart: [B, N, D] -> [B * H, N, d]. */
function projections(scope: Scope, suffix: string, hidden: number, heads: number) {
  const headed = (name: string) => {
    const dense = scope.dense(`${name}${suffix}`, hidden, hidden);
    return (x: Tensor3D): Tensor3D => splitHeads(dense(x), heads);
  };
  return { query: headed('query'), key: headed('key'), value: headed('value') };
}

/** What the candidates would be as global tokens: they attend to all real tokens, [B, m, D]. */
function createGlobalAttention(scope: Scope, hidden: number, heads: number) {
  const project = projections(scope, '_global', hidden, heads);
  return (x: Tensor3D, mask: Tensor2D, { candidates }: GlobalTokens): Tensor3D => {
    const query = project.query(sliceAxis(x, 1, 0, candidates));
    const context = softmaxAttention(query, project.key(x), project.value(x), biasOfKeys(mask, heads));
    return mergeHeads(context, heads);
  };
}
