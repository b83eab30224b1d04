import { describe, expect, it } from 'vitest';
import { hasMoved, measureSteps } from '../../harness/measure-steps.js';

const plan = { warmUp: { least: 2, most: 3 }, samples: 4 };

/** A control workload whose successive series take these seconds; the last one goes on. */
const controlOf = (...seconds: readonly number[]) => {
  let calls = 0;
  return {
    time: () => {
      const value = seconds[Math.min(calls++, seconds.length - 1)] ?? 1;
      return Promise.resolve([value, value, value]);
    },
    calls: () => calls,
  };
};

const counted = () => {
  let runs = 0;
  return { run: () => Promise.resolve((runs += 1)), runs: () => runs };
};

describe('measuring a step', () => {
  it('warms up, times the control, takes the samples, times the control again', async () => {
    const step = counted();
    const control = controlOf(1, 1.05);
    const { samples, measuring } = await measureSteps(step.run, plan, control);
    expect(samples).toHaveLength(4);
    expect(samples.every((seconds) => seconds >= 0)).toBe(true);
    expect(measuring).toMatchObject({
      control: { before: [1, 1, 1], after: [1.05, 1.05, 1.05] },
      repeats: 0,
      disturbed: false,
    });
    expect(step.runs()).toBe(measuring.warmUpSteps + 4);
    expect(control.calls()).toBe(2);
  });

  it('takes all samples anew when the control moved, and keeps those of the quiet time', async () => {
    const step = counted();
    const { samples, measuring } = await measureSteps(step.run, plan, controlOf(1, 2, 2, 2));
    expect(measuring).toMatchObject({ repeats: 1, disturbed: false });
    expect(samples).toHaveLength(4);
    expect(step.runs()).toBe(measuring.warmUpSteps + 8);
  });

  it('marks what is disturbed to the end', async () => {
    const control = controlOf(1, 2, 4, 8, 16, 32, 64);
    const { measuring } = await measureSteps(counted().run, plan, control);
    expect(measuring).toMatchObject({ repeats: 2, disturbed: true });
    expect(control.calls()).toBe(6);
  });

  it('keeps the samples in the order in which they were taken', async () => {
    const waits = [30, 20, 10, 1];
    let next = -2;
    const run = () => new Promise((resolve) => setTimeout(resolve, waits[Math.max(0, next++)] ?? 1));
    const { samples } = await measureSteps(run, { warmUp: { least: 2, most: 2 }, samples: 4 }, controlOf(1));
    expect(samples).toEqual(samples.toSorted((a, b) => b - a));
  });

  it('passes on what a step throws', async () => {
    const failing = () => Promise.reject(new Error('no step'));
    await expect(measureSteps(failing, plan, controlOf(1))).rejects.toThrow('no step');
  });

  it('calls a control moved beyond a tenth, up or down', () => {
    expect([hasMoved([1], [1.09]), hasMoved([1], [1.11])]).toEqual([false, true]);
    expect([hasMoved([1.09], [1]), hasMoved([1.11], [1])]).toEqual([false, true]);
    expect(hasMoved([1, 1, 9], [1, 1, 1])).toBe(false);
  });
});
