/** Predictions beside exact counts of the same steps, on the backend that is everywhere. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../architectures/contract.js';
import { architectures } from '../../architectures/index.js';
import type { BackendInfo } from '../../harness/backends/index.js';
import type { SpeedCell } from '../../harness/cell.js';
import { predictMemory } from '../../harness/memory-model.js';
import { runSpeed } from '../../harness/speed.js';
import { useBackend } from '../support/backend.js';
import { speedCell } from './cells.js';

const architectureOf = (name: string): Architecture => {
  const found = architectures.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no architecture ${name}`);
  return found;
};

/** As wide as in the paper: beside less, the constants of a mixer weigh more. */
const cellOf = (name: string, change: Partial<SpeedCell> & { length: number }): SpeedCell => {
  const { length, ...rest } = change;
  return {
    ...speedCell,
    architecture: name,
    encoder: {
      ...speedCell.encoder,
      ...{ length, hidden: 256, heads: 16, feedForward: 256, dropout: 0, layers: 1 },
    },
    ...rest,
  };
};

const textbook = { attention: 'textbook' };

describe('predicted tensor bytes', () => {
  const info = useBackend('wasm');

  it.each<[string, Partial<SpeedCell>]>([
    ['transformer', {}],
    ['transformer', { options: textbook }],
    ['fastformer', {}],
    ['linformer', {}],
    ['linear', {}],
    ['longformer', {}],
    ['performer', {}],
    ['none', {}],
  ])('are within a factor of 1.5 of what is counted: %s %o', async (name, change) => {
    const architecture = architectureOf(name);
    for (const [mode, length, batch] of [
      ['training', 64, 4],
      ['inference', 256, 1],
    ] as const) {
      const once = { warmup: 1, samples: 1, largestUnder: 1e9 };
      const cell = cellOf(name, { length, batch, mode, ...once, ...change });
      const before = tf.memory().numBytes;
      const outcome = await runSpeed(cell, architecture, info as BackendInfo, () => undefined);
      const counted = (outcome.memory.peakTensorBytes ?? NaN) - before;
      const ratio = (predictMemory(cell, architecture)?.tensorBytes ?? NaN) / counted;
      expect(ratio, mode).toBeGreaterThan(1 / 1.5);
      expect(ratio, mode).toBeLessThan(1.5);
    }
  });
});

describe('the memory model', () => {
  const predicted = (name: string, change: Partial<SpeedCell> & { length: number }): number =>
    predictMemory(cellOf(name, change), architectureOf(name))?.residentBytes ?? NaN;
  /** The paper's 65,536 tokens a step. */
  const at = (name: string, length: number, options = {}) =>
    predicted(name, { length, batch: 65_536 / length, options, backend: 'tensorflow' });

  it('grows with the square of the length for the textbook attention alone', () => {
    expect(at('transformer', 65_536, textbook) / at('transformer', 16_384, textbook)).toBeGreaterThan(3.5);
    expect(at('transformer', 65_536, textbook)).toBeGreaterThan(5e11);
    for (const name of ['transformer', 'fastformer', 'linformer', 'longformer', 'bigbird'])
      expect(at(name, 65_536) / at(name, 512), name).toBeLessThan(1.5);
  });

  it('asks more for training than for inference, and less of a graph than op by op', () => {
    const sizes = { length: 512, batch: 16, backend: 'tensorflow' };
    const graph = predicted('fastformer', sizes);
    expect(graph).toBeGreaterThan(predicted('fastformer', { ...sizes, mode: 'inference' }));
    expect(graph).toBeLessThan(predicted('fastformer', { ...sizes, execution: 'eager' }));
  });

  it('never falls as the batch grows', () => {
    const batches = [1, 2, 3, 8, 64, 1_000];
    const values = batches.map((batch) => predicted('transformer', { length: 512, batch }));
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  it('says nothing of options that are none', () => {
    const cell = cellOf('transformer', { length: 64, options: { attention: 'none' } });
    expect(predictMemory(cell, architectureOf('transformer'))).toBeNull();
  });
});
