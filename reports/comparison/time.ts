/** Is a step slower than it was? */
import { isSpeed, speedPoint } from '../summary/speed-settings.js';
import { type Ratio, ratioOf } from '../summary/ratio.js';
import { smallestDifference, widestInterval } from '../statistics/index.js';
import type { CellRuns } from './cells.js';
import type { ChangeVerdict, Draft } from './contract.js';

export function timeDraft({ title: cell, base, head }: CellRuns): Draft[] {
  const [before, after] = [speedPoint(base.filter(isSpeed)), speedPoint(head.filter(isSpeed))];
  if (before?.median == null || after?.median == null) return [];
  const ratio = ratioOf(after, before);
  if (ratio === null) return [];
  const [baseSeconds, headSeconds] = [before.median, after.median];
  return [
    {
      alone: ratio.p,
      conclude: (p) => ({
        cell,
        quantity: 'time',
        title: 'time of a step',
        base: baseSeconds,
        head: headSeconds,
        change: ratio.value - 1,
        interval: ratio.interval === null ? null : [ratio.interval[0] - 1, ratio.interval[1] - 1],
        p,
        n: ratio.n,
        ...verdictOf(ratio, p),
        records: [...before.records, ...after.records].map(({ id }) => id),
      }),
    },
  ];
}

/** Two runs of one program differ by the smallest difference; two processes alone by more. */
function verdictOf(ratio: Ratio, p: number | null): { verdict: ChangeVerdict; reason: string } {
  const distance = Math.abs(Math.log(ratio.value));
  const sure = p !== null && p < 0.05;
  const alone = ratio.basis === 'steps';
  const basis = alone ? 'steps of one process each' : `${ratio.n} pairs of rounds`;
  if (sure && distance > Math.log1p(alone ? widestInterval : smallestDifference))
    return { verdict: ratio.value > 1 ? 'worse' : 'better', reason: basis };
  if (alone && sure && distance > Math.log1p(smallestDifference))
    return {
      verdict: 'too noisy',
      reason: 'one process each: two processes of one program differ by as much',
    };
  const [low, high] = ratio.interval ?? [0, Number.POSITIVE_INFINITY];
  return ratio.tooNoisy || Math.log(high / low) / 2 > Math.log1p(widestInterval)
    ? { verdict: 'too noisy', reason: `${basis}; the interval is wider than ±${100 * widestInterval} %` }
    : { verdict: 'no difference detected', reason: basis };
}
