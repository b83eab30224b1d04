/**
 * The search for the largest batch whose step fits into some memory: the memory model says where to begin, real tries
 * say what fits.
 */

/** What tries have shown: whether a batch of this many sequences fits. */
export type Tries = ReadonlyMap<number, boolean>;

/** A batch is largest when one that is larger by this share, or by one sequence, does not fit. */
const precision = 1 / 8;

/** Beyond this nothing is tried. */
export const mostSequences = 2 ** 20;

export interface Bounds {
  /** The largest batch that fits; 0 where none does. */
  readonly fits: number;
  /** The smallest that does not; null where all that were tried fit. */
  readonly tooLarge: number | null;
}

export function boundsOf(tries: Tries): Bounds {
  const sizes = (fit: boolean) => [...tries].flatMap(([batch, fits]) => (fits === fit ? [batch] : []));
  const tooLarge = sizes(false);
  return {
    fits: Math.max(0, ...sizes(true)),
    tooLarge: tooLarge.length === 0 ? null : Math.min(...tooLarge),
  };
}

/**
 * Doubles until a batch does not fit, halves until one does, then bisects.
 * @param first - where to begin
 * @returns the batch to try next; null when the largest is found, or not even one sequence fits
 */
export function nextBatch(tries: Tries, first: number): number | null {
  if (tries.size === 0) return Math.min(mostSequences, Math.max(1, Math.floor(first)));
  const { fits, tooLarge } = boundsOf(tries);
  if (tooLarge === null) return fits >= mostSequences ? null : Math.min(mostSequences, 2 * fits);
  if (fits === 0) return tooLarge <= 1 ? null : Math.floor(tooLarge / 2);
  const gap = tooLarge - fits;
  return gap <= Math.max(1, precision * fits) ? null : fits + Math.floor(gap / 2);
}

/**
 * The largest batch that a prediction lets through.
 * @param bytesOf - by batch, not falling; null where nothing is predicted
 * @returns at least 1
 */
export function predictedBatch(bytesOf: (batch: number) => number | null, limitBytes: number): number {
  const fits = (batch: number) => (bytesOf(batch) ?? Infinity) <= limitBytes;
  let [low, high] = [1, mostSequences];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
