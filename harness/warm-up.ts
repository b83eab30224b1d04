/**
 * Warming up: steps are run and thrown away until their times settle. The first ones build graphs, touch fresh memory
 * and compile kernels, and are no sample of anything.
 */

export interface WarmUpLimits {
  /** Steps that were run before, untimed: the first, which builds the graph, says nothing of the others. */
  readonly before?: number;
  /** Steps that are always run. */
  readonly least: number;
  /** After these the step counts as unstable, and is measured all the same. */
  readonly most: number;
}

export interface WarmUp {
  readonly steps: number;
  /** Whether the times had settled when it ended. */
  readonly stable: boolean;
}

/** Steps whose times are compared with those of as many before them. */
const window = 2;
/** How far the two windows may lie apart, as a share. */
const tolerance = 0.05;

/** @param time - runs one step and gives its seconds */
export async function warmUp(
  time: () => Promise<number>,
  { before = 0, least, most }: WarmUpLimits,
): Promise<WarmUp> {
  const times: number[] = [];
  const steps = () => before + times.length;
  while (steps() < most) {
    times.push(await time());
    if (steps() >= least && isSettled(times)) return { steps: steps(), stable: true };
  }
  return { steps: steps(), stable: false };
}

/** The fastest of the last steps is no faster than the fastest before them, within the tolerance. */
export function isSettled(times: readonly number[]): boolean {
  if (times.length < 2 * window) return false;
  const last = Math.min(...times.slice(-window));
  const before = Math.min(...times.slice(-2 * window, -window));
  return Math.abs(last - before) <= tolerance * before;
}
