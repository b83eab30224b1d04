/** The time that a child has for itself: it stands still while the child is held. */

export interface Stopwatch {
  readonly hold: () => void;
  readonly go: () => void;
  /** For good. */
  readonly stop: () => void;
  /** That it ran so far. */
  readonly seconds: () => number;
  /**
   * Whether its limit came before `stop`. Said by the timer, not by `seconds`: a busy parent may stop it past the limit
   * and yet before the timer, and what is stopped then ended by itself.
   */
  readonly isOver: () => boolean;
}

/** Runs from now on. @param atLimit - called after so many seconds */
export function startStopwatch(limitSeconds: number, atLimit: () => void): Stopwatch {
  let before = 0;
  let since: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let over = false;
  const milliseconds = () => before + (since === null ? 0 : performance.now() - since);
  const hold = () => {
    before = milliseconds();
    since = null;
    clearTimeout(timer);
  };
  const end = () => {
    over = true;
    atLimit();
  };
  const go = () => {
    if (stopped) return;
    hold();
    since = performance.now();
    timer = setTimeout(end, 1000 * limitSeconds - before);
  };
  const stop = () => {
    hold();
    stopped = true;
  };
  go();
  return { hold, go, stop, seconds: () => milliseconds() / 1000, isOver: () => over };
}
