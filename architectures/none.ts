/**
 * No mixer: each token keeps to itself, y = x W.
 *
 * The floor of every comparison ("attention removed"): what embeddings, feed-forward layers and pooling reach alone.
 */
import { z } from 'zod';
import type { Architecture } from './contract.js';
import { denseCost } from './layers/cost.js';

const options = z.strictObject({});

export const none = {
  name: 'none',
  title: 'No mixer',
  citation: {
    authors: 'Iyyer et al.',
    title: 'Deep Unordered Composition Rivals Syntactic Methods for Text Classification',
    year: 2015,
    url: 'https://aclanthology.org/P15-1162/',
  },
  complexity: 'O(N·D²)',
  options,
  supports: {
    causal: true,
    crossAttention: false,
    lengthBoundAtBuild: false,
    permutationEquivariant: true,
  },
  deviations: ['not a row of the paper: the shell with its mixer replaced by a dense layer on each token'],

  cost({ length, hidden }) {
    return denseCost(length, hidden, hidden);
  },

  create(scope, { hidden }) {
    const output = scope.dense('output', hidden, hidden);
    return (x) => output(x);
  },
} satisfies Architecture<typeof options>;
