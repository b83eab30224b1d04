/** The time that a child has for itself: it stands still while the child is held. */

export interface Stopwatch {
  readonly hold: () => void;
  readonly go: () => void;
  /** For good. */
  readonly stop: () => void;
  /** That it ran so far. */
  readonly seconds: () => number;
}

/** Runs from now on. @param over - called once, after so many seconds */
export function startStopwatch(limitSeconds: number, over: () => void): Stopwatch {
  let before = 0;
  let since: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const milliseconds = () => before + (since === null ? 0 : performance.now() - since);
  const hold = () => {
    before = milliseconds();
    since = null;
    clearTimeout(timer);
  };
  const go = () => {
    if (stopped) return;
    hold();
    since = performance.now();
    timer = setTimeout(over, 1000 * limitSeconds - before);
  };
  const stop = () => {
    hold();
    stopped = true;
  };
  go();
  return { hold, go, stop, seconds: () => milliseconds() / 1000 };
}
