/** Attention in plain loops and float64, pair by pair: what the mechanisms that avoid pairs are compared with. */
import * as tf from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { Architecture } from '../../architectures/contract.js';
import { createSubject, maskOf, randomTokens } from '../../harness/conformance/subject.js';
import { at, times, weightsOf } from './plain-loops.js';
import type { Matrix } from './plain-loops.js';

/** The dense layers of a model by name. */
export type Dense = (x: Matrix, name: string) => Matrix;

/** Per head: the values' mean under softmax(q . k / sqrt(d)) over the keys that a query sees; NaN where it sees none. */
export function plainAttention(
  query: Matrix,
  key: Matrix,
  value: Matrix,
  heads: number,
  sees: (query: number, key: number) => boolean,
): Matrix {
  const size = (query[0]?.length ?? 0) / heads;
  return query.map((q, i) =>
    q.map((_, feature) => {
      const start = Math.floor(feature / size) * size;
      const score = (k: number[]) =>
        q.slice(start, start + size).reduce((sum, x, f) => sum + x * (k[start + f] ?? NaN), 0) /
        Math.sqrt(size);
      const weights = key.map((k, j) => (sees(i, j) ? Math.exp(score(k)) : 0));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return value.reduce((sum, v, j) => sum + ((weights[j] ?? NaN) / total) * (v[feature] ?? NaN), 0);
    }),
  );
}

/** An architecture with other options in the place of its defaults. */
export function withOptions<Options extends z.ZodObject>(
  architecture: Architecture<Options>,
  given: Readonly<Record<string, unknown>>,
): Architecture {
  const chosen = architecture.options.parse(given);
  return {
    ...(architecture as unknown as Architecture),
    cost: (sizes) => architecture.cost(sizes, chosen),
    create: (scope, sizes) => architecture.create(scope, sizes, chosen),
  };
}

/** A text of `real` random tokens and then padding, and what the mixer makes of it: [real + padding, D] each. */
export function mixOne(
  architecture: Architecture,
  { real, padding, hidden, heads }: { real: number; padding: number; hidden: number; heads: number },
): { x: Matrix; y: Matrix; dense: Dense } {
  const sizes = { length: real + padding, hidden, heads };
  const subject = createSubject(architecture, sizes, 1, 0.5);
  tf.engine().startScope();
  try {
    const tokens = randomTokens(1, sizes);
    const y = subject.mix(tokens, maskOf([real], sizes.length)).arraySync();
    const weights = weightsOf(subject.parameters);
    const names = [...subject.parameters.keys()].filter((name) => name.endsWith('.kernel'));
    const layers = new Map(
      names.map((name) => [
        name,
        { kernel: weights.matrix(name), bias: weights.vector(name.replace(/kernel$/, 'bias')) },
      ]),
    );
    const dense: Dense = (x, name) => {
      const layer = layers.get(`${name}.kernel`);
      if (layer === undefined) throw new Error(`no dense layer ${name}`);
      return times(x, layer.kernel, layer.bias);
    };
    return { x: at(tokens.arraySync(), 0), y: at(y, 0), dense };
  } finally {
    tf.engine().endScope();
    subject.dispose();
  }
}

/** The largest difference of two matrices; infinite where their shapes differ or one has NaN. */
export function distance(a: Matrix, b: Matrix): number {
  if (a.length !== b.length) return Infinity;
  const differences = a.flatMap((row, i) => row.map((value, j) => Math.abs(value - (b[i]?.[j] ?? NaN))));
  return differences.reduce(
    (most, value) => (value <= most ? most : Number.isNaN(value) ? Infinity : value),
    0,
  );
}
