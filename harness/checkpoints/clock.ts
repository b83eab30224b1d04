/** How long a cell has trained: what earlier processes did counts, what writing checkpoints takes does not. */
export interface Clock {
  readonly seconds: () => number;
  /** Stands still meanwhile. */
  readonly pause: <T>(work: () => Promise<T>) => Promise<T>;
  /** Of an earlier process. */
  readonly add: (seconds: number) => void;
}

export function startClock(): Clock {
  let start = performance.now();
  return {
    seconds: () => (performance.now() - start) / 1000,
    pause: async (work) => {
      const begin = performance.now();
      try {
        return await work();
      } finally {
        start += performance.now() - begin;
      }
    },
    add: (seconds) => {
      start -= 1000 * seconds;
    },
  };
}
