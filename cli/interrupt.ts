/**
 * Ctrl-C: the first stops what runs and lets the command end in order, the second ends it at once.
 */
import { exitCodes } from './errors.js';
import { note } from './output.js';

export interface Interrupt {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Gives the signals back. */
  release(): void;
}

/** npm passes Ctrl-C on to a process that has had it from the terminal already: that is still the first one. */
const echoMilliseconds = 300;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function catchInterrupts(): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const handle = () => {
    if (!controller.signal.aborted) {
      first = performance.now();
      note('\nstopping; once more to stop at once');
      controller.abort();
    } else if (performance.now() - first > echoMilliseconds) {
      process.exit(exitCodes.interrupted);
    }
  };
  for (const signal of signals) process.on(signal, handle);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, handle);
    },
  };
}
