/** What an architecture may be called: names tell records, commands and files apart. */
import { architectures } from '../architectures/index.js';
import { baselines } from '../tasks/classification/baselines/index.js';

export const namePattern = /^[a-z][a-z0-9-]*$/;
export const namePatternInWords = 'expected lower case letters, digits and dashes';

/** What has the name already, in words; null when it is free. */
export function ownerOfName(name: string): string | null {
  if (architectures.some((architecture) => architecture.name === name)) return 'a built-in architecture';
  if (baselines.some((baseline) => baseline.name === name)) return 'a baseline';
  return name === everyArchitecture ? 'the word for all architectures' : null;
}

/** Stands for all of them in `--architectures`. */
export const everyArchitecture = 'all';
