import { describe, expect, test } from 'vitest';
import { bestOf, drawTrials, flagsOf, validationAccuracy } from '../../cli/search-space.js';
import type { RunRecord } from '../../harness/record.js';
import { presets } from '../../reports/paper/presets.js';
import { accuracyRecord, trainedCell } from '../support/records.js';

const { accuracy } = presets.quick;

describe('the trials of a search', () => {
  const trials = drawTrials(200, 1, accuracy);

  test('start with the preset, and are as many as the budget', () => {
    const { dropout, hidden, feedForward } = accuracy.encoder;
    const preset = { encoder: { dropout, hidden, feedForward }, training: { learningRate: 1e-3 } };
    expect(trials).toHaveLength(200);
    expect(trials[0]).toEqual(preset);
    expect(drawTrials(1, 1, accuracy)).toEqual([preset]);
  });

  test('are the same for one seed, a longer search continuing a shorter; others for another', () => {
    expect(drawTrials(5, 1, accuracy)).toEqual(trials.slice(0, 5));
    expect(drawTrials(5, 2, accuracy)).not.toEqual(trials.slice(0, 5));
  });

  test('stay in the space and fill it', () => {
    const rates = trials.slice(1).map(({ training }) => training.learningRate);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-4);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1e-2);
    // Log-uniform: about half lie below the middle of the exponents.
    const low = rates.filter((rate) => rate < 1e-3).length;
    expect(low).toBeGreaterThan(70);
    expect(low).toBeLessThan(130);
    const distinct = (of: (trial: (typeof trials)[number]) => number) =>
      [...new Set(trials.map(of))].toSorted((a, b) => a - b);
    expect(distinct(({ encoder }) => encoder.hidden)).toEqual([32, 64, 128]);
    expect(distinct(({ encoder }) => encoder.dropout)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
  });

  test('never have a width that the heads do not divide', () => {
    const odd = { ...accuracy, encoder: { ...accuracy.encoder, hidden: 20, heads: 4 } };
    expect(drawTrials(100, 1, odd).every(({ encoder }) => encoder.hidden % 4 === 0)).toBe(true);
  });
});

describe('the choice', () => {
  /** Validation and test disagree. */
  const record = (validation: number, test: number, changes: Partial<RunRecord> = {}) =>
    accuracyRecord({ options: { validation, test } }, test, {
      bestEpoch: 1,
      curve: [{ epoch: 1, trainLoss: 1, validationAccuracy: validation, validationMacroF1: 0, seconds: 1 }],
      ...changes,
    });

  test('is by validation alone, the earlier of equals', () => {
    const chosen = record(0.7, 0.1);
    expect(bestOf([record(0.6, 0.9), chosen, record(0.7, 0.8)])).toBe(chosen);
  });

  test('passes over what failed', () => {
    const failed = record(0.9, 0.9, { failure: { kind: 'diverged', message: 'in epoch 2' } });
    expect(validationAccuracy(failed)).toBeNull();
    expect(bestOf([failed])).toBeUndefined();
    expect(bestOf([failed, record(0.2, 0.2)])).toMatchObject({ metrics: { accuracy: 0.2 } });
  });

  test('is given back as flags of `run`', () => {
    expect(flagsOf(trainedCell()).join(' ')).toBe(
      '--learning-rate 0.001 --dropout 0.2 --hidden 64 --feed-forward 64',
    );
  });
});
