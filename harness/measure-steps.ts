/**
 * Times a step so that the numbers can be trusted: warm-up until times settle, then the samples, with a fixed control
 * workload right before and right after them. Where the control moved the machine changed, and all samples are taken
 * anew, a few times at most.
 */
import { cpus } from 'node:os';
import { Bench } from 'tinybench';
import type { ControlWorkload } from './control-workload.js';
import { median } from './median.js';
import type { Outcome } from './record.js';
import { warmUp, type WarmUpLimits } from './warm-up.js';

/** How much of each. */
export interface MeasuringPlan {
  readonly warmUp: WarmUpLimits;
  readonly samples: number;
}

export interface MeasuredSteps {
  /** Seconds of each timed step, in order. */
  readonly samples: number[];
  readonly measuring: Omit<Measuring, 'matrixProductRate' | 'phases'>;
  readonly phases: Pick<NonNullable<Measuring['phases']>, 'warmUp' | 'control' | 'timed'>;
}

type Measuring = NonNullable<Outcome['measuring']>;

/** How far the control may move, as a share. */
const allowedDrift = 0.1;
const mostRepeats = 2;

/** @param run - one step, with whatever waits for its end */
export async function measureSteps(
  run: () => Promise<unknown>,
  plan: MeasuringPlan,
  control: Pick<ControlWorkload, 'time'>,
): Promise<MeasuredSteps> {
  const spent = { warmUp: 0, control: 0, timed: 0 };
  const timeControl = () => addTime(spent, 'control', () => control.time());
  const { steps: warmUpSteps, stable } = await addTime(spent, 'warmUp', () =>
    warmUp(() => secondsOf(run), plan.warmUp),
  );
  for (let repeats = 0; ; repeats++) {
    const before = await timeControl();
    const samples = await timeSteps(run, plan.samples);
    spent.timed += samples.reduce((sum, seconds) => sum + seconds, 0);
    const after = await timeControl();
    const disturbed = hasMoved(before, after);
    if (disturbed && repeats < mostRepeats) continue;
    const clockMegahertz = fastestClock();
    return {
      samples,
      measuring: { warmUpSteps, stable, control: { before, after }, repeats, disturbed, clockMegahertz },
      phases: spent,
    };
  }
}

/** Runs something and adds its seconds to a phase. */
async function addTime<Phase extends string, T>(
  spent: Record<Phase, number>,
  phase: Phase,
  work: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  const result = await work();
  spent[phase] += (performance.now() - start) / 1000;
  return result;
}

/** Whether two series of the control workload are too far apart. */
export function hasMoved(before: readonly number[], after: readonly number[]): boolean {
  const ratio = median(after) / median(before);
  return Math.max(ratio, 1 / ratio) > 1 + allowedDrift;
}

async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

/**
 * Seconds of each of some runs, in order. Nothing is warmed up here, and nothing left out. tinybench keeps its samples
 * sorted, which would hide a drift, so the durations are taken here and handed to it.
 */
async function timeSteps(run: () => Promise<unknown>, iterations: number): Promise<number[]> {
  const samples: number[] = [];
  const bench = new Bench({ time: 0, iterations, warmup: false, throws: true });
  bench.add('step', async () => {
    const seconds = await secondsOf(run);
    samples.push(seconds);
    return { overriddenDuration: 1000 * seconds };
  });
  await bench.run();
  return samples;
}

function fastestClock(): number | null {
  const fastest = Math.max(0, ...cpus().map(({ speed }) => speed));
  return fastest > 0 ? fastest : null;
}
