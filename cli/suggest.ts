/** "Did you mean": unknown names get the nearest known one. */
import { closest, distance } from 'fastest-levenshtein';
import { UsageError } from './errors.js';

/**
 * @param what - `architecture`, `dataset`, ...
 * @returns the one of that name
 * @throws UsageError that names the nearest, and all that there are
 */
export function findByName<T extends { readonly name: string }>(
  what: string,
  name: string,
  all: readonly T[],
): T {
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw unknownName(
    what,
    name,
    all.map((one) => one.name),
  );
}

/** `unknown dataset 'imbd'; did you mean 'imdb'? There are: imdb, brown` */
export function unknownName(what: string, name: string, known: readonly string[]): UsageError {
  if (known.length === 0) return new UsageError(`unknown ${what} '${name}'; there are none`);
  const nearest = closest(name.toLowerCase(), [...known]);
  const near = distance(name.toLowerCase(), nearest) <= Math.max(2, Math.floor(nearest.length / 3));
  const hint = near ? `; did you mean '${nearest}'?` : '.';
  return new UsageError(`unknown ${what} '${name}'${hint} There are: ${known.join(', ')}`);
}
