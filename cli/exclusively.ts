/** One process at a time puts a dataset into the cache: the next one says for whom it waits. */
import { join } from 'node:path';
import { waitForLock } from '../harness/lock.js';
import type { Exclusively } from '../tasks/datasets/acquire.js';
import { note } from './output.js';

/**
 * @param cache - the folder that the lock files lie in; it must be there
 * @param signal - ends the waiting
 */
export function exclusivelyIn(cache: string, signal: AbortSignal): Exclusively {
  return async (name, work) => {
    const file = join(cache, `${name}.lock`);
    const waiting = (holder: string) => {
      note(
        `${holder} is writing ${name} in ${cache}; waiting for it (if no formerbench is running, delete ${file})`,
      );
    };
    const release = await waitForLock(file, { signal, waiting });
    try {
      return await work();
    } finally {
      await release();
    }
  };
}
