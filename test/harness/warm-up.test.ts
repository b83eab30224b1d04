import { describe, expect, it } from 'vitest';
import { createControlWorkload, matrixProductRate } from '../../harness/control-workload.js';
import { isSettled, warmUp } from '../../harness/warm-up.js';
import { useBackend } from '../support/backend.js';
import * as tf from '@tensorflow/tfjs-core';

const replay = (times: readonly number[]) => {
  let next = 0;
  return () => Promise.resolve(times[next++] ?? NaN);
};

describe('warming up', () => {
  it('goes on while steps get faster, and stops when they have settled', async () => {
    const times = [9, 5, 3, 2, 1.5, 1.1, 1, 1, 1, 1];
    expect(await warmUp(replay(times), { least: 2, most: 20 })).toEqual({ steps: 9, stable: true });
  });

  it('runs the least number of steps even when the first are alike', async () => {
    const times = Array.from({ length: 9 }, () => 1);
    expect(await warmUp(replay(times), { least: 6, most: 20 })).toEqual({ steps: 6, stable: true });
  });

  it('counts the steps of before, and does not look at their times', async () => {
    const times = Array.from({ length: 9 }, () => 1);
    const first = { before: 1, least: 6, most: 20 };
    expect(await warmUp(replay(times), first)).toEqual({ steps: 6, stable: true });
    expect(await warmUp(replay(times), { before: 1, least: 1, most: 1 })).toEqual({
      steps: 1,
      stable: false,
    });
  });

  it('gives up on steps that never settle, and says so', async () => {
    const times = Array.from({ length: 12 }, (_, i) => 2 ** -i);
    expect(await warmUp(replay(times), { least: 2, most: 10 })).toEqual({ steps: 10, stable: false });
  });

  it('forgives a single slow step', () => {
    expect(isSettled([1, 1.02, 3, 1.01])).toBe(true);
    expect(isSettled([1, 1, 2, 2])).toBe(false);
    expect(isSettled([1, 1, 1])).toBe(false);
  });
});

describe('the control workload', () => {
  useBackend('wasm');

  it('takes time, and leaves no tensor', async () => {
    const before = tf.memory().numTensors;
    const control = createControlWorkload();
    const times = await control.time();
    control.dispose();
    expect(times).toHaveLength(5);
    expect(Math.min(...times)).toBeGreaterThan(0);
    expect(await matrixProductRate()).toBeGreaterThan(1e8);
    expect(tf.memory().numTensors).toBe(before);
  });
});
