/** Comparisons over rounds, on simulated machines whose speed wanders. */
import { describe, expect, it } from 'vitest';
import { drawNormals, permutation, stream, uniform } from '../../../architectures/random.js';
import { median } from '../../../reports/statistics/index.js';
import { compareRounds, type Round } from '../../../reports/statistics/rounds.js';

interface Schedule {
  readonly seed: number;
  readonly rounds: number;
  /** Seconds of a step of each workload on the machine at its usual speed. */
  readonly seconds: readonly number[];
  readonly controls: boolean;
}

/**
 * Rounds in seeded random order on a machine that slows and recovers by a quarter over minutes, jumps now and then, and
 * disturbs single steps: normal noise of 2 %, and one step in twenty takes half as long again.
 */
function simulate({ seed, rounds, seconds, controls }: Schedule): Round[][] {
  const random = stream(seed, 'schedule');
  const measured = seconds.map((): Round[] => []);
  let clock = 0;
  let level = 0;
  const pace = () => Math.exp(level + 0.12 * Math.sin(clock / 90));
  const step = (usual: number) => {
    const [noise = 0] = drawNormals(random, 1, 0.02);
    const spike = uniform(random) < 0.05 ? 1.5 : 1;
    const time = usual * pace() * Math.exp(noise) * spike;
    clock += time;
    return time;
  };
  for (let round = 1; round <= rounds; round++) {
    for (const cell of permutation(seconds.length, seed, 'order', round)) {
      clock += 2; // A process starts.
      if (uniform(random) < 0.1) level += drawNormals(random, 1, 0.05)[0] ?? 0;
      const five = () => Array.from({ length: 5 }, () => step(0.05));
      const before = five();
      const samples = Array.from({ length: 10 }, () => step(seconds[cell] ?? NaN));
      const control = median([...before, ...five()]);
      measured[cell]?.push({ round, samples, control: controls ? control : null });
    }
  }
  return measured;
}

const schedules = Array.from({ length: 100 }, (_, index) => index + 1);
const others = [0.5, 0.9, 0.3, 1.4];

const comparisonsOf = (ratio: number, rounds: number, controls = true) =>
  schedules.map((seed) => {
    const [a = [], b = []] = simulate({ seed, rounds, seconds: [0.6 * ratio, 0.6, ...others], controls });
    return compareRounds(a, b)!;
  });

const verdictsOf = (ratio: number, rounds: number) =>
  comparisonsOf(ratio, rounds).map(({ verdict }) => verdict);

const share = (verdicts: readonly string[], wanted: string) =>
  verdicts.filter((verdict) => verdict === wanted).length;

describe('comparing over rounds of a machine that drifts', () => {
  it('finds no difference between one architecture under two names, in at least 95 of 100 schedules', () => {
    expect(share(verdictsOf(1, 5), 'no difference')).toBeGreaterThanOrEqual(95);
  });

  it('finds a slow-down of 5 % and its sign', () => {
    expect(share(verdictsOf(1.05, 10), 'slower')).toBeGreaterThanOrEqual(90);
    expect(share(verdictsOf(1 / 1.05, 10), 'faster')).toBeGreaterThanOrEqual(90);
  });

  it('has narrower intervals with a control workload than without', () => {
    const width = (controls: boolean) =>
      median(comparisonsOf(1, 5, controls).map(({ interval: [low, high] }) => high - low));
    expect(width(true)).toBeLessThan(0.75 * width(false));
  });

  it('says that two rounds that disagree are too noisy', () => {
    const round = (number: number, time: number): Round => ({ round: number, samples: [time], control: 1 });
    expect(compareRounds([round(1, 1), round(2, 2)], [round(1, 1), round(2, 1)])?.verdict).toBe('too noisy');
  });

  it('pairs rounds by number, and judges nothing by a single one', () => {
    const round = (number: number, time: number): Round => ({
      round: number,
      samples: [time],
      control: null,
    });
    expect(compareRounds([round(1, 1)], [round(1, 2)])).toBeNull();
    expect(compareRounds([round(1, 1), round(2, 1)], [round(2, 2), round(3, 2)])).toBeNull();
    const paired = compareRounds([round(2, 4), round(1, 2)], [round(1, 1), round(2, 2)]);
    expect(paired).toMatchObject({ ratio: expect.closeTo(2, 9) as number, rounds: 2 });
  });
});
